/**
 * What ElectroDB uses of jsonschema to check its models, which takes 5 ms for each entity of a cold start. The
 * models are the ones that the tests have checked.
 */
export class Validator {
  get customFormats(): Record<string, unknown> {
    return customFormats;
  }

  addSchema(): void {}

  validate(): { errors: [] } {
    return { errors: [] };
  }
}

const customFormats: Record<string, unknown> = {};

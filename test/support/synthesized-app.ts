import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A resource of a template, with the properties that a test reads. */
export type Resource<Properties> = {
  Type: string;
  DeletionPolicy?: string;
  Properties: Properties;
};

export type SynthesizedApp = {
  folder: string;
  stackNames: string[];
  /** The stacks that `cdk deploy` deploys before this one. */
  stacksBefore(stackName: string): string[];
  templateText(stackName: string): string;
  /** The resources of one type in a stack, by logical id. */
  resources<Properties>(stackName: string, type: string): Record<string, Resource<Properties>>;
  /** The folder that is uploaded as a function's code. */
  assetFolder(stackName: string): string;
};

type SynthesisOptions = { bundle?: boolean; validate?: boolean; environment?: Record<string, string> };

/**
 * Synthesizes the app as the CDK command line does, with no account in its environment. Test files that ask for the
 * same get the same.
 * @param context as `-c key=value`
 * @param options `bundle`: whether to bundle the functions, `validate`: whether to check the templates against the
 * rules of CDK and cdk-nag. Both take seconds. `environment`: more variables
 */
export async function synthesizeApp(
  context: Record<string, string | object> = {},
  { bundle = false, validate = false, environment = {} }: SynthesisOptions = {},
): Promise<SynthesizedApp> {
  const cdkJson = JSON.parse(await readFile(new URL('../../cdk.json', import.meta.url), 'utf8'));
  const unbundled = bundle ? {} : { 'aws:cdk:bundling-stacks': [] };
  const variables = {
    ...environment,
    CDK_VALIDATION: String(validate),
    CDK_CONTEXT_JSON: JSON.stringify({ ...cdkJson.context, ...unbundled, ...context }),
  };
  const answer = await fetch(String(process.env.TEST_SYNTHESIZER), {
    method: 'POST',
    body: JSON.stringify(variables),
  });
  const { folder, error } = (await answer.json()) as { folder?: string; error?: string };
  if (folder === undefined) throw new Error(error);
  return readAssembly(folder);
}

/** The errors that cfn-lint finds in the templates, as text. If it is not installed, none. */
export async function lintTemplates(app: SynthesizedApp): Promise<string> {
  const templates = app.stackNames.map((name) => join(app.folder, `${name}.template.json`));
  try {
    // Only errors, because the CDK itself makes templates with warnings (a superfluous DependsOn).
    const { stdout } = await run('cfn-lint', ['--ignore-checks', 'W', '--', ...templates]);
    return stdout;
  } catch (error) {
    const { code, stdout } = error as { code: unknown; stdout: string };
    if (code !== 'ENOENT') return stdout;
    console.warn('cfn-lint is not installed: templates not linted');
    return '';
  }
}

type Manifest = { artifacts: Record<string, { type: string; dependencies?: string[] }> };

async function readAssembly(folder: string): Promise<SynthesizedApp> {
  const manifest: Manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  const stackNames = Object.keys(manifest.artifacts).filter((name) => isStack(name));
  const texts = new Map(
    await Promise.all(
      stackNames.map(
        async (name) => [name, await readFile(join(folder, `${name}.template.json`), 'utf8')] as const,
      ),
    ),
  );

  function isStack(name: string): boolean {
    return manifest.artifacts[name]?.type === 'aws:cloudformation:stack';
  }
  function templateText(stackName: string): string {
    const text = texts.get(stackName);
    if (text === undefined) throw new Error(`no stack ${stackName} among ${stackNames}`);
    return text;
  }
  function resources<Properties>(stackName: string, type: string): Record<string, Resource<Properties>> {
    const all: Record<string, Resource<Properties>> = JSON.parse(templateText(stackName)).Resources;
    return Object.fromEntries(Object.entries(all).filter(([, resource]) => resource.Type === type));
  }
  return {
    folder,
    stackNames,
    stacksBefore: (stackName) => (manifest.artifacts[stackName]?.dependencies ?? []).filter(isStack),
    templateText,
    resources,
    assetFolder(stackName) {
      const [lambda] = Object.values(
        resources<{ Code: { S3Key: string } }>(stackName, 'AWS::Lambda::Function'),
      );
      return join(folder, `asset.${lambda?.Properties.Code.S3Key.replace(/\.zip$/, '')}`);
    },
  };
}

/** What the policies of a stack allow, statement by statement. */
export function allowedActions(
  app: SynthesizedApp,
  stackName: string,
): { actions: string[]; resources: string[] }[] {
  const policies = Object.values(app.resources<Policy>(stackName, 'AWS::IAM::Policy'));
  return policies
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .map(({ Action, Resource }) => ({
      actions: [Action].flat().map(String),
      resources: [Resource].flat().map(joinIntrinsics),
    }));
}

type Policy = { PolicyDocument: { Statement: { Effect: string; Action: unknown; Resource: unknown }[] } };

/** A template value as text: joins are put together, references and attributes become `${Name}`. */
export function joinIntrinsics(value: unknown): string {
  if (typeof value === 'string') return value;
  const intrinsic = value as Intrinsic;
  if ('Ref' in intrinsic) return `\${${intrinsic.Ref}}`;
  if ('Fn::GetAtt' in intrinsic) return `\${${intrinsic['Fn::GetAtt'].join('.')}}`;
  if ('Fn::Join' in intrinsic) {
    const [separator, parts] = intrinsic['Fn::Join'];
    return parts.map(joinIntrinsics).join(separator);
  }
  throw new Error(`no text: ${JSON.stringify(value)}`);
}

type Intrinsic =
  | { Ref: string }
  | { 'Fn::GetAtt': string[] }
  | { 'Fn::Join': [separator: string, parts: unknown[]] };

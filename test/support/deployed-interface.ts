import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { SynthesizedApp } from './synthesized-app.ts';

/** What a deployed stack promises of a resource: its type, and its properties that no update can change. */
export type PinnedResource = { type: string; fixed: Record<string, unknown> };

export type DeployedInterface = {
  /** By stack and logical id. */
  resources: Record<string, PinnedResource>;
  /** The names of the outputs of each stack. */
  outputs: Record<string, string[]>;
  /** The indexes of the table, each with its keys. */
  indexes: string[];
};

/**
 * What later versions must keep, so that they can be deployed over this one. CloudFormation replaces a resource when
 * its logical id or a create-only property changes. It cannot replace one that has a fixed name, and loses the data of
 * one that has a state.
 */
export function deployedInterface(app: SynthesizedApp): DeployedInterface {
  const pinned: DeployedInterface = { resources: {}, outputs: {}, indexes: [] };
  for (const stack of app.stackNames) {
    const { Resources, Outputs = {} }: Template = JSON.parse(app.templateText(stack));
    for (const [id, { Type, Properties = {} }] of Object.entries(Resources)) {
      if (Type === 'AWS::DynamoDB::GlobalTable') pinned.indexes = indexesOf(Properties);
      const named = Object.keys(Properties).filter((key) => isGivenName(key, Properties[key], id));
      if (named.length === 0 && !FACTS.get(Type)?.isStateful) continue;
      const keys = [...new Set([...named, ...createOnly(Type)])].filter((key) => key in Properties).sort();
      const fixed = Object.fromEntries(keys.map((key) => [key, Properties[key]]));
      pinned.resources[`${stack} ${id}`] = { type: Type, fixed };
    }
    if (Object.keys(Outputs).length > 0) pinned.outputs[stack] = Object.keys(Outputs);
  }
  return pinned;
}

type Template = {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
  Outputs?: Record<string, unknown>;
};

function indexesOf({ GlobalSecondaryIndexes = [] }: { GlobalSecondaryIndexes?: Index[] }): string[] {
  return GlobalSecondaryIndexes.map(({ IndexName, KeySchema, Projection }) =>
    [IndexName, ...KeySchema.map(({ AttributeName }) => AttributeName), Projection.ProjectionType].join(' '),
  );
}

type Index = {
  IndexName: string;
  KeySchema: { AttributeName: string }[];
  Projection: { ProjectionType: string };
};

/** A name that refers to another resource is no text, and one that the CDK makes is the logical id. */
function isGivenName(key: string, value: unknown, id: string): boolean {
  return /Name$/.test(key) && key !== 'DisplayName' && typeof value === 'string' && value !== id;
}

/** The properties of which CloudFormation's documentation says "Update requires: Replacement", always or at times. */
function createOnly(type: string): string[] {
  const properties = Object.entries(FACTS.get(type)?.properties ?? {});
  return properties
    .filter(([, { causesReplacement = 'no' }]) => causesReplacement !== 'no')
    .map(([key]) => key);
}

type ResourceFacts = {
  cloudFormationType: string;
  isStateful?: boolean;
  properties: Record<string, { causesReplacement?: 'yes' | 'no' | 'maybe' }>;
};

/** The facts that `cdk diff` uses, by type of resource. */
const FACTS = readFacts(new URL('../../node_modules/aws-cdk/db.json.gz', import.meta.url));

function readFacts(database: URL): Map<string, ResourceFacts> {
  const { schema } = JSON.parse(gunzipSync(readFileSync(database)).toString());
  const facts: ResourceFacts[] = Object.values(schema.resource.entities);
  return new Map(facts.map((resource) => [resource.cloudFormationType, resource]));
}

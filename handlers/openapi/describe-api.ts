import * as z from 'zod';
import { ROUTES, type Route } from '../routes.ts';
import { type Answer, type Content, OPERATIONS, type Operation, type RouteName } from './operations.ts';

type Json = Record<string, unknown>;

/**
 * The OpenAPI 3.1 description of the HTTP surface: every route, its bodies and parameters from the very schemas
 * that check them. No function loads it.
 */
export function describeApi(): Json {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Log service',
      version: '1.0.0',
      summary: 'Stores log entries and answers the newest',
      description:
        'Deployed, writing takes an API key and reading the signature of an AWS identity; on a machine of your own neither is looked at.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      { url: 'http://127.0.0.1:3000', description: 'npm start' },
      {
        url: 'https://{api}.execute-api.{region}.amazonaws.com/{stage}',
        description: 'A deployed stage',
        variables: {
          api: { default: 'abcde12345', description: 'The id of the REST API' },
          region: { default: 'us-east-1' },
          stage: { default: 'dev' },
        },
      },
    ],
    tags: [
      { name: 'ingest', description: 'Writing, for log shippers' },
      { name: 'retrieval', description: 'Reading, for people and tools' },
    ],
    paths: describePaths(),
    components: { schemas: describeSchemas(), headers: HEADERS, securitySchemes: SECURITY_SCHEMES },
  };
}

const HEADERS = {
  Link: {
    description: '`<URL>; rel="next"` (RFC 8288), exactly when there may be more',
    schema: { type: 'string' },
  },
  'Retry-After': {
    description: 'Seconds after which the request is welcome again',
    required: true,
    schema: { type: 'integer', minimum: 1 },
  },
};

const SECURITY_SCHEMES = {
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'x-api-key',
    description: 'One a shipper, under a usage plan',
  },
  iam: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description:
      'AWS Signature Version 4 for the service execute-api, by an identity with the policy log-reader',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
};

const SECURITY: Record<Route['method'], Json[]> = { POST: [{ apiKey: [] }], GET: [{ iam: [] }] };

function describePaths(): Json {
  const paths: Record<string, Json> = {};
  for (const { method, resource, handler } of ROUTES) {
    const operation = OPERATIONS[`${method} ${resource}` as RouteName];
    paths[resource] = {
      ...paths[resource],
      [method.toLowerCase()]: {
        tags: [handler],
        ...describeOperation(operation),
        security: SECURITY[method],
      },
    };
  }
  return paths;
}

function describeOperation({ query, pathParameters = {}, body, answers, ...texts }: Operation): Json {
  const inPath = Object.entries(pathParameters).map(([name, description]) => ({
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string' },
  }));
  const parameters = [...inPath, ...(query ? describeQuery(query) : [])];
  return {
    ...texts,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: describeContent(body) } }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, describeAnswer(answer)]),
    ),
  };
}

function describeQuery(query: z.ZodObject): Json[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property as Json;
    return { name, in: 'query', description, schema };
  });
}

function describeAnswer({ description, content, headers = [] }: Answer): Json {
  return {
    description,
    ...(headers.length > 0 && {
      headers: Object.fromEntries(headers.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
    }),
    content: describeContent(content),
  };
}

function describeContent(content: Content): Json {
  return Object.fromEntries(
    Object.entries(content).map(([mediaType, value]) => {
      if (value === 'bytes') return [mediaType, {}];
      if (value === 'text') return [mediaType, { schema: { type: 'string' } }];
      return [mediaType, { schema: { $ref: schemaUri(String(z.globalRegistry.get(value)?.id)) } }];
    }),
  );
}

/** Every schema that has an id. */
function describeSchemas(): Json {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    io: 'input',
    uri: schemaUri,
    // Any whole number that JavaScript can hold is no bound that says anything.
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema, $id, ...schema }]) => [id, schema]));
}

function schemaUri(id: string): string {
  return `#/components/schemas/${id}`;
}

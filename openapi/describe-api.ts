import * as z from 'zod';
import { ROUTES, type Route, type RouteName } from '../handlers/routes.ts';
import { type Content, OPERATIONS, type Operation, type ResponseDescription } from './operations.ts';

type Json = Record<string, unknown>;

/**
 * The OpenAPI 3.1 description of the HTTP surface: every route, with its bodies and parameters from the schemas that
 * check them. `npm run openapi` writes it to openapi.json beside it; no function loads this folder.
 */
export function describeApi(): Json {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Log service',
      version: '1.0.0',
      summary: 'Stores log entries and returns the newest',
      description:
        'In a deployed stage, writing needs an API key and reading needs the signature of an AWS identity. A local server checks neither.',
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
    description: '`<URL>; rel="next"` (RFC 8288), present exactly when there may be more',
    schema: { type: 'string' },
  },
  'Searched-Back-To': {
    description: 'Beside a Link: the instant down to which everything has been looked at',
    schema: { type: 'string', format: 'date-time' },
  },
  'Retry-After': {
    description: 'Seconds to wait before sending the request again',
    required: true,
    schema: { type: 'integer', minimum: 1 },
  },
};

const SECURITY_SCHEMES = {
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'x-api-key',
    description: 'One per shipper, in a usage plan',
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

function describeOperation({ query, pathParameters = {}, body, responses, ...texts }: Operation): Json {
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
      Object.entries(responses).map(([status, response]) => [status, describeResponse(response)]),
    ),
  };
}

function describeQuery(query: z.ZodObject): Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { description, style, ...schema } = property as Json;
    return {
      name,
      in: 'query',
      description,
      style,
      schema,
      ...(required.includes(name) && { required: true }),
    };
  });
}

function describeResponse({ description, content, headers = [] }: ResponseDescription): Json {
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

/** All schemas with an id. */
function describeSchemas(): Json {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    io: 'input',
    uri: schemaUri,
    override: ({ zodSchema, jsonSchema }) => {
      // zod leaves out the examples of a schema that transforms its input. Ours are examples of the input.
      const { examples } = z.globalRegistry.get(zodSchema) ?? {};
      if (Array.isArray(examples)) jsonSchema.examples = examples;
      // The bounds of JavaScript's whole numbers say nothing about the API.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema, $id, ...schema }]) => [id, schema]));
}

function schemaUri(id: string): string {
  return `#/components/schemas/${id}`;
}

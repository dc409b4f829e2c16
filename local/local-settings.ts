import * as z from 'zod';

const localSettingsSchema = z.object({
  HOST: z.string().min(1, 'must not be empty').default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number, 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a port number, 0 to 65535')
    .default(3000),
  DATA_DIR: z.string().min(1, 'must not be empty').default('.data'),
  ALLOWED_HOSTS: z
    .string()
    .regex(
      /^[\w.-]+(?: *, *[\w.-]+)*$/,
      'must be names of hosts without ports, such as host.docker.internal,logs',
    )
    .transform((names) => names.toLowerCase().split(/ *, */))
    .default([]),
  AWS_ENDPOINT_URL_DYNAMODB: z.url('must be a URL such as http://127.0.0.1:8000').optional(),
});

export interface LocalSettings {
  host: string;
  port: number;
  dataDirectory: string;
  /** Names by which the server may be called, in lower case. */
  allowedHosts: string[];
  /** The engine to use instead of the embedded one. */
  endpoint: string | undefined;
}

/** Reads which address to serve and which engine to use. @throws Error that names every variable that is wrong */
export function readLocalSettings(environment: NodeJS.ProcessEnv): LocalSettings {
  const result = localSettingsSchema.safeParse(environment);
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new Error(`The environment is wrong: ${faults.join('; ')}`, { cause: result.error });
  }
  const { HOST, PORT, DATA_DIR, ALLOWED_HOSTS, AWS_ENDPOINT_URL_DYNAMODB } = result.data;
  return {
    host: HOST,
    port: PORT,
    dataDirectory: DATA_DIR,
    // Clients may use the name that the server is bound to.
    allowedHosts: [...ALLOWED_HOSTS, HOST.toLowerCase()],
    endpoint: AWS_ENDPOINT_URL_DYNAMODB,
  };
}

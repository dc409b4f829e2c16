import { writeFileSync } from 'node:fs';
import { describeApi } from '../handlers/openapi/describe-api.ts';

/** `npm run openapi` */
writeFileSync(new URL('../openapi.json', import.meta.url), JSON.stringify(describeApi(), null, 2));

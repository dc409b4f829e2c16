import { writeFileSync } from 'node:fs';
import { describeApi } from './describe-api.ts';

/** `npm run openapi` */
writeFileSync(new URL('./openapi.json', import.meta.url), JSON.stringify(describeApi(), null, 2));

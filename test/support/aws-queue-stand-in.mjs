/** Stands for the AWS CLI: asks the test, which holds the queue and the function, and prints what it answers. */
import { readFileSync } from 'node:fs';

const [service, operation, ...options] = process.argv.slice(2);
const payload = options.includes('file:///dev/stdin') ? readFileSync(0, 'utf8') : undefined;
const response = await fetch(process.env.AWS_STAND_IN_URL, {
  method: 'POST',
  body: JSON.stringify({ command: `${service} ${operation}`, options, payload }),
});
process.stdout.write(await response.text());
process.exit(response.ok ? 0 : 254);

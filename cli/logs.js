#!/usr/bin/env node
// The `logs` command. Node does not run TypeScript inside node_modules, so tsx is registered first.
import { register } from 'tsx/esm/api';

register();
const { run } = await import('./run.ts');

// `logs --json | head` closes the pipe once head has enough. That ends the command and is not an error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`logs: cannot write: ${error.message}\n`);
    process.exit(1);
  });
}

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
});

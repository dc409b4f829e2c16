#!/usr/bin/env node
import { run } from './run.ts';

// `logs --json | head` closes the pipe once head has enough. That ends the command and is not an error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
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

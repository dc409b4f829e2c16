#!/usr/bin/env node
// The installed command: Node runs no TypeScript inside node_modules, so it brings tsx along.
import { register } from 'tsx/esm/api';

register();
await import('./logs.ts');

#!/usr/bin/env node
// The installed command. Node does not run TypeScript inside node_modules, so tsx is registered first.
import { register } from 'tsx/esm/api';

register();
await import('./logs.ts');

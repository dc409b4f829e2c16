// Plain JavaScript, because Node loads a worker by itself, without what runs the TypeScript around it.
import { register } from 'tsx/esm/api';

register();
await import('./serve-invocations.ts');

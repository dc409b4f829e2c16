/** Which entries are packed into blocks. Pure data: stacks read it too; it imports nothing. */
export const PACKINGS = ['off', 'info'] as const;
export type Packing = (typeof PACKINGS)[number];

/** Stands in for a module that the functions load but never use. */
export {};

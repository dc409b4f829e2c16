/**
 * Makes a thing when it is first asked for, and keeps it. An ElectroDB entity takes 5 to 20 ms to make in a process
 * that has just begun: what a function needs seldom is not to slow down its every cold start.
 */
export function lazily<Thing>(make: () => Thing): () => Thing {
  let made: { thing: Thing } | undefined;
  return () => {
    made ??= { thing: make() };
    return made.thing;
  };
}

/** Runs `task` on every item, on at most `limit` at once. */
export async function inFlight<Item>(
  items: Iterable<Item>,
  limit: number,
  task: (item: Item) => Promise<unknown>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  async function work(): Promise<void> {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await task(next.value);
  }
  await Promise.all(Array.from({ length: limit }, work));
}

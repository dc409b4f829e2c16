/**
 * Samples every variant once per round, one after the other, so that other load on the machine affects all alike.
 * @returns the samples of each variant by round, without those of the warm-up
 */
export async function interleave<Name extends string>(
  variants: Record<Name, () => Promise<number>>,
  { rounds, warmUp }: { rounds: number; warmUp: number },
): Promise<Record<Name, number[]>> {
  const names = Object.keys(variants) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -warmUp; round < rounds; round++) {
    for (const name of names) {
      const sample = await variants[name]();
      if (round >= 0) samples[name].push(sample);
    }
  }
  return samples;
}

export function median(samples: number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/** The median over rounds of a sample divided by the floor's sample of the same round. */
export function medianRatio(samples: number[], floor: number[]): number {
  return median(samples.map((sample, round) => sample / (floor[round] ?? Number.NaN)));
}

/** The smallest sample that `part` (0 to 1) of all samples do not exceed. It is a value that occurred. */
export function percentile(samples: number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

/** Seconds that it takes to run `task` on every item, on at most `limit` at once. */
export async function secondsOf<Item>(
  items: Item[],
  limit: number,
  task: (item: Item) => Promise<unknown>,
): Promise<number> {
  const start = performance.now();
  const iterator = items.values();
  async function work(): Promise<void> {
    for (const item of iterator) await task(item);
  }
  await Promise.all(Array.from({ length: limit }, work));
  return (performance.now() - start) / 1_000;
}

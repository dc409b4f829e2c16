/**
 * Samples every variant once a round, in turn, so that whatever else the machine does falls on all alike.
 * @returns the samples of each variant, round by round, those of the warm-up left out
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

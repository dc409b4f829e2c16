/** The value below which `part` (0 to 1) of the samples lie, between the two nearest of them. */
export function quantile(samples: number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = part * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** The least sample that is at or above `part` of all samples: a count stays one that occurred. */
export function rank(samples: number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

export function median(samples: number[]): number {
  return quantile(samples, 0.5);
}

/** The median over rounds of how many times its floor a sample is: what disturbs a round disturbs both. */
export function medianRatio(samples: number[], floor: number[]): number {
  return median(samples.map((sample, round) => sample / (floor[round] ?? Number.NaN)));
}

/** The part of the samples, 0 to 1, for which something holds. */
export function partOf<Sample>(samples: Sample[], holds: (sample: Sample) => boolean): number {
  return samples.filter(holds).length / samples.length;
}

/** What one workload found out, as the results show it. */
export interface Section {
  title: string;
  /** What was measured, of what, in which unit. */
  text: string;
  tables: Table[];
  ratios: Ratio[];
  goals: Goal[];
}

export interface Table {
  columns: string[];
  rows: (string | number)[][];
}

/** A figure that hardly depends on the machine. Two runs agree on it within AGREEMENT. */
export interface Ratio {
  name: string;
  value: number;
}

/** What a figure is meant to be. */
export interface Goal {
  name: string;
  measured: number;
  unit: string;
  atMost?: number;
  atLeast?: number;
}

/** The part by which the ratios of two runs may differ. */
export const AGREEMENT = 0.2;

export function isReached({ measured, atMost = Infinity, atLeast = -Infinity }: Goal): boolean {
  return measured <= atMost && measured >= atLeast;
}

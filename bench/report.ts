import { cpus, totalmem } from 'node:os';

/** What one workload measured, as RESULTS.md shows it. */
export interface Section {
  title: string;
  /** What was measured, on what data, in which units. */
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

export interface Goal {
  name: string;
  measured: number;
  unit: string;
  atMost?: number;
  atLeast?: number;
}

/** The largest relative difference between the ratios of two runs. */
const AGREEMENT = 0.2;

/** The results of a run as a Markdown page. */
export function toMarkdown(sections: Section[], earlierPage: string): string {
  const goals = sections.flatMap((section) => section.goals);
  const ratios = sections.flatMap((section) => section.ratios);
  return [
    '# Results',
    `Written by \`npm run bench\`; [README.md](README.md) says how to read it.\n\nMachine: ${describeMachine()}.`,
    '## Goals',
    toTable(goalTable(goals)),
    ...sections.flatMap(({ title, text, tables }) => [`## ${title}`, text, ...tables.map(toTable)]),
    '## Ratios',
    `Two runs must agree on these within ${AGREEMENT * 100} %. ${compareRatios(ratios, earlierPage)}`,
    toTable({ columns: ['ratio', 'value'], rows: ratios.map(({ name, value }) => [name, value.toFixed(3)]) }),
  ]
    .join('\n\n')
    .concat('\n');
}

function describeMachine(): string {
  const [cpu] = cpus();
  const gibibytes = Math.round(totalmem() / 1_024 ** 3);
  const day = new Date().toISOString().slice(0, 10);
  return `${cpus().length} × ${cpu?.model.trim()}, ${gibibytes} GiB, ${process.platform} ${process.arch}, Node ${process.version}, ${day}`;
}

/** Says how far the ratios are from those of the same name on the page of an earlier run. */
function compareRatios(ratios: Ratio[], earlierPage: string): string {
  const earlier = new Map(
    [...earlierPage.matchAll(/^\| (.+) \| ([\d.]+) \|$/gm)].map(([, name = '', value]) => [
      name,
      Number(value),
    ]),
  );
  const differences = ratios.flatMap(({ name, value }) => {
    const old = earlier.get(name);
    return old === undefined ? [] : [{ name, part: Math.abs(value - old) / Math.max(value, old) }];
  });
  const [largest] = differences.sort((a, b) => b.part - a.part);
  if (!largest) return 'No earlier run measured one of them.';
  const verdict = largest.part <= AGREEMENT ? 'agree' : 'do NOT agree';
  return `This run and the one before it ${verdict}. The largest difference is ${(largest.part * 100).toFixed(0)} %, in "${largest.name}".`;
}

function goalTable(goals: Goal[]): Table {
  return {
    columns: ['goal', '', 'measured', '', 'reached'],
    rows: goals.map((goal) => [
      goal.name,
      goal.atMost === undefined ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`,
      Number(goal.measured.toPrecision(3)).toLocaleString('en'),
      goal.unit,
      isReached(goal) ? 'yes' : '**no**',
    ]),
  };
}

function isReached({ measured, atMost = Infinity, atLeast = -Infinity }: Goal): boolean {
  return measured <= atMost && measured >= atLeast;
}

function toTable({ columns, rows }: Table): string {
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

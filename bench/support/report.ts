import { cpus, totalmem } from 'node:os';
import { AGREEMENT, type Goal, isReached, type Ratio, type Section, type Table } from './section.ts';

/** The machine, the Node version and the day of a run. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const gibibytes = Math.round(totalmem() / 1_024 ** 3);
  const day = new Date().toISOString().slice(0, 10);
  return `${cpus().length} × ${cpu?.model.trim()}, ${gibibytes} GiB, ${process.platform} ${process.arch}, Node ${process.version}, ${day}`;
}

/** The results of a run as a page. */
export function toMarkdown(machine: string, sections: Section[], agreement: string): string {
  const goals = sections.flatMap((section) => section.goals);
  const ratios = sections.flatMap((section) => section.ratios);
  return [
    '# Results',
    `Written by \`npm run bench\`; [README.md](README.md) says how to read it.\n\nMachine: ${machine}.`,
    '## Goals',
    toTable(goalTable(goals)),
    ...sections.flatMap(({ title, text, tables }) => [`## ${title}`, text, ...tables.map(toTable)]),
    '## Ratios',
    `What two runs must agree on within ${AGREEMENT * 100} %. ${agreement}`,
    toTable({ columns: ['ratio', 'value'], rows: ratios.map(({ name, value }) => [name, value.toFixed(3)]) }),
  ]
    .join('\n\n')
    .concat('\n');
}

/** Says how far ratios are from those of the same name on the page of an earlier run. */
export function compareRatios(ratios: Ratio[], before: string): string {
  const earlier = new Map(
    [...before.matchAll(/^\| (.+) \| ([\d.]+) \|$/gm)].map(([, name = '', value]) => [name, Number(value)]),
  );
  const differences = ratios.flatMap(({ name, value }) => {
    const old = earlier.get(name);
    return old === undefined ? [] : [{ name, part: Math.abs(value - old) / Math.max(value, old) }];
  });
  const [largest] = differences.sort((a, b) => b.part - a.part);
  if (!largest) return 'There was no run before this one.';
  const verdict = largest.part <= AGREEMENT ? 'agree' : 'do NOT agree';
  return `This run and the one before it ${verdict}: they are furthest apart, by ${(largest.part * 100).toFixed(0)} %, in "${largest.name}".`;
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

function toTable({ columns, rows }: Table): string {
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

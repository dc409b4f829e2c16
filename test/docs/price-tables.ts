/** The tables of prices in the documents, row by row, as the model computes them. */
import { readFileSync } from 'node:fs';
import * as model from './price-model.ts';

export const PACKED = model.packed(100);
export const MONTH = model.MONTH_SECONDS;
export const written = new Set<string>();

/** Dollars as the documents write them, with so many decimals. */
export function $(amount: number, decimals = 2): string {
  const text = `$${amount.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })}`;
  written.add(text);
  return text;
}

/** Whole dollars with three significant digits. */
export function about(amount: number): string {
  const text = `$${Number(amount.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 0 })}`;
  written.add(text);
  return text;
}

const cent = (amount: number) => (amount < 0.005 ? `< ${$(0.01)}` : $(amount));
const whole = (amount: number) => (amount < 0.5 ? `< ${$(1, 0)}` : $(amount, 0));

export const documents = Object.fromEntries(
  ['README.md', 'docs/scale.md', 'docs/packing.md', 'docs/deploy.md'].map((path) => [
    path,
    readFileSync(path, 'utf8'),
  ]),
);

export const rate = (perSecond: number, entriesPerRequest: number, more = {}) =>
  model.monthOf({ entries: perSecond * MONTH, entriesPerRequest, ...more });
export const provisioned = model.capacityOf(model.WRITE_UNIT_HOUR.provisioned);
export const alarmMetrics = Number(/(\d+) alarm metrics/.exec(documents['docs/scale.md'] ?? '')?.[1]);
export const fixed = model.fixedOf(alarmMetrics);
const MILLIONS = [1, 100, 10_000];
const ours = (millions: number, stored?: typeof PACKED.all) =>
  fixed.least + model.monthOf({ entries: millions * 1e6, entriesPerRequest: 100, stored }).total;
const half = (amount: number) => (amount < 1 ? $(amount) : about(amount));
const precise = (amount: number) => (amount < 10 ? $(amount) : about(amount));

const OTHERS = {
  cloudWatch: 'CloudWatch Logs',
  infrequent: 'CloudWatch Logs, Infrequent Access',
  victoriaLogs: 'VictoriaLogs',
  loki: 'Grafana Loki',
};
const SIZES = [
  ['250 B', 250],
  ['1 KB', 1_024],
] as const;

/** A row of a table: the document, the cells that find it, and the cells that follow them. */
export type Row = [path: string, start: (string | undefined)[], costs: string[]];

export const ROWS: Row[] = [
  ...(
    [
      [10, 1],
      [10, 100],
      [1_000, 1],
      [1_000, 100],
      [100_000, 100],
      [100_000, 500],
    ] as const
  ).map(([perSecond, n]): Row => {
    const { writes, storage, gateway, functions, total } = rate(perSecond, n);
    return [
      'docs/scale.md',
      [perSecond.toLocaleString('en-US'), String(n), undefined, undefined],
      [
        whole(writes),
        storage > 1e5 ? about(storage) : whole(storage),
        whole(gateway),
        whole(functions),
        about(total),
      ],
    ];
  }),
  ...[1, 10, 100, 1_000].map((n): Row => {
    const dynamodb = model.writesOf(1e6);
    const requests = model.millionRequests() / n;
    const time = model.lambdaTimeOf(1e6 / n, model.millisecondsOf(n));
    return [
      'docs/scale.md',
      [n.toLocaleString('en-US'), $(dynamodb)],
      [cent(requests), cent(time), $(dynamodb + requests + time)],
    ];
  }),
  ...[1, 2, 4, 8, 16, 32, 64, 128, 256].map((shards): Row => {
    const { requests, units, perMillion } = model.newestOf(shards);
    return ['docs/scale.md', [String(shards), String(requests)], [String(units), $(perMillion)]];
  }),
  ...[1_000, 100_000].map((perSecond): Row => {
    const onDemand = model.writesOf(perSecond * MONTH);
    const { provisioned, oneYear, threeYears } = model.WRITE_UNIT_HOUR;
    const cells = [provisioned, oneYear, threeYears].map((price) => {
      const cost = onDemand * model.capacityOf(price);
      return $(cost > 1e4 ? Number(cost.toPrecision(cost > 1e5 ? 4 : 3)) : cost, 0);
    });
    return [
      'docs/scale.md',
      [perSecond.toLocaleString('en-US'), (2 * perSecond).toLocaleString('en-US')],
      [$(onDemand, 0), ...cells],
    ];
  }),
  ...(
    [
      ['on demand', 'onDemand'],
      ['provisioned [j]', 'provisioned'],
      ['provisioned, reserved for a year', 'oneYear'],
      ['provisioned, reserved for three years', 'threeYears'],
    ] as const
  ).map(([name, key]): Row => {
    const price = model.WRITE_UNIT_HOUR[key];
    return [
      'docs/scale.md',
      [name],
      [$(price, 5), `${((100 * price) / model.WRITE_UNIT_HOUR.onDemand).toFixed(0)} %`],
    ];
  }),
  ...(['README.md', 'docs/scale.md'] as const).flatMap((path) =>
    (
      [
        ['this service', (n: number) => ours(n)],
        [path === 'README.md' ? 'this service, packing' : 'with packing', (n: number) => ours(n, PACKED.all)],
        ...(Object.keys(OTHERS) as (keyof typeof OTHERS)[]).map(
          (service) => [OTHERS[service], (n: number) => model.elsewhere(n * 1e6)[service]] as const,
        ),
      ] as const
    ).map(
      ([name, cost]): Row => [
        path,
        path === 'README.md' ? [name] : [name, undefined],
        MILLIONS.map((millions) => half(cost(millions))),
      ],
    ),
  ),
  ...(
    [
      ['off', 0.05],
      ['info', 0.05],
      ['info', 0.5],
      ['all', 0.05],
      ['all', 0.5],
    ] as const
  ).map(([packing, errors]): Row => {
    const costs = (entriesPerRequest: number) =>
      SIZES.flatMap(([size]) =>
        MILLIONS.map((millions) => {
          const stored = model.measured(size, errors, entriesPerRequest)[packing];
          return fixed.least + model.monthOf({ entries: millions * 1e6, entriesPerRequest, stored }).total;
        }),
      );
    const few = costs(100);
    return [
      'docs/scale.md',
      [packing === 'off' ? '`off`' : `\`${packing}\`, ${errors * 100} % errors`],
      costs(500).map((many, at) => `${precise(few[at] ?? 0)} / ${precise(many)}`),
    ];
  }),
  ...(Object.keys(OTHERS) as (keyof typeof OTHERS)[]).map(
    (service): Row => [
      'docs/scale.md',
      [OTHERS[service]],
      SIZES.flatMap(([, bytes]) =>
        MILLIONS.map((millions) => precise(model.elsewhere(millions * 1e6, bytes)[service])),
      ),
    ],
  ),
];

const { all, info } = PACKED;
const rare = model.PRICES.dynamodb.infrequentAccess;
const off = { writeUnits: 2, bytes: 2 * (model.ITEM_BYTES + 100) };

/** What the other table class takes and gives, for a million entries. */
export const CLASS_ROWS = Object.entries({ off, info, all }).map(([name, { writeUnits, bytes }]): Row => {
  const more = writeUnits * (rare.perMillionWriteUnits - model.PRICES.dynamodb.perMillionWriteUnits);
  const less = (bytes * (model.PRICES.dynamodb.perGigabyteMonth - rare.perGigabyteMonth)) / 1_000;
  const decimals = name === 'off' ? 2 : 3;
  return [
    'docs/deploy.md',
    [`\`${name}\``],
    [$(more, decimals), $(less, decimals), `${Math.ceil((30 * more) / less)} days`],
  ];
});

import { execFileSync } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { RootConstruct } from 'constructs';
import fc from 'fast-check';
import { parseArguments } from '../../cli/arguments.ts';
import { SEVERITIES } from '../../entities/entry.ts';
import { stateFrom } from '../../page/view-state.ts';
import { type OwnSettings, readStageSettings } from '../../stacks/stage-settings.ts';
import { textOf } from '../../stacks/watch-text.ts';
import { type ContentWatch, watchesSetting } from '../../stacks/watches.ts';
import { RUNS } from '../support/arbitraries.ts';
import { alarmedMetrics, shownMetrics } from '../support/metrics-in-template.ts';
import { joinIntrinsics, type SynthesizedApp, synthesizeApp } from '../support/synthesized-app.ts';

const DECLINED = { name: 'payment-declined', contains: ['card declined'], atLeast: 20, minutes: 5 };
const CHECKOUT = {
  name: 'any-error-of-checkout',
  severity: ['error'],
  attributes: { 'service.name': 'checkout' },
  atLeast: 1,
  minutes: 1,
};
const SILENT = { name: 'silent-first-shipper', shipper: 'first-shipper', silentMinutes: 15 };

type Alarm = {
  AlarmName: string;
  AlarmDescription: string;
  AlarmActions?: object[];
  OKActions?: object[];
  AlarmRule?: unknown;
  Metrics: { MetricStat: { Period: number; Stat: string } }[];
};

describe('A stage with watches', () => {
  let app: SynthesizedApp;
  beforeAll(async () => {
    app = await synthesizeApp({ shippers: 'first-shipper', watches: [DECLINED, CHECKOUT, SILENT] });
  });
  const alarmNamed = (name: string) => {
    const alarms = Object.values(app.resources<Alarm>('dev-log-monitoring', 'AWS::CloudWatch::Alarm'));
    return alarms.find(({ Properties }) => Properties.AlarmName === `dev-log-watch-${name}`)?.Properties;
  };

  test('hands their filters to the ingest function, and nothing that is only for their alarms', () => {
    type Variables = { Environment: { Variables: Record<string, string> } };
    const [lambda] = Object.values(app.resources<Variables>('dev-log-ingest', 'AWS::Lambda::Function'));
    expect(JSON.parse(lambda?.Properties.Environment.Variables.WATCHES ?? '')).toEqual({
      'payment-declined': { contains: ['card declined'] },
      'any-error-of-checkout': {
        severities: ['error'],
        attributes: [{ name: 'service.name', text: 'checkout' }],
      },
    });
  });

  test('rings at the threshold in the period, and tells the topic; no data is no entry', () => {
    const topic = [{ Ref: expect.stringMatching(/^AlarmTopic/) }];
    const alarm = alarmNamed('payment-declined');
    expect(alarm).toMatchObject({
      Threshold: 20,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: topic,
      OKActions: topic,
    });
    expect(alarm?.Metrics).toMatchObject([{ MetricStat: { Period: 300, Stat: 'Sum' } }]);
  });

  test('says in the alarm how to read the lines', () => {
    expect(alarmNamed('payment-declined')?.AlarmDescription).toBe(
      "The watch payment-declined counted 20 or more in 5 min. First: read them with npm run logs -- --since=15m --contains='card declined' or open the page at /?contains=card+declined&last=15m . Runbook: docs/deploy.md#watches",
    );
  });

  test('rings for a shipper that is silent for minutes and not for a day', () => {
    const parts = ['minutes', 'day'].map((part) => alarmNamed(`${SILENT.name}-${part}`));
    const missing = { Threshold: 1, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' };
    expect(parts).toMatchObject([
      { ...missing, EvaluationPeriods: 15, Metrics: [{ MetricStat: { Period: 60, Stat: 'Sum' } }] },
      { ...missing, EvaluationPeriods: 24, Metrics: [{ MetricStat: { Period: 3_600, Stat: 'Sum' } }] },
    ]);
    for (const part of parts) expect(part).not.toHaveProperty('AlarmActions');

    const all = app.resources<Alarm>('dev-log-monitoring', 'AWS::CloudWatch::CompositeAlarm');
    const [{ Properties: alarm } = { Properties: undefined }] = Object.values(all);
    expect(joinIntrinsics(alarm?.AlarmRule)).toMatch(
      /^\(ALARM\("\$\{Watchsilentfirstshipperminutes\w+\.Arn\}"\) AND OK\("\$\{Watchsilentfirstshipperday\w+\.Arn\}"\)\)$/,
    );
    expect(alarm).toMatchObject({
      AlarmName: 'dev-log-watch-silent-first-shipper',
      AlarmDescription: expect.stringMatching(/^No entry of the shipper first-shipper .+ First: .+#watches$/),
      AlarmActions: [{ Ref: expect.stringMatching(/^AlarmTopic/) }],
      OKActions: [{ Ref: expect.stringMatching(/^AlarmTopic/) }],
    });
  });

  test('takes missing data for a fault in the silence of shippers, and nowhere else', () => {
    const alarms = Object.values(
      app.resources<Alarm & { TreatMissingData: string }>('dev-log-monitoring', 'AWS::CloudWatch::Alarm'),
    );
    const breaching = alarms.filter(({ Properties }) => Properties.TreatMissingData !== 'notBreaching');
    expect(breaching.map(({ Properties }) => Properties.AlarmName).sort()).toEqual([
      'dev-log-watch-silent-first-shipper-day',
      'dev-log-watch-silent-first-shipper-minutes',
    ]);
  });

  test('shows on the dashboard what each alarm reads', () => {
    const alarmed = alarmedMetrics(app, 'dev-log-monitoring');
    const shown = Object.entries(shownMetrics(app, 'dev-log-monitoring'));
    for (const { name, minutes } of [DECLINED, CHECKOUT])
      expect(shown).toContainEqual([`${name}: entries in ${minutes} min`, alarmed[`dev-log-watch-${name}`]]);
    expect(shown).toContainEqual([
      'silent-first-shipper: no entry for 15 min. Entries per minute',
      alarmed['dev-log-watch-silent-first-shipper-minutes'],
    ]);
  });
});

describe('The text of an alarm', () => {
  const words = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => !text.includes('\0')),
    fc.constantFrom('-x', "it's", '$HOME `id` "a"', '\\', 'a & b', '%2B', '100 %'),
  );
  // An option of the command ends the name at an equals sign or an exclamation mark.
  const conditions = fc.dictionary(fc.constantFrom('service.name', 'a b', 'http[0]'), words, { maxKeys: 2 });
  const watches = fc.record(
    {
      severity: fc.subarray([...SEVERITIES], { minLength: 1 }),
      contains: fc.array(words, { maxLength: 2 }),
      excludes: fc.array(words, { maxLength: 2 }),
      attributes: conditions,
      excludedAttributes: conditions,
    },
    { requiredKeys: [] },
  );
  const parse = (filter: object): ContentWatch => {
    const [watch] = watchesSetting.parse([{ name: 'watch', ...filter, atLeast: 1, minutes: 30 }]);
    return watch as ContentWatch;
  };

  test('has a command and an address that ask for what is counted', () => {
    fc.assert(
      fc.property(watches, (filter) => {
        const { severity, contains, excludes, attributes, excludedAttributes } = parse(filter);
        const text = textOf(parse(filter));
        const [, command = '', page = ''] =
          /read them with npm run logs -- (.*) or open the page at \/(\?.*) \. Runbook/s.exec(text) ?? [];
        const stdout = execFileSync('sh', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' });
        const stream = new PassThrough();
        const { query } = parseArguments(stdout.split('\0').slice(0, -1), {
          stdout: stream,
          stderr: stream,
          env: {},
        });
        const some = <Value>(list: readonly Value[] | undefined) => (list?.length ? list : undefined);
        const wanted = {
          severity: severity ?? [],
          contains: some(contains),
          excludes: some(excludes),
          where: some(attributes),
          whereNot: some(excludedAttributes),
        };
        const { from, to, word, severity: severities, ...lists } = query;
        const asked = Object.entries(lists).map(([name, list]) => [name, some<unknown>(list)]);
        expect({ severity: severities, ...Object.fromEntries(asked) }).toEqual(wanted);
        expect([to, some(word)]).toEqual([undefined, undefined]);
        expect(Date.now() - Date.parse(from ?? '')).toBeGreaterThanOrEqual(60 * 60_000);

        const { state, faults } = stateFrom(new URLSearchParams(page));
        expect(faults).toEqual([]);
        expect(state).toMatchObject({
          severity: severity ?? [],
          contains: contains ?? [],
          excludes: excludes ?? [],
          where: attributes ?? [],
          whereNot: excludedAttributes ?? [],
          last: '60m',
        });
      }),
      { numRuns: 50 * RUNS },
    );
  });

  test('is never longer than CloudWatch takes, and names the watch', () => {
    const long = textOf(parse({ contains: Array.from({ length: 20 }, (_, at) => `${at}`.repeat(200)) }));
    expect(long.length).toBeLessThanOrEqual(1_024);
    expect(long).toMatch(/^The watch watch counted .+ First: .+ --since=60m .+ stacks\/stages\.ts\. Runbook/);
  });
});

describe('Watches', () => {
  const settingsOf = (...watches: object[]) =>
    readStageSettings(new RootConstruct().node, { dev: { watches } as OwnSettings });

  test.each<[string, object, string]>([
    ['severity', { severity: ['fatal'] }, 'severity must be one or several of info, warning, error'],
    ['text', { contains: [''] }, 'must not be empty'],
    ['case', { case: 'any' }, 'case must be sensitive or smart'],
    ['attribute', { attributes: { ['n'.repeat(300)]: '' } }, 'must not name an attribute of more than 256'],
    ['number of texts', { excludes: Array(21).fill('a') }, 'must not be given more than 20 times'],
    ['word', { contain: ['a'] }, 'Unrecognized key: "contain"'],
  ])('with a wrong %s are refused in the words of GET /logs', (_, filter, message) => {
    const right = { name: 'right', contains: ['a'], atLeast: 1, minutes: 1 };
    const wrong = { name: 'wrong', ...filter, atLeast: 1, minutes: 1 };
    expect(() => settingsOf(right, wrong)).toThrow(/stages\.ts, dev\.watches\[1\]/);
    expect(() => settingsOf(right, wrong)).toThrow(message);
  });

  test('for the silence of a shipper that the stage does not name are refused', () => {
    expect(() => settingsOf(SILENT)).toThrow('dev.watches: must be for the silence of a shipper among');
  });

  test('are refused over twenty, and where two have one name', () => {
    const named = (at: number) => ({ ...DECLINED, name: `watch-${at}` });
    const twenty = Array.from({ length: 20 }, (_, at) => named(at));
    expect(settingsOf(...twenty).watches).toHaveLength(20);
    expect(() => settingsOf(...twenty, named(20))).toThrow('dev.watches: must be 20 at most');
    expect(() => settingsOf(named(1), named(1))).toThrow('dev.watches: must have different names');
  });

  test('of usual length fit into the variables of the function, and others are refused', async () => {
    const watch = (at: number, length: number) => ({
      name: `${'watch-of-a-service'}-${at}`,
      severity: ['warning', 'error'],
      contains: ['x'.repeat(length)],
      attributes: { 'service.name': 'checkout' },
      atLeast: 1,
      minutes: 5,
    });
    const twenty = (length: number) => Array.from({ length: 20 }, (_, at) => watch(at, length));
    await expect(synthesizeApp({ watches: twenty(20) })).resolves.toBeDefined();
    await expect(synthesizeApp({ watches: twenty(200) })).rejects.toThrow(
      /take \d+ bytes, and Lambda has room for 4096: make the filters of watches shorter/,
    );
  });
});

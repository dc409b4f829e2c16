// Prints the trees of segments that the X-Ray SDK makes of some work. The first argument is the path of the module
// that takes the place of cls-hooked.
const { createRequire } = require('node:module');
const { setTimeout: delay } = require('node:timers/promises');

const ofTracer = createRequire(require.resolve('@aws-lambda-powertools/tracer'));
const ofSdk = createRequire(ofTracer.resolve('aws-xray-sdk-core'));
const context = require(process.argv[2]);
for (const name of ['cls-hooked', 'cls-hooked/context'])
  require.cache[ofSdk.resolve(name)] = { exports: context, loaded: true };
const { captureAsyncFunc, captureFunc, getNamespace, getSegment, Segment } = ofTracer('aws-xray-sdk-core');

/** Runs a task in a subsegment, as the tracer does. */
const capture = (name, task = () => delay(1)) =>
  captureAsyncFunc(name, async (subsegment) => {
    try {
      return await task();
    } finally {
      subsegment.close();
    }
  });

const WORK = {
  nested: () => capture('outer', () => capture('middle', () => capture('inner'))),
  parallel: () =>
    Promise.all(
      ['a', 'b', 'c'].map((name, at) =>
        capture(name, async () => {
          await delay(5 - at);
          await capture(`${name}, later`);
        }),
      ),
    ),
  failing: async () => {
    await capture('fails', async () => {
      await capture('before');
      throw new Error('expected');
    }).catch(() => {});
    await capture('after');
  },
  'driven by timers': () =>
    capture(
      'waits',
      () => new Promise((done) => setTimeout(() => setImmediate(() => done(capture('woken'))), 2)),
    ),
  'driven by ticks and microtasks': () =>
    capture(
      'waits',
      () => new Promise((done) => process.nextTick(() => queueMicrotask(() => done(capture('woken'))))),
    ),
  synchronous: async () => captureFunc('sync', () => captureFunc('within', () => {})),
  'going on after its segment': async () => {
    let late;
    await capture('short', async () => {
      late = delay(5).then(() => capture('late'));
    });
    await late;
  },
};

main();

async function main() {
  const trees = {};
  for (const [name, work] of Object.entries(WORK)) trees[name] = treeOf(await traced(name, work));
  // Two requests whose work is interleaved.
  const both = await Promise.all(['first', 'second'].map((name) => traced(name, WORK.parallel)));
  trees.interleaved = both.map(treeOf);
  process.stdout.write(JSON.stringify(trees));
}

/** The segment of some work, entered as the SDK enters one for each request. */
async function traced(name, work) {
  const segment = new Segment(name);
  const namespace = getNamespace();
  await new Promise((done, fail) => {
    namespace.run(() => {
      namespace.set('segment', segment);
      if (getSegment() !== segment) throw new Error('The segment is not the current one');
      work().then(done, fail);
    });
  });
  return segment;
}

function treeOf({ name, subsegments = [] }) {
  return subsegments.length > 0 ? { [name]: subsegments.map(treeOf) } : name;
}

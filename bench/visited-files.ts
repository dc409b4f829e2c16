import { Session } from 'node:inspector/promises';

/** A source file as V8 has loaded it. */
interface Script {
  file: string;
  scriptId: string;
}

/** What breakpoints call, with the file that they are in. */
const scope = globalThis as typeof globalThis & { visitFile?: (file: string) => void };

/**
 * Runs a task twice and finds the source files of which at least one function is executed, by V8's precise coverage.
 * What a module does when it is loaded does not count.
 * @param root URL of a folder, with a slash at its end
 * @param folders of the root whose files count
 * @returns paths from the root, in the order of their first call
 */
export async function visitedFiles(
  root: string,
  folders: string[],
  task: () => Promise<unknown>,
): Promise<string[]> {
  const session = new Session();
  session.connect();
  try {
    const covered = await coveredScripts(session, task);
    const scripts = covered
      .filter(({ url }) => url.startsWith(root))
      // The loader of TypeScript may have added a query.
      .map(({ url, scriptId }) => ({ file: url.slice(root.length).replace(/\?.*$/, ''), scriptId }))
      .filter(({ file }) => folders.some((folder) => file.startsWith(`${folder}/`)));
    const inOrder = await orderOfCalls(session, scripts, task);
    return [...new Set([...inOrder, ...scripts.map(({ file }) => file)])];
  } finally {
    session.disconnect();
  }
}

async function coveredScripts(session: Session, task: () => Promise<unknown>) {
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await session.post('Profiler.takePreciseCoverage');
  await task();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  await session.post('Profiler.stopPreciseCoverage');

  return result.filter(({ functions }) =>
    functions.some(({ functionName, ranges: [range] }) => {
      const isModule = functionName === '' && range?.startOffset === 0;
      return range && range.count > 0 && !isModule;
    }),
  );
}

/** Sets breakpoints everywhere in some files, which note the file and never stop, and runs the task. */
async function orderOfCalls(
  session: Session,
  scripts: Script[],
  task: () => Promise<unknown>,
): Promise<Set<string>> {
  const visited = new Set<string>();
  scope.visitFile = (file) => visited.add(file);
  await session.post('Debugger.enable');
  for (const { file, scriptId } of scripts) {
    const start = { scriptId, lineNumber: 0, columnNumber: 0 };
    const { locations } = await session.post('Debugger.getPossibleBreakpoints', { start });
    const condition = `globalThis.visitFile(${JSON.stringify(file)}), false`;
    for (const location of locations) {
      // Fails where two places are one to V8: the first of them serves both.
      await session.post('Debugger.setBreakpoint', { location, condition }).catch(() => {});
    }
  }
  await task();
  await session.post('Debugger.disable');
  delete scope.visitFile;
  return visited;
}

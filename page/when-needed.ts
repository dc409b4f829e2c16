/** A part of the page whose script is loaded when it is first needed. */
export interface LaterPart<Part> {
  /** Undefined until it has been needed. */
  readonly now: Part | undefined;
  /** Loads it once. What could not be loaded is asked for again the next time. */
  get(): Promise<Part>;
}

/** @param load imports a module, and makes the part */
export function whenNeeded<Part>(load: () => Promise<Part>): LaterPart<Part> {
  let now: Part | undefined;
  let loading: Promise<Part> | undefined;

  async function begin(): Promise<Part> {
    try {
      now = await load();
      return now;
    } finally {
      loading = undefined;
    }
  }

  return {
    get now() {
      return now;
    },
    async get() {
      loading ??= now === undefined ? begin() : undefined;
      return now ?? (loading as Promise<Part>);
    },
  };
}

/** What a first view does not need. */
export const secondScript = whenNeeded(() => import('./second-script.ts'));

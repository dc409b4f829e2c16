import { setTimeout as delay } from 'node:timers/promises';

export interface Delivery {
  /** Requests that it took, those that were answered 503 included. */
  tries: number;
  milliseconds: number;
}

/** Posts a body until it is acknowledged, and waits as long as the server says. */
export async function deliver(url: string, body: string | Buffer): Promise<Delivery> {
  const start = performance.now();
  for (let tries = 1; ; tries++) {
    const answer = await fetch(`${url}/logs`, { method: 'POST', body }).catch(() => undefined);
    const text = await answer?.text();
    if (answer?.status === 200) return { tries, milliseconds: performance.now() - start };
    if (answer && answer.status !== 503) throw new Error(`POST /logs answered ${answer.status}: ${text}`);
    await delay(Number(answer?.headers.get('Retry-After') ?? 1) * 1_000);
  }
}

/** Reads a path once. Gives the status and how long it took. */
export async function read(url: string, path = '/logs'): Promise<{ status: number; milliseconds: number }> {
  const start = performance.now();
  const answer = await fetch(url + path);
  await answer.text();
  return { status: answer.status, milliseconds: performance.now() - start };
}

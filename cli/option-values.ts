import { InvalidArgumentError } from 'commander';
import type { Query } from '../client/query.ts';
import { severityOf } from '../client/search-query.ts';
import { parseDuration, parsePointInTime } from '../client/time.ts';
import { SEVERITIES, type Severity } from '../entities/entry.ts';

// Each function turns the text after an option into its value. It throws commander's InvalidArgumentError.

export function severities(text: string, earlier: Severity[] = []): Severity[] {
  const named = text.split(',').map((name) => severity(name.trim()));
  return [...new Set([...earlier, ...named])];
}

function severity(name: string): Severity {
  const known = severityOf(name);
  if (known) return known;
  throw new InvalidArgumentError(`Use ${SEVERITIES.join(', ')}.`);
}

/** Names of columns, separated by commas. */
export function names(text: string): string[] {
  const named = text.split(',').map((name) => name.trim());
  if (named.includes('')) throw new InvalidArgumentError('Use names, separated by commas.');
  return named;
}

export function texts(text: string, earlier: string[] = []): string[] {
  if (text === '') throw new InvalidArgumentError('It must not be empty.');
  return [...earlier, text];
}

/** Attributes that an entry must have, and must not have. */
export type Conditions = Pick<Query, 'where' | 'whereNot'>;

/** The first equals sign ends the name, so a value may contain anything. A name that ends in `!` is read as `!=`. */
export function conditions(condition: string, { where = [], whereNot = [] }: Conditions = {}): Conditions {
  const [, name, not, text] = /^(?!!?=)([^=]+?)(!?)=(.*)$/s.exec(condition) ?? [];
  if (name === undefined || text === undefined)
    throw new InvalidArgumentError('Use name=value or name!=value, such as service.name=checkout.');
  const attribute = { name, text };
  return not ? { where, whereNot: [...whereNot, attribute] } : { where: [...where, attribute], whereNot };
}

export function pointInTime(text: string): string {
  return asArgumentError(() => parsePointInTime(text, Date.now()));
}

export function duration(text: string): number {
  return asArgumentError(() => parseDuration(text));
}

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number, ${least} or more.`);
  };
}

/** The URL of a deployment, without the slash or the `/logs` that is at its end when it is copied from an example. */
export function serviceUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new InvalidArgumentError('It must begin with https:// or http://.');
  if (url.username || url.password)
    throw new InvalidArgumentError('It must not contain a user name or password.');
  return new URL(url.pathname.replace(/(?:\/logs)?\/*$/, '/'), url);
}

function asArgumentError<Value>(parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidArgumentError(`It ${error.message}.`);
    throw error;
  }
}

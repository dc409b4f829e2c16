import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bracketed, partsOf } from '../../../handlers/ingest/json-spans.ts';
import type { Span } from '../../../handlers/ingest/json-value.ts';

const written = (value: fc.JsonValue, indent: number) => Buffer.from(JSON.stringify(value, null, indent));
const all = (json: Buffer): Span => ({ start: 0, end: json.length });
const parse = (json: Buffer, { start, end }: Span): unknown => JSON.parse(json.toString('utf8', start, end));

test('The parts of an array are its elements, whatever its white space', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.nat(4), (elements, indent) => {
      const json = written(elements, indent);
      const parts = [...partsOf(json, all(json))].map((part) => parse(json, part));
      expect(parts).toEqual(JSON.parse(json.toString()));
    }),
  );
});

test('An array or object ends where it is closed, and has no end if it is cut off', () => {
  const brackets = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()));
  fc.assert(
    fc.property(brackets, fc.nat(), (value, cut) => {
      const json = written(value, 0);
      const longer = Buffer.concat([json, Buffer.from('\n{"]')]);
      expect(bracketed(longer, all(longer))).toEqual(all(json));
      const shorter = json.subarray(0, cut % json.length);
      expect(bracketed(shorter, all(shorter))).toBeUndefined();
    }),
  );
});

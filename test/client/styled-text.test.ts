import { describe, expect, test } from '@jest/globals';
import { styledPartsOf } from '../../client/styled-text.ts';

const shown = (text: string) =>
  styledPartsOf(text.replaceAll('^', '\u001b')).map(({ text, styles }) => [text, ...styles].join(' '));

describe('Colours of a text', () => {
  test.each([
    ['plain', ['plain']],
    ['', []],
    ['^[32minfo^[0m: up', ['info green', ': up']],
    ['^[1;31mbad^[22m less^[39m none', ['bad bold red', ' less red', ' none']],
    ['^[2mdim^[3m both^[23m dim', ['dim dim', ' both dim italic', ' dim dim']],
    [
      '^[4;9munder^[24m struck^[29m none',
      ['under underline strikethrough', ' struck strikethrough', ' none'],
    ],
    ['^[90mgrey^[96m bright', ['grey dim', ' bright cyan']],
    ['^[2;90mgrey^[39m dim', ['grey dim dim']],
    // A sequence without a code resets, as a code of 0 does.
    ['^[31ma^[mb', ['a red', 'b']],
    ['^[31ma^[;1mb', ['a red', 'b bold']],
  ])('are those of a terminal: %j', (text, parts) => {
    expect(shown(text)).toEqual(parts);
  });

  test.each([
    ['^[30mblack^[37mwhite^[97mbright', ['blackwhitebright']],
    ['^[41;104mground', ['ground']],
    ['^[38;5;31;1mtable', ['table bold']],
    ['^[38;2;31;32;33;4mparts', ['parts underline']],
    ['^[48;5;31mground^[31;48;2;1;2;3mred', ['ground', 'red red']],
    ['^[31;38;5;200mother', ['other']],
    ['^[7;8;53;999mother', ['other']],
    ['^[38mcut^[38;5mcut', ['cutcut']],
  ])('are left out where they might not be seen: %j', (text, parts) => {
    expect(shown(text)).toEqual(parts);
  });

  test('reach across escapes that begin no colour', () => {
    expect(shown('^[31ma^[2Kb^c^[0md')).toEqual(['a\u001b[2Kb\u001bc red', 'd']);
  });
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';

const GUIDES = ['docs/shippers.md', 'docs/loggers.md'].filter((path) => existsSync(path));

/** Every file that users download. */
const EXAMPLES = filesIn('examples').sort();

/** In a block that shows a file in part, the line that stands for what is left out. */
const LEFT_OUT = /^\s*(?:#|\/\/|--|;)? ?\.\.\.\n/m;

const read = (path: string) => readFileSync(path, 'utf8');

test.each(GUIDES)('%s shows lines of an example as they are in its file', (path) => {
  for (const [, file = '', block = ''] of read(path).matchAll(/^```\S+ (examples\/\S+)\n([\s\S]*?)^```$/gm)) {
    let rest = read(file);
    for (const part of block.split(LEFT_OUT)) {
      expect(rest).toContain(part);
      rest = rest.slice(rest.indexOf(part) + part.length);
    }
  }
});

test('Examples in YAML and JSON can be parsed', () => {
  for (const file of EXAMPLES.filter((file) => /\.ya?ml$/.test(file)))
    for (const document of parseAllDocuments(read(file))) {
      expect({ file, errors: document.errors }).toEqual({ file, errors: [] });
      expect(document.toJS()).toBeInstanceOf(Object);
    }
  for (const file of EXAMPLES.filter((file) => file.endsWith('.json')))
    expect(JSON.parse(read(file))).toBeInstanceOf(Object);
});

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && !file.parentPath.includes('node_modules'))
    .map((file) => join(file.parentPath, file.name));
}

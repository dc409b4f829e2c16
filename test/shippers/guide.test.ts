import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';

const GUIDES = ['docs/shippers.md', 'docs/loggers.md'];

/** Every file that users download. */
const EXAMPLES = readdirSync('examples', { recursive: true, withFileTypes: true })
  .filter((file) => file.isFile() && !file.parentPath.includes('node_modules'))
  .map((file) => join(file.parentPath, file.name))
  .sort();

/** In a block that shows a file in part, the line that stands for what is left out. */
const LEFT_OUT = /^\s*(?:#|\/\/|--|;)? ?\.\.\.\n/m;

const read = (path: string) => readFileSync(path, 'utf8');

describe.each(GUIDES)('%s', (path) => {
  const blocks = [...read(path).matchAll(/^```\S+ (examples\/\S+)\n([\s\S]*?)^```$/gm)];

  test.each(blocks.map(([, file = '', block = '']) => ({ file, block })))(
    'shows lines of $file as they are in the file',
    ({ file, block }) => {
      let following = read(file);
      for (const part of block.split(LEFT_OUT)) {
        expect(following).toContain(part);
        following = following.slice(following.indexOf(part) + part.length);
      }
    },
  );
});

describe('The first table of the shipper guide', () => {
  const [, table = '', ...sections] = read('docs/shippers.md').split(/^##+ /m);

  test.each(
    sections.filter((section) => section.includes('(../examples/')).map((section) => section.split('\n', 1)),
  )('leads to %s', (title = '') => {
    expect(table).toContain(
      `(#${title
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-')})`,
    );
  });
});

describe('Examples', () => {
  const linked = GUIDES.flatMap((path) =>
    [...read(path).matchAll(/\]\((\.\.\/examples\/[^)#]+)/g)].map(([, link = '']) =>
      join(dirname(path), link),
    ),
  );

  test.each(EXAMPLES)('A guide leads to %s', (file) => {
    // A folder with a README is a whole.
    const folder = linked.find((link) => file.startsWith(`${link.replace(/\/README\.md$/, '')}/`));
    expect(linked.includes(file) || folder !== undefined).toBe(true);
  });

  test.each(EXAMPLES.filter((file) => /\.ya?ml$/.test(file)))('%s is YAML', (file) => {
    for (const document of parseAllDocuments(read(file))) {
      expect(document.errors).toEqual([]);
      expect(document.toJS()).toBeInstanceOf(Object);
    }
  });

  test.each(EXAMPLES.filter((file) => file.endsWith('.json')))('%s is JSON', (file) => {
    expect(JSON.parse(read(file))).toBeInstanceOf(Object);
  });

  test('The Fluent Bit of the Compose file differs from that for Docker in the network only', () => {
    const forDocker = read('examples/fluent-bit/forward.yaml')
      .replace('listen: 127.0.0.1', 'listen: 0.0.0.0')
      .replace(/host: \S+/, 'host: logs')
      .replace('port: 443', 'port: 3000')
      .replace('tls: on', 'tls: off')
      .replace('uri: /dev/v1/json', 'uri: /v1/json')
      .replace(/ *header: .*\n/, '');
    expect(read('examples/compose/fluent-bit.yaml')).toBe(forDocker);
  });
});

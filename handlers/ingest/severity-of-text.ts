import type { Severity } from '../../entities/entry.ts';

/**
 * The severity that the first word of a text names; undefined if it names none. The text is what a logger writes as
 * the level, in any case and colour, shortened or not: `warn`, `[ERROR]`, `Dbg`, `eror`, `WARN+1`, `LOG_ERR`, `W1128`.
 */
export function severityOfText(text: string): Severity | undefined {
  if (text.length <= LONGEST_FORM) {
    const severity = FORMS.get(text.toLowerCase());
    if (severity) return severity;
  }
  const plain = text.slice(0, LOOKED_AT).replace(COLOURS, ' ');
  const letter = LETTER.exec(plain)?.[1];
  if (letter) return LETTERS.get(letter.toLowerCase());
  const names = FIRST_WORD.exec(plain)?.[0].split(BETWEEN_NAMES).filter(Boolean) ?? [];
  if (names.length === 1) return severityOfName(names[0] ?? '');
  // LOG_ERR, daemon.warning, ErrorLevel
  const known = names.findLast((name) => WORDS.has(name.toLowerCase()));
  return WORDS.get(known?.toLowerCase() ?? '');
}

function severityOfName(text: string): Severity | undefined {
  const word = text.toLowerCase();
  return (
    FORMS.get(word) ?? (word.length === 3 || word.length === 4 ? severityOfAbbreviation(word) : undefined)
  );
}

/** The severity of the word that begins with the same letter and has the others in the same order: dbg, wrn, eror. */
function severityOfAbbreviation(word: string): Severity | undefined {
  const abbreviated = ABBREVIATED.find((name) => {
    let at = 0;
    for (const letter of name) if (letter === word[at]) at += 1;
    return name[0] === word[0] && at === word.length;
  });
  return WORDS.get(abbreviated ?? '');
}

/** A level is short. More of a text is not looked at, however long it is. */
const LOOKED_AT = 100;

/** Sequences that set a colour. A shipper may have removed the escape character, or have written it out. */
const COLOURS = /(?:\\u001b|\\x1b|\\e|(?<=\p{Cc}))\[[\d;:]*m|\[[\d;:]+m/giu;

/** A letter alone or before a colon or a slash (Android), before month and day (glog), or of MongoDB's D1 to D5. */
const LETTER = /^\P{L}*(\p{L})(?:(?=[^\p{L}\d]*$|[:/])|(?<=[iwef])\d{4}(?!\d)|(?<=d)[1-5](?!\d))/iu;

const LETTERS = new Map<string, Severity>([
  ...named('error', 'e f c a'),
  ...named('warning', 'w'),
  ...named('info', 'i d t v n'),
]);

const FIRST_WORD = /\p{L}(?:[\p{L}\p{M}\d_.-]|::)*/u;
const BETWEEN_NAMES = /[^\p{L}\p{M}]+|(?<=\p{Ll})(?=\p{Lu})/u;

const WORDS = new Map<string, Severity>([
  // syslog, OpenTelemetry, Python, PHP, Java, Go, .NET, Android, Dart, Apple
  ...named('error', 'emerg emergency alert crit critical err error fatal panic dpanic severe'),
  ...named('error', 'assert shout fault wtf catastrophe'),
  // consola, Node.js, Unity
  ...named('error', 'errors errored fail failed failure failures exception exceptions uncaught unhandled'),
  ...named('warning', 'warn warning warnings caution deprecation'),
  ...named('info', 'info information informational notice notification note debug trace verbose'),
  // java.util.logging, Postgres, npm, Gradle, Unreal, Kubernetes
  ...named('info', 'fine finer finest config log statement detail hint http silly lifecycle display normal'),
  // consola, loguru, signale
  ...named('info', 'success ready start box complete pending audit'),
  // Postgres, Windows and Java in other languages
  ...named(
    'error',
    'fehler kritisch schwerwiegend erreur critique grave errore erro crítico ошибка 错误 エラー',
  ),
  ...named('warning', 'warnung avertissement attention advertencia attenzione aviso предупреждение 警告'),
  ...named('info', 'hinweis'),
]);

/** Words that are abbreviated in more ways than by cutting them off. */
const ABBREVIATED = [
  ...'error warning debug info trace verbose fatal critical notice'.split(' '),
  ...'panic severe emergency alert'.split(' '),
];

/** Serilog with two letters, and Xorg. */
const TWO_LETTERS: [string, Severity][] = [
  ...named('error', 'er fa ee'),
  ...named('warning', 'wn ww'),
  ...named('info', 'vb de in ii'),
];

const FORMS = new Map<string, Severity>([...TWO_LETTERS, ...[...WORDS].flatMap(beginnings), ...WORDS]);
const LONGEST_FORM = Math.max(...Array.from(FORMS.keys(), (form) => form.length));

function named(severity: Severity, words: string): [string, Severity][] {
  return words.split(' ').map((word) => [word, severity]);
}

/** A word cut off after three letters or more. */
function beginnings([word, severity]: [string, Severity]): [string, Severity][] {
  return Array.from(word, (_, at): [string, Severity] => [word.slice(0, at + 1), severity]).slice(2);
}

import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** What a shell has to know of the command. */
interface Words {
  options: Offered[];
  subcommands: Offered[];
}

interface Offered {
  /** All ways to write it. */
  names: string[];
  description: string;
  takesValue: boolean;
  choices: readonly string[];
}

/** The script that makes a shell complete a command, with the options and subcommands that the command has. */
export function completionScript(command: Command, shell: (typeof SHELLS)[number]): string {
  const help = command.createHelp();
  const words = {
    // Commander keeps two long names as a short and a long one.
    options: help.visibleOptions(command).map(({ short, long, description, required, argChoices = [] }) => ({
      names: [short, long].filter((name) => name !== undefined),
      description,
      takesValue: required,
      choices: argChoices,
    })),
    subcommands: help.visibleCommands(command).map((subcommand) => ({
      names: [subcommand.name()],
      description: subcommand.description(),
      takesValue: true,
      choices: subcommand.registeredArguments[0]?.argChoices ?? [],
    })),
  };
  return SCRIPTS[shell](words);
}

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** It reads the line itself, because bash takes a word apart at @ and =. */
function bashScript({ options, subcommands }: Words): string {
  const namesOf = (offered: Offered[], mark = ' ') => offered.flatMap(({ names }) => names).join(mark);
  const chosen = [...options, ...subcommands].filter(({ choices }) => choices.length > 0);
  const others = options.filter(({ takesValue, choices }) => takesValue && choices.length === 0);
  return `_logs() {
  local line=\${COMP_LINE:0:COMP_POINT} offered='' typed=()
  local word=\${line##*[[:space:]]}
  read -ra typed <<< "\${line%"$word"}"
  case \${typed[\${#typed[@]}-1]} in
${chosen.map((one) => `    ${one.names.join(' | ')}) offered='${one.choices.join(' ')}' ;;`).join('\n')}
    ${namesOf(others, ' | ')}) ;;
    *)
      case $word in
        -*) offered='${namesOf(options)}' ;;
        @*) offered=$("$1" completion searches 2> /dev/null) ;;
        *) [[ " \${typed[*]} " =~ ' '(${namesOf(subcommands, '|')})' ' ]] || offered='${namesOf(subcommands)}' ;;
      esac ;;
  esac
  COMPREPLY=($(compgen -W "$offered" -- "$word"))
}
complete -F _logs logs
`;
}

function zshScript({ options, subcommands }: Words): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const specs = options.flatMap(({ names, description, takesValue, choices }) =>
    names.map((name) => {
      const [sign, follows] = takesValue
        ? [name.startsWith('--') ? '=' : '+', `: :(${choices.join(' ')})`]
        : ['', ''];
      return quoted(`*${name}${sign}[${description.replaceAll(/[[\]\\]/g, '\\$&')}]${follows}`);
    }),
  );
  const described = subcommands.map(({ names, description }) => quoted(`${names}:${description}`));
  const chosen = subcommands.filter(({ choices }) => choices.length > 0);
  return `_logs_words() {
  local -a subcommands=(${described.join(' ')})
  case $words[CURRENT-1] in
${chosen.map(({ names, choices }) => `    ${names}) compadd -- ${choices.join(' ')}; return ;;`).join('\n')}
  esac
  case $PREFIX in
    @*) compadd -- \${(f)"$($words[1] completion searches 2> /dev/null)"} ;;
    *) (( $words[(I)(${subcommands.map(({ names }) => names).join('|')})] )) || _describe subcommand subcommands ;;
  esac
}
_logs() {
  _arguments -S ${specs.join(' ')} '*:search:_logs_words'
}
compdef _logs logs
`;
}

function fishScript({ options, subcommands }: Words): string {
  const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
  const lines = [
    ...options.map(({ names, description, takesValue, choices }) => {
      const flags = names.map((name) =>
        name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
      );
      const follows = takesValue ? ` -x -a ${quoted(choices.join(' '))}` : '';
      return `${flags.join(' ')}${follows} -d ${quoted(description)}`;
    }),
    ...subcommands.map(
      ({ names, description }) => `-n __fish_use_subcommand -a ${names} -d ${quoted(description)}`,
    ),
    ...subcommands
      .filter(({ choices }) => choices.length > 0)
      .map(
        ({ names, choices }) => `-n '__fish_seen_subcommand_from ${names}' -a ${quoted(choices.join(' '))}`,
      ),
    `-n 'string match -q "@*" -- (commandline -ct)' -a '(logs completion searches 2> /dev/null)'`,
  ];
  return ['-f', ...lines].map((line) => `complete -c logs ${line}\n`).join('');
}

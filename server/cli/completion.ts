import type { Command, Option, ValueKind } from './options.js';
import { commands, optionsOf } from './options.js';

export type CompletionShell = 'bash' | 'zsh' | 'fish' | 'powershell';

/** A script that completes commands, options, their values and rule names; nothing is run while completing. */
export function completionScript(shell: CompletionShell, ruleNames: readonly string[]): string {
  return { bash, zsh, fish, powershell }[shell](ruleNames);
}

/** The words that may stand for a value; undefined where it is a file, a folder or free text. */
function wordsFor(
  kind: ValueKind,
  choices: readonly string[] | undefined,
  ruleNames: readonly string[],
): readonly string[] | undefined {
  return choices ?? (kind === 'rule' ? ruleNames : undefined);
}

function spellings({ name, short }: Option): string[] {
  return [`--${name}`, ...(short ? [`-${short}`] : [])];
}

/** Arguments of `help` are the commands. */
function argumentWords(command: Command, ruleNames: readonly string[]): readonly string[] | undefined {
  if (command.name === 'help') return commands.map(({ name }) => name);
  return command.argument && wordsFor(command.argument.kind, command.argument.choices, ruleNames);
}

function bash(ruleNames: readonly string[]): string {
  const reply = (words: readonly string[]) => `COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$cur"))`;
  const values: string[] = [];
  const rest: string[] = [];
  for (const command of commands) {
    for (const option of optionsOf(command)) {
      if (!option.value) continue;
      const words = wordsFor(option.value.kind, option.value.choices, ruleNames);
      const action = words ? reply(words) : bashPaths(option.value.kind);
      values.push(
        `    ${spellings(option)
          .map((word) => `'${command.name} ${word}'`)
          .join('|')}) ${action}; return ;;`,
      );
    }
    const words = argumentWords(command, ruleNames);
    const action = words ? reply(words) : bashPaths(command.argument?.kind ?? 'text');
    const options = optionsOf(command).flatMap(spellings);
    rest.push(`    ${command.name}) if [[ $cur == -* ]]; then ${reply(options)}; else ${action}; fi ;;`);
  }
  return `_layerwise() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} cmd='' word
  COMPREPLY=()
  if [[ $cur == = ]]; then cur=''; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ $word != -* ]]; then cmd=$word; break; fi
  done
  if [[ -z $cmd ]]; then
    ${reply([...commands.map(({ name }) => name), '--help', '--version'])}
    return
  fi
  case "$cmd $prev" in
${values.join('\n')}
  esac
  case $cmd in
${rest.join('\n')}
  esac
}
complete -o filenames -F _layerwise layerwise
`;
}

function bashPaths(kind: ValueKind): string {
  if (kind === 'file') return 'COMPREPLY=($(compgen -f -- "$cur"))';
  return kind === 'folder' ? 'COMPREPLY=($(compgen -d -- "$cur"))' : ':';
}

function zsh(ruleNames: readonly string[]): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const plain = (text: string) => text.replaceAll(/[[\]:\\]/g, '\\$&');
  const action = (kind: ValueKind, words: readonly string[] | undefined) =>
    words
      ? `(${words.join(' ')})`
      : (({ file: '_files', folder: '_files -/' } as Partial<Record<ValueKind, string>>)[kind] ?? ' ');
  const optionSpec = (option: Option) => {
    const { name, short, value, repeat, summary } = option;
    const tail = `[${plain(summary)}]${value ? `:${plain(value.name)}:${action(value.kind, wordsFor(value.kind, value.choices, ruleNames))}` : ''}`;
    const inline = value ? '=' : '';
    const star = repeat ? '*' : '';
    return [`--${name}${inline}`, ...(short ? [`-${short}${value ? '+' : ''}`] : [])].map((word) =>
      quote(`${star}${word}${tail}`),
    );
  };
  const cases = commands.map((command) => {
    const argument = command.argument;
    const words = argumentWords(command, ruleNames);
    const specs = optionsOf(command).flatMap(optionSpec);
    if (argument)
      specs.push(quote(`${argument.max > 1 ? '*' : ''}:${plain(argument.name)}:${action(argument.kind, words)}`));
    return `    ${command.name}) _arguments -s ${specs.join(' ')} ;;`;
  });
  const list = commands.map(({ name, summary }) => quote(`${name}:${summary}`)).join(' ');
  return `#compdef layerwise
_layerwise() {
  local -a commands=(${list})
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _layerwise ]]; then _layerwise "$@"; else compdef _layerwise layerwise; fi
`;
}

function fish(ruleNames: readonly string[]): string {
  const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = ['complete -c layerwise -f'];
  for (const command of commands) {
    lines.push(`complete -c layerwise -n __fish_use_subcommand -a ${command.name} -d ${quote(command.summary)}`);
    const seen = `complete -c layerwise -n '__fish_seen_subcommand_from ${command.name}'`;
    for (const { name, short, value, summary } of optionsOf(command)) {
      const words = value && wordsFor(value.kind, value.choices, ruleNames);
      const takes = !value
        ? ''
        : words
          ? ` -x -a ${quote(words.join(' '))}`
          : value.kind === 'file' || value.kind === 'folder'
            ? ' -r -F'
            : ' -x';
      lines.push(`${seen} -l ${name}${short ? ` -s ${short}` : ''}${takes} -d ${quote(summary)}`);
    }
    const words = argumentWords(command, ruleNames);
    if (words) lines.push(`${seen} -a ${quote(words.join(' '))}`);
    else if (command.argument) lines.push(`${seen} -F`);
  }
  return `${lines.join('\n')}\n`;
}

function powershell(ruleNames: readonly string[]): string {
  const list = (words: readonly string[]) => `@(${words.map((word) => `'${word.replaceAll("'", "''")}'`).join(', ')})`;
  const options = commands.map(
    (command) => `    '${command.name}' = ${list(optionsOf(command).map(({ name }) => `--${name}`))}`,
  );
  const values: string[] = [];
  const rest: string[] = [];
  for (const command of commands) {
    for (const option of optionsOf(command)) {
      const words = option.value && wordsFor(option.value.kind, option.value.choices, ruleNames);
      if (words)
        values.push(
          ...spellings(option)
            .filter((word) => word.startsWith('--'))
            .map((word) => `    '${command.name} ${word}' = ${list(words)}`),
        );
    }
    const words = argumentWords(command, ruleNames);
    if (words) rest.push(`    '${command.name}' = ${list(words)}`);
  }
  return `Register-ArgumentCompleter -Native -CommandName layerwise -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $options = @{
${options.join('\n')}
  }
  $values = @{
${values.join('\n')}
  }
  $arguments = @{
${rest.join('\n')}
  }
  $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
  $command = $words | Select-Object -Skip 1 | Where-Object { $_ -notlike '-*' } | Select-Object -First 1
  if (-not $command -or $command -eq $wordToComplete) {
    $candidates = ${list(commands.map(({ name }) => name))}
  } else {
    $previous = if ($wordToComplete) { $words[-2] } else { $words[-1] }
    $candidates = $values["$command $previous"]
    if (-not $candidates) { $candidates = if ($wordToComplete -like '-*') { $options[$command] } else { $arguments[$command] } }
  }
  $candidates | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

// Writes docs/reference/cli.md from the tree of commands; with `--check` it says whether that page is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exitCodes } from './dist/exit-codes.js';
import { makeProgram } from './dist/program.js';

const page = join(fileURLToPath(new URL('.', import.meta.url)), '..', '..', 'docs', 'reference', 'cli.md');

const program = makeProgram(() => async () => undefined);
const help = program.createHelp();

function commands(command) {
  return help
    .visibleCommands(command)
    .filter(({ parent }) => parent !== null)
    .flatMap((each) => (each.commands.length > 0 ? commands(each) : [each]));
}

function nameOf(command) {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

function optionRows(options) {
  return options.map((option) => {
    const facts = [
      ...(option.argChoices === undefined
        ? []
        : [`one of ${option.argChoices.map((each) => `\`${each}\``).join(', ')}`]),
      ...(option.defaultValue === undefined || option.negate ? [] : [`\`${option.defaultValue}\` where absent`]),
      ...(option.mandatory ? ['required'] : []),
    ];
    const text = `${option.description}${facts.length === 0 ? '' : ` (${facts.join('; ')})`}`;
    return `| \`${option.flags}\` | ${text.replaceAll('|', '\\|')} |`;
  });
}

function section(command) {
  const own = help.visibleOptions(command).filter(({ long }) => long !== '--help');
  const usage = help.commandUsage(command);
  const isDefault = command.parent?._defaultCommandName === command.name();
  return [
    `## \`${nameOf(command)}\``,
    '',
    // Options of its own; those that all commands take are named above.
    `\`${own.length === 0 ? usage.replace(' [options]', '') : usage}\`${isDefault ? `, or \`${nameOf(command.parent)}\` alone` : ''}`,
    '',
    command.description(),
    '',
    ...(own.length === 0 ? [] : ['| option | meaning |', '| --- | --- |', ...optionRows(own), '']),
  ];
}

const global = help.visibleOptions(program).filter(({ long }) => !['--help', '--version'].includes(long));
const text = `${[
  '<!-- Generated from the commands in apps/cli by `npm run generate`; do not edit. -->',
  '',
  '# The command line: every command',
  '',
  'How to begin: [cli.md](../cli.md). Every command explains itself with `--help` and takes these options:',
  '',
  '| option | meaning |',
  '| --- | --- |',
  ...optionRows(global),
  '',
  '## Exit codes',
  '',
  '| code | meaning |',
  '| --- | --- |',
  ...Object.values(exitCodes).map(({ code, meaning }) => `| ${code} | ${meaning} |`),
  '',
  ...commands(program)
    .filter((command) => command.name() !== 'help')
    .flatMap(section),
]
  .join('\n')
  .trimEnd()}\n`;

if (process.argv.includes('--check')) {
  if (!existsSync(page) || readFileSync(page, 'utf8') !== text) {
    process.stderr.write('docs/reference/cli.md is stale: run `npm run generate`\n');
    process.exitCode = 1;
  }
} else {
  writeFileSync(page, text);
}

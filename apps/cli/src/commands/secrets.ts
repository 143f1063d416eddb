import { readFile } from 'node:fs/promises';
import { answer } from '@millrace/clients';
import type { Command } from 'commander';
import type { Act } from '../action.js';
import type { Cli } from '../cli.js';
import { Failure } from '../failure.js';
import { moment } from '../terminal/format.js';
import { ask, readStdin } from '../terminal/prompt.js';
import { collect } from './listing.js';

/** `secrets` and `variables`, each with `list`, `set` and `rm`. */
export function addSecretCommands(program: Command, act: Act): void {
  const secrets = program.command('secrets').description('Values that tasks may read and nobody else.');
  secrets.command('list', { isDefault: true }).description('List the names.').action(act<[object]>(listSecrets));
  secrets
    .command('set <name>')
    .description(
      'Store a value, or a new version of it. It is read from the standard input, or asked for without an echo; never from the command line, which others on the machine can read.',
    )
    .option('--from-file <path>', 'Read the value from a file, every byte of it.')
    .action(act<[string, { readonly fromFile?: string }]>(setSecret));
  secrets
    .command('rm <name>')
    .description('Destroy a secret, every version of it.')
    .action(act<[string, object]>(removeSecret));

  const variables = program.command('variables').description('Plain text values of an environment.');
  variables
    .command('list', { isDefault: true })
    .description('List names and values.')
    .action(act<[object]>(listVariables));
  variables
    .command('set <name> <value>')
    .description('Set a variable.')
    .action(act<[string, string, object]>(setVariable));
  variables.command('rm <name>').description('Delete a variable.').action(act<[string, object]>(removeVariable));
}

async function listSecrets(cli: Cli): Promise<void> {
  const { output } = cli;
  const found = await collect((await cli.client()).list('/v1/secrets', { query: cli.inEnvironment }));
  output.result(
    { data: found },
    () =>
      output.table(found, [
        { title: 'NAME', value: ({ name }) => name },
        { title: 'VERSION', value: ({ version }) => String(version), align: 'right' },
        { title: 'SET', value: ({ createdAt }) => moment(createdAt) },
        { title: 'BY', value: ({ createdBy }) => createdBy },
      ]),
    found.map(({ name }) => name),
  );
}

async function setSecret(cli: Cli, name: string, { fromFile }: { readonly fromFile?: string }): Promise<void> {
  const value = fromFile !== undefined ? await contentOf(fromFile) : await enteredValue(cli, name);
  if (value === '') throw new Failure('usage', 'the value is empty: nothing was stored');
  const made = await answer(
    (await cli.client()).api.PUT('/v1/secrets/{name}', {
      params: { path: { name }, query: cli.inEnvironment },
      body: { value },
    }),
  );
  cli.output.result(
    made,
    () => cli.output.line(`Stored version ${made.version} of ${made.name}.`),
    String(made.version),
  );
}

async function contentOf(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new Failure('notFound', `the file ${path} cannot be read`, { code: 'cli.no_file', cause: error });
  });
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes)) {
    throw new Failure('invalid', `${path} is no UTF-8 text: encode it first, in Base64 for example`);
  }
  return text;
}

function enteredValue(cli: Cli, name: string): Promise<string> {
  if (!cli.stdin.isTTY) return readStdin(cli.stdin);
  return ask({ stdin: cli.stdin, stderr: process.stderr }, `Value of ${name}: `, '', true);
}

async function removeSecret(cli: Cli, name: string): Promise<void> {
  await (
    await cli.client()
  ).api.DELETE('/v1/secrets/{name}', {
    params: { path: { name }, query: cli.inEnvironment },
  });
  cli.output.result({ name, deleted: true }, () => cli.output.line(`Destroyed the secret ${name}.`), name);
}

async function listVariables(cli: Cli): Promise<void> {
  const { output } = cli;
  const found = await collect((await cli.client()).list('/v1/variables', { query: cli.inEnvironment }));
  output.result(
    { data: found },
    () =>
      output.table(found, [
        { title: 'NAME', value: ({ name }) => name },
        { title: 'VALUE', value: ({ value }) => JSON.stringify(value).slice(1, -1) },
        { title: 'SET', value: ({ updatedAt }) => moment(updatedAt) },
      ]),
    found.map(({ name }) => name),
  );
}

async function setVariable(cli: Cli, name: string, value: string): Promise<void> {
  const made = await answer(
    (await cli.client()).api.PUT('/v1/variables/{name}', {
      params: { path: { name }, query: cli.inEnvironment },
      body: { value },
    }),
  );
  cli.output.result(made, () => cli.output.line(`Set ${made.name}.`), made.name);
}

async function removeVariable(cli: Cli, name: string): Promise<void> {
  await (
    await cli.client()
  ).api.DELETE('/v1/variables/{name}', {
    params: { path: { name }, query: cli.inEnvironment },
  });
  cli.output.result({ name, deleted: true }, () => cli.output.line(`Deleted ${name}.`), name);
}

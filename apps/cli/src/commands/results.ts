import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { answer, type MillraceClient, type Schemas } from '@millrace/clients';
import type { Command } from 'commander';
import type { Act } from '../action.js';
import type { Cli } from '../cli.js';
import { Failure } from '../failure.js';
import { bytes, moment } from '../terminal/format.js';
import { forTerminal } from '../terminal/style.js';
import { collect } from './listing.js';

interface GetOptions {
  readonly out?: string;
  readonly force?: boolean;
}

/** `artifacts list|get`. */
export function addResultCommands(program: Command, act: Act): void {
  const artifacts = program.command('artifacts').description('The files that runs leave.');
  artifacts
    .command('list <run>')
    .description('List the artifacts of a run.')
    .option('--task <task>', 'Of this task only.')
    .action(act<[string, { readonly task?: string }]>(list));
  artifacts
    .command('get <artifact>')
    .description('Download an artifact into this folder, under its own name.')
    .option('-o, --out <file>', 'Write it here; `-` is the standard output.')
    .option('-f, --force', 'Replace a file that is there.')
    .action(act<[string, GetOptions]>(get));
}

async function list(cli: Cli, run: string, { task }: { readonly task?: string }): Promise<void> {
  const { output } = cli;
  const found = await collect(
    (await cli.client()).list('/v1/runs/{run}/artifacts', { path: { run }, query: task === undefined ? {} : { task } }),
  );
  output.result(
    { data: found },
    () =>
      output.table(found, [
        { title: 'ARTIFACT', value: ({ id }) => id },
        { title: 'NAME', value: ({ name }) => forTerminal(name) },
        { title: 'TASK', value: ({ taskId, mapIndex }) => (mapIndex < 0 ? taskId : `${taskId}[${mapIndex}]`) },
        { title: 'TYPE', value: ({ contentType }) => forTerminal(contentType) },
        { title: 'SIZE', value: ({ sizeBytes }) => bytes(sizeBytes), align: 'right' },
        { title: 'MADE', value: ({ createdAt }) => moment(createdAt) },
      ]),
    found.map(({ id }) => id),
  );
}

async function get(cli: Cli, id: string, options: GetOptions): Promise<void> {
  const { api } = await cli.client();
  const path = { artifact: id };
  const artifact = await answer(api.GET('/v1/artifacts/{artifact}', { params: { path } }));
  const content = (await answer(
    api.GET('/v1/artifacts/{artifact}/content', { params: { path }, parseAs: 'stream' }),
  )) as unknown as ReadableStream<Uint8Array> | null;
  const body =
    content === null ? Readable.from([]) : Readable.fromWeb(content as Parameters<typeof Readable.fromWeb>[0]);
  if (options.out === '-') {
    await pipeline(body, process.stdout, { end: false });
    return;
  }
  // The name is a stranger's: it must not lead out of this folder.
  const file = options.out ?? (basename(artifact.name.replaceAll('\\', '/')).replace(/^\.+/, '') || artifact.id);
  try {
    await pipeline(body, createWriteStream(file, { flags: options.force === true ? 'w' : 'wx' }));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new Failure('conflict', `there is a file ${file} already`, {
        code: 'cli.file_exists',
        hint: 'replace it with --force, or name another with --out',
      });
    }
    throw error;
  }
  cli.output.result(
    { ...artifact, file },
    () => cli.output.line(`Wrote ${file} (${bytes(artifact.sizeBytes)}).`),
    file,
  );
}

/** Prints the outputs of a run, or the value of one task's alone. */
export async function showOutputs(
  cli: Cli,
  run: string,
  task: string | undefined,
  { mapIndex }: { readonly mapIndex?: number },
): Promise<void> {
  const { output } = cli;
  const client = await cli.client();
  if (task !== undefined) {
    output.write(await outputText(client, run, task, mapIndex));
    return;
  }
  if (mapIndex !== undefined) throw new Failure('usage', '--map-index needs a task');
  const found = await collect(client.list('/v1/runs/{run}/outputs', { path: { run } }));
  const named = (each: Schemas['TaskOutput']): string =>
    each.mapIndex < 0 ? each.taskId : `${each.taskId}[${each.mapIndex}]`;
  output.result(
    { data: found },
    () => {
      for (const each of found) {
        const text = each.text ?? output.style.dim(`${bytes(each.bytes)}: millrace runs outputs ${run} ${each.taskId}`);
        output.line(`${output.style.bold(named(each))}  ${forTerminal(text)}`);
      }
    },
    found.map(({ text }) => text ?? ''),
  );
}

/** The JSON text as the task wrote it: parsing would lose digits of large numbers. */
async function outputText(
  client: MillraceClient,
  run: string,
  task: string,
  mapIndex: number | undefined,
): Promise<string> {
  const query = mapIndex === undefined ? {} : { mapIndex: String(mapIndex) };
  const path = { run, task };
  return answer(client.api.GET('/v1/runs/{run}/tasks/{task}/output', { params: { path, query }, parseAs: 'text' }));
}

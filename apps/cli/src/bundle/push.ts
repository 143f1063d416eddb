import { answer, type MillraceClient, type Schemas } from '@millrace/clients';
import { packBundle } from '@millrace/pipelines/compile';
import { gitState, messageOf, sourceOf } from './git.js';
import { loadFolder } from './load.js';
import { printChange } from './diff.js';
import { mistakes, told } from './refusals.js';
import type { Cli } from '../cli.js';
import { Failure } from '../failure.js';
import { bytes, count, duration } from '../terminal/format.js';
import type { Output } from '../terminal/output.js';
import { forTerminal } from '../terminal/style.js';

export interface PushOptions {
  readonly dryRun?: boolean;
  readonly message?: string;
  readonly activate: boolean;
}

type Deployment = Schemas['Deployment'];

const pollMs = 1_000;

/** Packs and deploys a folder. */
export async function push(cli: Cli, folder = '.', options: PushOptions): Promise<void> {
  const { output } = cli;
  const startedAt = performance.now();
  const client = await cli.client('long');
  const loaded = await loadFolder(folder);
  if (loaded.problems.length > 0) throw mistakes(output, loaded, loaded.problems);
  const packed = await packBundle(loaded.bundle.files);
  output.note(`Packed ${count(packed.files.length, 'file')}, ${bytes(packed.bytes.length)}`);
  const upload = { bodySerializer: () => packed.bytes, headers: { 'content-type': 'application/gzip' } };
  if (options.dryRun === true) {
    const valid = await told(output, loaded, () =>
      answer(
        client.api.POST('/v1/deployments:validate', { params: { query: cli.inEnvironment }, body: '', ...upload }),
      ),
    );
    output.result(
      valid,
      () => {
        for (const { pipeline, tasks } of valid.pipelines)
          output.line(`${output.style.green('✓')} ${pipeline}  ${count(tasks, 'task')}`);
        for (const change of valid.changes.filter((each) => each.change !== 'unchanged')) printChange(output, change);
        output.line('Nothing wrong; nothing was changed.');
      },
      valid.pipelines.map(({ pipeline }) => pipeline),
    );
    return;
  }
  const git = await gitState(folder);
  const message = options.message ?? (git === undefined ? undefined : messageOf(git));
  const query = {
    ...cli.inEnvironment,
    ...(message === undefined ? {} : { message }),
    ...(git === undefined ? {} : sourceOf(git)),
    ...(options.activate ? {} : { activate: 'false' as const }),
  };
  const made = await told(output, loaded, () =>
    answer(client.api.POST('/v1/deployments', { params: { query }, body: '', ...upload })),
  );
  const done = made.state === 'building' ? await followBuild(output, client, made) : made;
  report(output, done, performance.now() - startedAt);
}

/** Waits for the end of the builds and prints their log as it comes. */
async function followBuild(output: Output, client: MillraceClient, made: Deployment): Promise<Deployment> {
  const path = { deployment: made.id };
  output.note(`${made.id}: building dependencies (${made.dependencies.map(({ kind }) => kind).join(', ')})`);
  let printed = 0;
  for (let now = made; ;) {
    const ended = now.state !== 'building';
    const text = await answer(
      client.api.GET('/v1/deployments/{deployment}/log', { params: { path }, parseAs: 'text' }),
    );
    const more = text.slice(printed);
    if (more !== '')
      output.note(
        more
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => output.style.dim(`  ${forTerminal(line)}`))
          .join('\n'),
      );
    printed = text.length;
    if (ended) return now;
    const query = { wait: `${pollMs}ms` };
    now = await answer(client.api.GET('/v1/deployments/{deployment}', { params: { path, query } }));
  }
}

function report(output: Output, deployment: Deployment, ms: number): void {
  const { style } = output;
  if (deployment.state === 'failed') {
    const { error } = deployment;
    if (output.json) output.write(JSON.stringify(deployment));
    throw new Failure('invalid', `the deployment failed: ${error?.message ?? 'unknown'}`, {
      code: error?.code ?? 'deployment.failed',
      errors: error?.errors ?? [],
      hint: `its log: millrace deployments log ${deployment.id}`,
    });
  }
  output.result(
    deployment,
    () => {
      for (const { pipeline, number, isNew, activated } of deployment.versions) {
        const what = [isNew ? style.green('new') : 'unchanged', activated ? '' : 'not active'].filter(
          (part) => part !== '',
        );
        output.line(`${style.green('✓')} ${style.bold(pipeline)} v${number}  ${what.join(', ')}`);
      }
      output.line(style.dim(`${deployment.id} in ${duration(ms)}`));
    },
    deployment.versions.map(({ pipeline, number }) => `${pipeline} ${number}`),
  );
}

import { answer, type Schemas } from '@millrace/clients';
import { packBundle } from '@millrace/pipelines/compile';
import type { Cli } from '../cli.js';
import { Silent } from '../failure.js';
import type { Output } from '../terminal/output.js';
import { forTerminal } from '../terminal/style.js';
import { loadFolder } from './load.js';
import { mistakes, told } from './refusals.js';

export interface DiffOptions {
  readonly folder?: string;
  readonly exitCode?: boolean;
}

type PipelineChange = Schemas['PipelineChange'];

/** Compares the folder with the environment or with `from`, or `from` with `to`. */
export async function diff(
  cli: Cli,
  from: string | undefined,
  to: string | undefined,
  options: DiffOptions,
): Promise<void> {
  const { output } = cli;
  const found = to === undefined ? await withFolder(cli, from, options.folder ?? '.') : await between(cli, from, to);
  const changed = found.pipelines.filter(({ change }) => change !== 'unchanged');
  output.result(
    found,
    () => {
      for (const each of changed) printChange(output, each);
      if (changed.length === 0) output.line('Nothing differs.');
    },
    changed.map(({ pipeline }) => pipeline),
  );
  if (options.exitCode === true && changed.length > 0) throw new Silent('failed');
}

async function between(cli: Cli, from: string | undefined, to: string): Promise<Schemas['DeploymentDiff']> {
  const { api } = await cli.client();
  const query = { ...cli.inEnvironment, ...(from === undefined ? {} : { from }), to };
  return answer(api.POST('/v1/deployments:diff', { params: { query }, body: undefined as never }));
}

async function withFolder(cli: Cli, from: string | undefined, folder: string): Promise<Schemas['DeploymentDiff']> {
  const { api } = await cli.client('long');
  const loaded = await loadFolder(folder);
  if (loaded.problems.length > 0) throw mistakes(cli.output, loaded, loaded.problems);
  const packed = await packBundle(loaded.bundle.files);
  const query = { ...cli.inEnvironment, ...(from === undefined ? {} : { from }) };
  return told(cli.output, loaded, () =>
    answer(
      api.POST('/v1/deployments:diff', {
        params: { query },
        body: '',
        bodySerializer: () => packed.bytes,
        headers: { 'content-type': 'application/gzip' },
      }),
    ),
  );
}

/** Values of a change that are shown in full. */
const maxValue = 60;

/** Prints what is different of one pipeline. */
export function printChange(output: Output, change: PipelineChange): void {
  const { style } = output;
  const signs = { added: style.green('+'), changed: style.yellow('~'), removed: style.red('-'), unchanged: ' ' };
  const number = (ref: PipelineChange['from']): string => (ref === null ? '' : ` v${ref.number}`);
  const versions =
    change.from === null || change.to === null
      ? number(change.from ?? change.to)
      : `${number(change.from)} →${number(change.to)}`;
  output.line(`${signs[change.change]} ${style.bold(change.pipeline)}${versions}`);
  const field = ({ path, change: what, from, to }: Schemas['FieldChange']): string =>
    `${signs[what]} ${path}  ${what === 'added' ? value(to) : what === 'removed' ? value(from) : `${value(from)} → ${value(to)}`}`;
  for (const each of change.fields) output.line(`    ${field(each)}`);
  for (const task of change.tasks) {
    output.line(`    ${signs[task.change]} task ${task.task}${task.codeChanged ? style.dim('  its code') : ''}`);
    if (task.change === 'changed') for (const each of task.fields) output.line(`        ${field(each)}`);
  }
  for (const { path, change: what } of change.files) output.line(style.dim(`    ${signs[what]} ${forTerminal(path)}`));
  const hidden = change.filesChanged - change.files.length;
  if (hidden > 0) output.line(style.dim(`    … and ${hidden} more files`));
  for (const { kind } of change.dependencies) output.line(`    ${style.yellow('~')} dependencies (${kind})`);
}

function value(of: unknown): string {
  const text = forTerminal(JSON.stringify(of) ?? 'null');
  return text.length > maxValue ? `${text.slice(0, maxValue)}…` : text;
}

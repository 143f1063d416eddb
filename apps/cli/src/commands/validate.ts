import type { Command } from 'commander';
import type { Act } from '../action.js';
import { check, loadFolder } from '../bundle/load.js';
import { printProblems } from '../bundle/problems.js';
import type { Cli } from '../cli.js';
import { Silent } from '../failure.js';
import { count, duration } from '../terminal/format.js';

/** `validate [folder]`. */
export function addValidateCommand(program: Command, act: Act): void {
  program
    .command('validate [folder]')
    .summary('Check the pipelines of a folder')
    .description(
      'Makes the checks of a deployment on this computer, without an account: definitions, expressions, code. Each mistake is shown with its place.',
    )
    .action(act<[string | undefined, object]>(validate));
}

async function validate(cli: Cli, folder = '.'): Promise<void> {
  const { output } = cli;
  const startedAt = performance.now();
  const loaded = await loadFolder(folder);
  const { problems, pipelines } = await check(loaded);
  const valid = problems.length === 0;
  const named = valid ? pipelines.map(({ name, sourceFile }) => ({ pipeline: name, file: sourceFile ?? null })) : [];
  output.result(
    { valid, pipelines: named, files: loaded.bundle.files.size, errors: problems },
    () => {
      if (!valid) {
        printProblems(output, problems, loaded.read);
        return;
      }
      const { style } = output;
      for (const { pipeline, file } of named)
        output.line(`${style.green('✓')} ${style.bold(pipeline)}  ${style.dim(file ?? '')}`);
      const took = duration(performance.now() - startedAt);
      output.line(
        `${count(named.length, 'pipeline')} in ${count(loaded.bundle.files.size, 'file')}, nothing wrong (${took})`,
      );
    },
    problems.map(({ file, line, column, message }) => `${file ?? ''}:${line ?? 0}:${column ?? 0}: ${message}`),
  );
  if (!valid) throw new Silent('invalid');
}

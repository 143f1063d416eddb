import { check, loadFolder } from './load.js';
import { printProblems } from './problems.js';
import type { Cli } from '../cli.js';
import { Silent } from '../failure.js';
import { definitionPath } from '../rehearse/emit/emit.js';
import { count, duration } from '../terminal/format.js';

/** Checks a folder and says what is wrong with it. */
export async function validate(cli: Cli, folder = '.'): Promise<void> {
  const { output } = cli;
  const startedAt = performance.now();
  const loaded = await loadFolder(folder);
  const { problems, pipelines } = await check(loaded);
  const valid = problems.length === 0;
  const written = new Map(loaded.emitted.map((one) => [definitionPath(one), one.file]));
  const named = valid
    ? pipelines.map(({ name, sourceFile = '' }) => ({ pipeline: name, file: written.get(sourceFile) ?? sourceFile }))
    : [];
  output.result(
    { valid, pipelines: named, files: loaded.bundle.files.size, errors: problems },
    () => {
      if (!valid) {
        printProblems(output, problems, loaded.read);
        return;
      }
      const { style } = output;
      for (const { pipeline, file } of named)
        output.line(`${style.green('✓')} ${style.bold(pipeline)}  ${style.dim(file)}`);
      const took = duration(performance.now() - startedAt);
      output.line(
        `${count(named.length, 'pipeline')} in ${count(loaded.bundle.files.size, 'file')}, nothing wrong (${took})`,
      );
    },
    problems.map(({ file, line, column, message }) => `${file ?? ''}:${line ?? 0}:${column ?? 0}: ${message}`),
  );
  if (!valid) throw new Silent('invalid');
}

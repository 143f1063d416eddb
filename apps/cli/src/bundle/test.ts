import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Cli } from '../cli.js';
import { Failure, Silent } from '../failure.js';
import { caseLines, junitXml, passed, rehearse, type ReportStyle, summaryLine } from '../rehearse/index.js';
import { printProblems } from './problems.js';

export interface TestOptions {
  readonly file?: readonly string[];
  readonly name?: string;
  readonly junit?: string;
}

/** Rehearses a folder and says which cases passed. */
export async function test(cli: Cli, folder = '.', options: TestOptions): Promise<void> {
  const { output } = cli;
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    throw new Failure('notFound', `there is no folder ${folder}`, { code: 'cli.no_folder' });
  }
  const { green, red, dim } = output.style;
  const style: ReportStyle = { good: green, bad: red, faint: dim };
  const result = await rehearse({
    folder,
    ...(options.file === undefined ? {} : { files: options.file }),
    ...(options.name === undefined ? {} : { name: options.name }),
    onCase: (one) => {
      for (const line of caseLines(one, style)) output.line(line);
    },
  });
  if (options.junit !== undefined) {
    await mkdir(dirname(options.junit), { recursive: true });
    await writeFile(options.junit, junitXml(result));
  }
  const sources = await readSources(
    folder,
    result.problems.flatMap(({ file }) => (file === undefined ? [] : [file])),
  );
  const failed = result.cases.filter((one) => !passed(one));
  output.result(
    result,
    () => {
      if (result.problems.length > 0) printProblems(output, result.problems, (file) => sources.get(file));
      output.line(summaryLine(result, style));
    },
    failed.map((one) => `${one.file}:${one.line}: ${one.name}`),
  );
  if (result.problems.length > 0) throw new Silent('invalid');
  if (!result.ok) throw new Silent('failed');
}

async function readSources(folder: string, files: readonly string[]): Promise<Map<string, string>> {
  const names = [...new Set(files)];
  const texts = await Promise.all(names.map((file) => readFile(join(folder, file), 'utf8').catch(() => undefined)));
  return new Map(names.flatMap((file, index) => (texts[index] === undefined ? [] : [[file, texts[index]] as const])));
}

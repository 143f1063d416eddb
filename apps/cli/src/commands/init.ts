import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Act } from '../action.js';
import type { Cli } from '../cli.js';
import { Failure } from '../failure.js';
import { starter } from '../starter/files.js';

interface InitOptions {
  readonly sdk?: boolean;
  readonly force?: boolean;
}

/** `init [folder]`. */
export function addInitCommand(program: Command, act: Act): void {
  program
    .command('init [folder]')
    .summary('Make a starter project')
    .description('Writes a small pipeline that works, with a test, into a folder that is new or empty.')
    .option('--sdk', 'Write the pipeline in TypeScript instead of YAML.')
    .option('-f, --force', 'Write into a folder that is not empty; files of the same names are kept.')
    .action(act<[string | undefined, InitOptions]>(init));
}

async function init(cli: Cli, folder = '.', options: InitOptions): Promise<void> {
  const { output } = cli;
  const target = resolve(folder);
  const present = await readdir(target).catch(() => []);
  if (present.filter((name) => name !== '.git').length > 0 && options.force !== true) {
    throw new Failure('conflict', `${target} is not empty`, {
      code: 'cli.folder_not_empty',
      hint: 'name another folder, or add --force',
    });
  }
  const written: string[] = [];
  for (const [path, text] of starter(projectName(target), options.sdk === true ? 'sdk' : 'yaml')) {
    await mkdir(dirname(join(target, path)), { recursive: true });
    try {
      await writeFile(join(target, path), text, { flag: 'wx' });
      written.push(path);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
  const enter = folder === '.' ? '' : `cd ${folder} && `;
  output.result(
    { folder: target, files: written },
    () => {
      for (const path of written) output.line(`  ${output.style.green('+')} ${path}`);
      output.line();
      output.line(`Next: ${enter}millrace test && millrace push && millrace run hello --watch`);
    },
    written,
  );
}

/** A name of the project as pipelines take it. */
function projectName(folder: string): string {
  return (
    basename(folder)
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, '-')
      .replaceAll(/^-+|-+$/g, '') || 'project'
  );
}

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Act } from '../action.js';
import type { Cli } from '../cli.js';
import { Failure, Silent } from '../failure.js';

interface Place {
  readonly checkout?: string;
}

/** `backup` and `restore`: not of the API, but of the machine that runs the platform. */
export function addBackupCommands(program: Command, act: Act): void {
  const place = ['--checkout <folder>', 'Where the platform is installed; else found from here upwards.'] as const;
  program
    .command('backup <folder>')
    .description('Write a backup of the platform that runs from a checkout on this machine.')
    .option(...place)
    .action(act<[string, Place]>((cli, folder, { checkout }) => work(cli, 'backup', [resolve(folder)], checkout)));
  program
    .command('restore <folder>')
    .description('Put a backup into the empty data folder of a checkout on this machine.')
    .requiredOption('--master-key <file>', 'The key of the platform that the backup was taken of.')
    .option(...place)
    .action(
      act<[string, Place & { readonly masterKey: string }]>((cli, folder, { checkout, masterKey }) =>
        work(cli, 'restore', [resolve(folder), '--master-key', resolve(masterKey)], checkout),
      ),
    );
}

/** The program of the checkout does it, with its own output and its own refusals. */
async function work(
  cli: Cli,
  command: 'backup' | 'restore',
  args: readonly string[],
  given: string | undefined,
): Promise<void> {
  const checkout = given === undefined ? await findCheckout(process.cwd()) : await asCheckout(resolve(given));
  if (checkout === undefined) {
    throw new Failure(
      'notFound',
      `there is no installation of Millrace ${given === undefined ? 'here, or in a folder above' : `in ${given}`}`,
      {
        code: 'cli.no_checkout',
        hint: `a ${command} works on the files and databases of a platform, which its API never hands out: run this on the machine that runs it, in its checkout or with --checkout`,
      },
    );
  }
  const child = spawn(process.execPath, [join(checkout, 'scripts', `${command}.mjs`), ...args], {
    cwd: checkout,
    // A document is all that --json may print; the program speaks to people.
    stdio: ['ignore', cli.output.json || cli.output.quiet ? 2 : 'inherit', 'inherit'],
  });
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('exit', done);
  });
  if (code !== 0) throw new Silent(code === null ? 'interrupted' : 'failed');
  const [folder = ''] = args;
  cli.output.result({ command, folder, checkout }, () => undefined, folder);
}

async function findCheckout(from: string): Promise<string | undefined> {
  const found = await asCheckout(from);
  const above = dirname(from);
  return found ?? (above === from ? undefined : findCheckout(above));
}

/** The folder, where it holds the programs of the platform. */
async function asCheckout(folder: string): Promise<string | undefined> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      readonly name?: unknown;
      readonly scripts?: Readonly<Record<string, unknown>>;
    };
    return manifest.name === 'millrace' && manifest.scripts?.['backup'] !== undefined ? folder : undefined;
  } catch {
    return undefined;
  }
}

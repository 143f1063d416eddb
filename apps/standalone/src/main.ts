import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DomainError } from '@millrace/kernel';
import { environment, readStandaloneConfig } from './config.js';
import { say } from './progress.js';

const startFlags = {
  reset: { type: 'boolean', default: false },
  detach: { type: 'boolean', default: false },
  'no-tour': { type: 'boolean', default: false },
  background: { type: 'boolean', default: false },
} as const;

async function startCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: startFlags });
  if (values.detach) {
    const { startDetached } = await import('./detach.js');
    await startDetached(args.filter((arg) => arg !== '--detach'));
    return;
  }
  const { start } = await import('./start.js');
  await start({ reset: values.reset, tour: !values['no-tour'], background: values.background });
  // A start that was given up may still wait for an answer that no longer matters.
  process.exit(0);
}

async function statusCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
  const { printStatus } = await import('./status.js');
  if (!(await printStatus(values.json))) process.exitCode = 1;
}

async function tourCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
  const { tour } = await import('./walk-tour.js');
  if (!(await tour({ json: values.json }))) process.exitCode = 1;
}

async function backupCommand(args: string[]): Promise<void> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0) {
    throw new DomainError('invalid', 'backup.usage', 'name one folder for the backup: npm run backup -- FOLDER');
  }
  const { takeBackup } = await import('./backup/take.js');
  await takeBackup(target);
}

async function restoreCommand(args: string[]): Promise<void> {
  const options = { 'master-key': { type: 'string' } } as const;
  const { positionals, values } = parseArgs({ args, options, allowPositionals: true });
  const [source, ...more] = positionals;
  if (source === undefined || more.length > 0) {
    const usage = 'npm run restore -- FOLDER --master-key FILE';
    throw new DomainError('invalid', 'backup.usage', `name the folder of one backup: ${usage}`);
  }
  const { restoreBackup } = await import('./backup/restore.js');
  await restoreBackup(source, values['master-key']);
}

/** Finds or fetches the Temporal server before the tests need it; the last line is its path, or `address`. */
async function temporalCommand(): Promise<void> {
  const { findTemporal } = await import('./temporal-source.js');
  const config = readStandaloneConfig(environment);
  const address = config.temporalAddress ?? config.foreignTemporalAddress;
  const found = await findTemporal({ address, binary: config.temporalBin, env: environment, say });
  process.stdout.write(`${found.kind === 'binary' ? found.path : 'address'}\n`);
}

// Each command loads what it needs: asking for the status should not take as long as a start.
const commands: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
  start: startCommand,
  stop: async () => {
    const { stop } = await import('./stop.js');
    await stop();
  },
  status: statusCommand,
  tour: tourCommand,
  backup: backupCommand,
  restore: restoreCommand,
  'find-temporal': () => temporalCommand(),
};

/** Runs a command of the standalone platform; a refusal is printed and becomes exit code 1. */
export async function main(args: readonly string[]): Promise<void> {
  const [name = 'start', ...rest] = args;
  try {
    const command = commands[name];
    if (command === undefined) throw new DomainError('invalid', 'standalone.command', `unknown command: ${name}`);
    await command(rest);
  } catch (error) {
    const expected =
      error instanceof DomainError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true;
    const text = error instanceof Error ? (expected ? error.message : error.stack) : String(error);
    process.stderr.write(`\n${text ?? ''}\n`);
    process.exitCode = 1;
  }
}

// The reader of our output may be gone before we are; that is no reason to fail.
process.stdout.on('error', () => undefined);
const invoked = process.argv[1];
if (invoked !== undefined && realpathSync(invoked) === fileURLToPath(import.meta.url))
  await main(process.argv.slice(2));

import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import type { Act } from '../action.js';
import type { Cli } from '../cli.js';
import type { CliConfig } from '../config.js';

/** `open [run]`. */
export function addOpenCommand(program: Command, act: Act): void {
  program
    .command('open [run]')
    .description(
      'Open the console in a browser, at a run where one is named; prints the address where there is no browser.',
    )
    .action(act<[string | undefined, object]>(open));
}

async function open(cli: Cli, run: string | undefined): Promise<void> {
  const { url } = await cli.account();
  const address = run === undefined ? `${url}/` : `${url}/runs/${encodeURIComponent(run)}`;
  const opened = !cli.output.json && !cli.output.quiet && (await start(cli.config, address));
  cli.output.result({ url: address }, () => cli.output.line(opened ? `Opened ${address}` : address), address);
}

/** Gives true once the program that opens pages has been started. */
function start(config: CliConfig, address: string): Promise<boolean> {
  const [program, ...args] =
    config.browser !== undefined
      ? [config.browser]
      : process.platform === 'darwin'
        ? ['open']
        : process.platform === 'win32'
          ? ['cmd', '/c', 'start', '""']
          : ['xdg-open'];
  return new Promise((resolve) => {
    const child = spawn(program ?? 'xdg-open', [...args, address], { detached: true, stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

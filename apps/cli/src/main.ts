#!/usr/bin/env node
import { type Command } from 'commander';
import type { Act } from './action.js';
import { Cli, type GlobalOptions } from './cli.js';
import { type CliConfig, readConfig } from './config.js';
import { exitCodes } from './exit-codes.js';
import { Failure, Silent, toFailure } from './failure.js';
import { suggestNames } from './commands/completion.js';
import { makeProgramWithCompletions } from './program.js';
import { Output } from './terminal/output.js';
import { ansiStyle, noStyle } from './terminal/style.js';

/** Leaves as soon as everything that was printed is on its way; connections that are kept alive would hold us. */
function leave(code: number): void {
  process.exitCode = code;
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

function makeOutput(config: CliConfig, options: GlobalOptions): Output {
  const painted = (stream: { readonly isTTY?: boolean }): boolean =>
    options.color !== false && (config.forceColor || (stream.isTTY === true && !config.noColor));
  return new Output(process.stdout, process.stderr, {
    json: options.json === true,
    quiet: options.quiet === true,
    style: painted(process.stdout) ? ansiStyle : noStyle,
    errorStyle: painted(process.stderr) ? ansiStyle : noStyle,
  });
}

/** Prints why a command failed and gives its exit code. */
function report(error: unknown, output: Output): number {
  if (error instanceof Silent) return error.exitCode;
  const failure = toFailure(error);
  if (failure === undefined) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    output.failure(new Failure('failed', `this is a mistake in millrace itself: ${told}`, { code: 'cli.bug' }));
    return exitCodes.failed.code;
  }
  // Commander has printed help, version or usage already.
  if (failure.code === 'cli.usage' && !output.json) return failure.exitCode;
  if (failure.exitCode !== 0) output.failure(failure);
  return failure.exitCode;
}

async function main(): Promise<void> {
  const config = readConfig();
  // Who reads us may have seen enough (`millrace logs … | head`): that is no failure.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(exitCodes.ok.code);
      throw error;
    });
  }
  const wantsJson = process.argv.includes('--json');
  let output = makeOutput(config, { json: wantsJson });
  const act: Act =
    (work) =>
    async (...given) => {
      const command = given.at(-1) as Command;
      const options = command.optsWithGlobals<GlobalOptions>();
      output = makeOutput(config, options);
      await work(new Cli(config, options, output, process.stdin), ...(given.slice(0, -1) as never));
    };
  try {
    const { program, completions } = makeProgramWithCompletions(act);
    const [asked, dashes, ...words] = process.argv.slice(2);
    if (asked === 'complete' && dashes === '--') {
      await suggestNames(completions, new Cli(config, optionsIn(words), output, process.stdin), words);
    }
    if (wantsJson) for (const command of everyCommand(program)) command.configureOutput({ writeErr: () => undefined });
    await program.parseAsync(process.argv);
    leave(exitCodes.ok.code);
  } catch (error) {
    leave(report(error, output));
  }
}

/** The options that say whose names are meant, as far as they are written by now. */
function optionsIn(words: readonly string[]): GlobalOptions {
  const after = (...names: readonly string[]): string | undefined => {
    const at = words.findIndex((word) => names.includes(word));
    return at < 0 || at >= words.length - 2 ? undefined : words[at + 1];
  };
  const [environment, profile, url] = [after('--environment', '-e'), after('--profile'), after('--url')];
  return {
    ...(environment === undefined ? {} : { environment }),
    ...(profile === undefined ? {} : { profile }),
    ...(url === undefined ? {} : { url }),
  };
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap((each) => everyCommand(each))];
}

await main();

import type { Command } from 'commander';
import type { Act } from '../action.js';
import type { TestOptions } from '../bundle/test.js';
import { gather } from '../terminal/options.js';

/** `test [folder]`. */
export function addTestCommand(program: Command, act: Act): void {
  program
    .command('test [folder]')
    .summary('Rehearse the pipelines of a folder')
    .description(
      'Runs the cases of the *.test.yaml files of a folder on this computer, with tasks mocked and time that takes none; no account is needed.',
    )
    .option('--file <path>', 'This test file only (repeat it); a path in the folder.', gather)
    .option('--name <text>', 'Cases whose name holds this text only.')
    .option('--junit <path>', 'Write the results as JUnit XML as well.')
    .action(
      act<[string | undefined, TestOptions]>(async (cli, folder, options) => {
        // The compiler is loaded by the commands that need it only.
        const { test } = await import('../bundle/test.js');
        await test(cli, folder, options);
      }),
    );
}

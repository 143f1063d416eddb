import type { Command } from 'commander';
import type { Act } from '../action.js';
import type { PushOptions } from '../bundle/push.js';

/** `push [folder]`. */
export function addPushCommand(program: Command, act: Act): void {
  program
    .command('push [folder]')
    .summary('Deploy the pipelines of a folder')
    .description(
      'Packs the folder, deploys it, and follows the builds of its dependencies. Left out is what .millraceignore names, or .gitignore where there is none, besides .git, node_modules, .venv and .env files.',
    )
    .option('-m, --message <text>', 'What it is about; the commit of git where absent.')
    .option('--dry-run', 'Let the platform check everything and change nothing.')
    .option('--no-activate', 'Make the versions, but leave the active ones as they are.')
    .action(
      act<[string | undefined, PushOptions]>(async (cli, folder, options) => {
        // The compiler is loaded by the commands that need it only.
        const { push } = await import('../bundle/push.js');
        await push(cli, folder, options);
      }),
    );
}

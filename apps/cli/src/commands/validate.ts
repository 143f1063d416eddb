import type { Command } from 'commander';
import type { Act } from '../action.js';

/** `validate [folder]`. */
export function addValidateCommand(program: Command, act: Act): void {
  program
    .command('validate [folder]')
    .summary('Check the pipelines of a folder')
    .description(
      'Makes the checks of a deployment on this computer, without an account: definitions, expressions, code. Each mistake is shown with its place.',
    )
    .action(
      act<[string | undefined, object]>(async (cli, folder) => {
        // The compiler is loaded by the commands that need it only.
        const { validate } = await import('../bundle/validate.js');
        await validate(cli, folder);
      }),
    );
}

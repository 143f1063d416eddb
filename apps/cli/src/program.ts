import { Command, Option } from 'commander';
import type { Act } from './action.js';
import { addAccountCommands } from './commands/account.js';
import { addBackupCommands } from './commands/backup.js';
import { addCompletion } from './commands/completion.js';
import { addConnectionCommands } from './commands/connections.js';
import { addCostCommands } from './commands/costs.js';
import { addEnvironmentCommands } from './commands/environments.js';
import { addInitCommand } from './commands/init.js';
import { addKeyCommands } from './commands/keys.js';
import { addLogsCommand } from './commands/logs.js';
import { addMemberCommands } from './commands/members.js';
import { addOpenCommand } from './commands/open.js';
import { addPipelineCommands } from './commands/pipelines.js';
import { addPoolCommands } from './commands/pools.js';
import { addPushCommand } from './commands/push.js';
import { addResultCommands } from './commands/results.js';
import { addRunCommand } from './commands/run.js';
import { addRunsCommands } from './commands/runs.js';
import { addSecretCommands } from './commands/secrets.js';
import { addTestCommand } from './commands/test.js';
import { addValidateCommand } from './commands/validate.js';
import { addVersionCommands } from './commands/versions.js';
import { addWebhookCommands } from './commands/webhooks.js';
import { exitCodes } from './exit-codes.js';
import { version } from './version.js';

/** The tree of all commands; `act` makes the action of each. */
export function makeProgram(act: Act): Command {
  return makeProgramWithCompletions(act).program;
}

/** The same with what completes it. */
export function makeProgramWithCompletions(act: Act): {
  readonly program: Command;
  readonly completions: ReturnType<typeof addCompletion>;
} {
  const program = new Command('millrace')
    .description('Data pipelines as code, on a Millrace platform.')
    .version(version, '-V, --version', 'Print the version.')
    .helpOption('-h, --help', 'Explain a command.')
    .helpCommand('help [command]', 'Explain a command.')
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .exitOverride()
    .addOption(new Option('--profile <name>', 'Which of the stored log-ins (MILLRACE_PROFILE).'))
    .addOption(new Option('--url <url>', 'Address of the platform (MILLRACE_URL).'))
    .addOption(new Option('-e, --environment <slug>', 'Environment (MILLRACE_ENVIRONMENT); else the one of the key.'))
    .addOption(new Option('--json', 'Print JSON: one document, or a line for each event of a stream.'))
    .addOption(new Option('-q, --quiet', 'Print ids and values only.'))
    .addOption(new Option('--no-color', 'Print without colours (NO_COLOR).'))
    .addHelpText('after', exitCodeHelp());

  program.commandsGroup('Account:');
  addAccountCommands(program, act);
  program.commandsGroup('Develop:');
  addInitCommand(program, act);
  addValidateCommand(program, act);
  addTestCommand(program, act);
  program.commandsGroup('Deploy:');
  addPushCommand(program, act);
  addVersionCommands(program, act);
  addPipelineCommands(program, act);
  program.commandsGroup('Run:');
  addRunCommand(program, act);
  addRunsCommands(program, act);
  addLogsCommand(program, act);
  addResultCommands(program, act);
  program.commandsGroup('Costs:');
  addCostCommands(program, act);
  program.commandsGroup('Environment:');
  addSecretCommands(program, act);
  addConnectionCommands(program, act);
  addPoolCommands(program, act);
  addWebhookCommands(program, act);
  program.commandsGroup('Organization:');
  addEnvironmentCommands(program, act);
  addMemberCommands(program, act);
  addKeyCommands(program, act);
  program.commandsGroup('More:');
  addOpenCommand(program, act);
  addBackupCommands(program, act);
  const completions = addCompletion(program);
  return { program, completions };
}

function exitCodeHelp(): string {
  const lines = Object.values(exitCodes).map(({ code, meaning }) => `  ${String(code).padEnd(3)}  ${meaning}`);
  return `\nExit codes:\n${lines.join('\n')}`;
}

import { type ConfigOf, readConfig, settings } from '@millrace/platform';

const shape = { logLevel: settings.logLevel };

export type RunnerConfig = ConfigOf<typeof shape>;

/** What a runner process knows before it has an assignment; everything else comes with that. */
export function readRunnerConfig(): RunnerConfig {
  return readConfig(shape, process.env);
}

/** After the change of user: where this process's own and its libraries' files belong. */
export function moveHome(home: string): void {
  process.env['HOME'] = home;
  process.env['TMPDIR'] = home;
  process.env['USER'] = '';
  process.env['LOGNAME'] = '';
}

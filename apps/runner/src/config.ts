import { allowedTestFault, type LogLevel, readConfig, settings } from '@millrace/platform';

const shape = { logLevel: settings.logLevel, environment: settings.environment, testFault: settings.testFault };

export interface RunnerConfig {
  readonly logLevel: LogLevel;
  /** False only where tests break it: what was offered too late must not begin. */
  readonly buriesLateOffers: boolean;
}

/** What a runner process knows before it has an assignment; everything else comes with that. */
export function readRunnerConfig(): RunnerConfig {
  const { logLevel, environment, testFault } = readConfig(shape, process.env);
  return { logLevel, buriesLateOffers: allowedTestFault(environment, testFault) !== 'no-tombstone' };
}

/** After the change of user: where this process's own and its libraries' files belong. */
export function moveHome(home: string): void {
  process.env['HOME'] = home;
  process.env['TMPDIR'] = home;
  process.env['USER'] = '';
  process.env['LOGNAME'] = '';
}

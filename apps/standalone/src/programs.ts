import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { startServerProcess } from '@millrace/embedded';
import type { InstanceFolder } from './instance-folder.js';
import type { Runtime } from './runtime-folder.js';
import type { Service } from './supervisor.js';

/** How to start the platform's own programs. */
export interface ProgramContext {
  readonly folder: InstanceFolder;
  readonly runtime: Runtime;
  /** What every program gets: PATH, proxies, certificates, log level. */
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
}

export interface Program {
  readonly name: 'api' | 'orchestrator' | 'pool-controller';
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True where the program keeps root's rights when the platform was started with them. */
  readonly privileged: boolean;
  readonly port?: number;
  /** Where it says that it is ready; absent, running is all that is asked. */
  readonly readyUrl?: string;
}

/** True once the address answers 200; certificates are not checked, since the name in them is not this machine's. */
export function answersOk(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const secure = url.startsWith('https:');
    const options = { timeout: 5_000, agent: false as const, rejectUnauthorized: false };
    const call = (secure ? httpsRequest : httpRequest)(url, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.once('timeout', () => call.destroy());
    call.once('error', () => resolve(false));
    call.end();
  });
}

/**
 * One machine runs everything, and most of the time at rest: a young generation of at most 4 MiB instead of 16, two
 * heaps of the C library instead of eight for each core, and no source maps, which Node.js reads for each module in
 * advance. What is compiled reads nearly as what it was compiled from.
 */
const frugal = { flags: ['--max-semi-space-size=4'], env: { MALLOC_ARENA_MAX: '2' } } as const;

/** A program of `apps/` as a service. */
export function programService(context: ProgramContext, program: Program): Service {
  const { folder, runtime, baseEnv } = context;
  const main = join(runtime.folder, 'apps', program.name, 'dist', 'main.js');
  const { readyUrl } = program;
  const logFile = join(folder.paths.logs, `${program.name}.log`);
  const user = program.privileged ? undefined : folder.user;
  // Root's home folder is closed to the unprivileged user, and no program should find its tools' settings there.
  const home = user === undefined ? {} : { HOME: folder.paths.scratch };
  return {
    name: program.name,
    logFile,
    start: async (signal) => {
      const running = await startServerProcess({
        name: program.name,
        program: runtime.node,
        args: [...frugal.flags, main],
        env: { ...frugal.env, ...baseEnv, ...home, ...program.env },
        cwd: runtime.folder,
        user,
        logFile,
        stateFile: join(folder.paths.state, `${program.name}.json`),
        ...(program.port === undefined ? {} : { port: program.port }),
        isReady: () => (readyUrl === undefined ? Promise.resolve(true) : answersOk(readyUrl)),
        readyTimeoutMs: 120_000,
        stopSignal: 'SIGTERM',
        stopGraceMs: 8_000,
        signal,
      });
      return program.port === undefined ? running : { ...running, port: program.port };
    },
  };
}

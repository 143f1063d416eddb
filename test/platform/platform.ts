import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface PlatformProcess {
  readonly name: string;
  /** Null while it is being started. */
  readonly pid: number | null;
  readonly port: number | null;
}

export interface PlatformStatus {
  readonly pid: number;
  readonly home: string;
  readonly processes: readonly PlatformProcess[];
}

export interface PlatformOptions {
  /** Checkout that is started. */
  readonly root: string;
  /** Private host:port pairs that are open to an organization. */
  readonly egressOpen: readonly { readonly organization: string; readonly host: string; readonly port: number }[];
  /** More environment, such as a planted fault. */
  readonly environment?: Readonly<Record<string, string>>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** A whole platform of its own in a temporary folder, driven by the same commands that a person types. */
export class Platform {
  private constructor(
    readonly home: string,
    readonly url: string,
    private readonly root: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  static async start(options: PlatformOptions): Promise<Platform> {
    const platform = await Platform.prepare(options);
    await platform.start();
    return platform;
  }

  /** Everything but the start. */
  static async prepare(options: PlatformOptions): Promise<Platform> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-platform-'));
    // Started by root, the platform's servers run as a user who must be able to enter the folder.
    await chmod(folder, 0o711);
    const home = join(folder, 'home');
    await mkdir(home, { recursive: true, mode: 0o755 });
    const openings = join(folder, 'egress.json');
    await writeFile(openings, JSON.stringify(options.egressOpen));
    const port = await freePort();
    const environment = {
      ...process.env,
      MILLRACE_HOME: home,
      MILLRACE_PORT: String(port),
      MILLRACE_EGRESS_OPEN: openings,
      ...options.environment,
    };
    return new Platform(home, `http://127.0.0.1:${port}`, options.root, environment);
  }

  /** The same platform, told of other settings from its next start on. */
  with(environment: Readonly<Record<string, string>>): Platform {
    return new Platform(this.home, this.url, this.root, { ...this.environment, ...environment });
  }

  /** What `npm run status -- --json` says. */
  async status(): Promise<PlatformStatus> {
    const { stdout } = await this.output('status', ['--json']);
    return JSON.parse(stdout) as PlatformStatus;
  }

  /** Starts it again in the same folder. */
  start(): Promise<void> {
    return this.command('start', ['--detach', '--no-tour']);
  }

  /** Stops it as a person would. */
  stop(): Promise<void> {
    return this.command('stop', []);
  }

  /** The output of a command that a person would type, such as `tour`; rejects when it fails. */
  output(script: string, args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
    return run(process.execPath, [`scripts/${script}.mjs`, ...args], {
      cwd: this.root,
      env: this.environment,
      maxBuffer: 64 * 1024 * 1024,
    });
  }

  /** Stops it and removes everything; safe to call twice. */
  async remove(): Promise<void> {
    await this.stop().catch(() => undefined);
    await rm(join(this.home, '..'), { recursive: true, force: true });
  }

  private command(script: string, args: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [`scripts/${script}.mjs`, ...args], {
        cwd: this.root,
        env: this.environment,
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      child.on('error', reject);
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${script} ended with ${code}`))));
    });
  }
}

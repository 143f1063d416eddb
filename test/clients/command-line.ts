import { execFile, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const terminalProgram = fileURLToPath(new URL('terminal.py', import.meta.url));

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** Sent as soon as the output holds the text. */
  readonly interruptAt?: string;
}

/** What npm needs of the surroundings, and nothing of an account that the machine may have. */
function ownEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('MILLRACE_'),
  );
  return { ...Object.fromEntries(kept), NO_COLOR: '1' };
}

/** The command line as a person installs it from a platform, with a home of its own. */
export class CommandLine {
  private constructor(
    private readonly program: string,
    private readonly home: string,
  ) {}

  static async install(url: string, folder: string): Promise<CommandLine> {
    const prefix = join(folder, 'prefix');
    await mkdir(prefix, { recursive: true });
    await installPackage(['--global', '--prefix', prefix], `${url}/downloads/millrace-cli.tgz`, folder);
    return new CommandLine(join(prefix, 'bin', 'millrace'), join(folder, 'home'));
  }

  /** Another person on the same machine. */
  withHome(home: string): CommandLine {
    return new CommandLine(this.program, home);
  }

  get credentialsFile(): string {
    return join(this.home, 'millrace', 'credentials.json');
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return this.spawn(this.program, args, options);
  }

  /** The result as `--json` prints it; throws where the command failed. */
  async json<T>(args: readonly string[], options: RunOptions = {}): Promise<T> {
    const { code, stdout, stderr } = await this.run([...args, '--json'], options);
    if (code !== 0) throw new Error(`millrace ${args.join(' ')} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  /** On a terminal: `script` says what is typed once what is waited for has been shown. */
  onTerminal(script: readonly (readonly [string, string])[], args: readonly string[]): Promise<Ended> {
    return this.spawn('python3', [terminalProgram, JSON.stringify(script), this.program, ...args], {});
  }

  private spawn(program: string, args: readonly string[], options: RunOptions): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        env: { ...ownEnvironment(), XDG_CONFIG_HOME: this.home, ...options.environment },
        stdio: ['pipe', 'pipe', 'pipe'],
        ...(options.folder === undefined ? {} : { cwd: options.folder }),
      });
      let stdout = '';
      let stderr = '';
      let interrupt = options.interruptAt;
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        stdout += chunk;
        if (interrupt === undefined || !stdout.includes(interrupt)) return;
        interrupt = undefined;
        child.kill('SIGINT');
      });
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
      child.stdin.on('error', () => undefined).end(options.stdin ?? '');
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code: code ?? 1, stdout, stderr: `${stderr}${signal ?? ''}` }));
    });
  }
}

/** Installs one package from an address with what it depends on. */
export async function installPackage(flags: readonly string[], address: string, folder: string): Promise<void> {
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...flags, address], {
    cwd: folder,
    env: ownEnvironment(),
  });
}

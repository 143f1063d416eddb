import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout, findProgram, run, tail } from './command.mjs';
import { during, say, SetupError } from './progress.mjs';

const module = 'github.com/versity/versitygw';

function built(...path) {
  return import(pathToFileURL(join(checkout, 'libs', ...path)).href);
}

/** Archive of the release for this machine, as the project names them. */
function releaseUrl(version) {
  const system = { linux: 'Linux', darwin: 'Darwin' }[platform()];
  const machine = { x64: 'x86_64', arm64: 'arm64' }[arch()];
  if (system === undefined || machine === undefined) return undefined;
  return `https://${module}/releases/download/${version}/versitygw_${version}_${system}_${machine}.tar.gz`;
}

async function download(version, folder) {
  const url = releaseUrl(version);
  if (url === undefined) return 'there is no release for this system';
  const archive = join(folder, 'versitygw.tar.gz');
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
    if (!response.ok) return `${url} answers ${response.status}`;
    writeFileSync(archive, Buffer.from(await response.arrayBuffer()));
    const { code, output } = await run('tar', ['-xzf', archive, '--strip-components=1', '-C', folder]);
    if (code !== 0) return tail(output, 3);
    return existsSync(join(folder, 'versitygw')) ? undefined : 'the archive holds no versitygw';
  } catch (error) {
    return `${url} cannot be reached (${error.cause?.code ?? error.message})`;
  } finally {
    rmSync(archive, { force: true });
  }
}

async function goBuild(version, folder) {
  const go = findProgram('go') ?? ['/usr/local/go/bin/go', '/usr/lib/go/bin/go'].find(existsSync);
  if (go === undefined) return 'Go is not installed';
  say(`building versitygw ${version}, the S3 server of the specs, with Go (about 2 minutes, once)`);
  const env = { ...process.env, GOBIN: folder, GOFLAGS: '-trimpath', CGO_ENABLED: '0' };
  const { code, output } = await run(go, ['install', '-ldflags=-s -w', `${module}/cmd/versitygw@${version}`], { env });
  return code === 0 ? undefined : tail(output, 5);
}

/**
 * The environment for specs that need an S3 server: with the server found, downloaded into the machine's cache, or built.
 * Throws a `SetupError` that says what was tried.
 */
export async function s3Server(env) {
  if ((env.VERSITYGW_BIN ?? '') !== '') return env;
  const found = findProgram('versitygw');
  if (found !== undefined) return { ...env, VERSITYGW_BIN: found };
  const { machineCacheFolder } = await built('embedded', 'dist', 'index.js');
  const { s3ServerVersion } = await built('testing', 'dist', 's3-server.js');
  const folder = join(machineCacheFolder(process.env), 'versitygw', s3ServerVersion);
  const program = join(folder, 'versitygw');
  if (existsSync(program)) return { ...env, VERSITYGW_BIN: program };
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    const tried = await during('fetching versitygw', async () => {
      const problems = [];
      for (const way of [download, goBuild]) {
        const problem = await way(s3ServerVersion, fresh);
        if (problem === undefined) return undefined;
        problems.push(problem);
      }
      return problems;
    });
    if (tried !== undefined) {
      const hint = 'install Go 1.25 or newer, or name the program in VERSITYGW_BIN';
      throw new SetupError(`the S3 server of the specs, versitygw, could not be had: ${tried.join('; ')}; ${hint}`);
    }
    chmodSync(join(fresh, 'versitygw'), 0o755);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return { ...env, VERSITYGW_BIN: program };
}

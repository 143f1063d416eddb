import { constants, readdirSync, readFileSync } from 'node:fs';
import { access, chmod, copyFile, lstat, mkdir, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@millrace/kernel';
import { seccompArch, seccompFilter } from '../seccomp/filter.js';
import type { Mount } from './profile.js';

/** The files that every sandbox of a host needs, copied into its work directory, where the sandbox's uid can read them. */
export interface HostFiles {
  readonly init: string;
  readonly undici: string;
  readonly bootstrap: string;
  /** The compiled seccomp filter. */
  readonly seccomp: string;
  readonly etc: readonly Mount[];
  readonly builtins: Readonly<Record<string, string>>;
}

const etcTexts: Readonly<Record<string, string>> = {
  passwd: 'root:x:0:0:root:/:/usr/sbin/nologin\ntask:x:65534:65534:task:/task:/bin/sh\n',
  group: 'root:x:0:\ntask:x:65534:\n',
  hosts: '127.0.0.1 localhost sandbox\n::1 localhost\n',
  // Names are resolved by the egress guard, outside: in here there is nothing to ask.
  'resolv.conf': '',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
};

/** Where the package keeps its bundled init program. */
export interface InitFiles {
  readonly init: string;
  readonly undici: string;
  readonly bootstrap: string;
}

export async function layOutHostFiles(
  workDir: string,
  sources: InitFiles,
  builtins: Readonly<Record<string, string>>,
): Promise<HostFiles> {
  const directory = join(workDir, 'files');
  const etcDirectory = join(directory, 'etc');
  const builtinDirectory = join(directory, 'builtin');
  for (const path of [directory, etcDirectory, builtinDirectory]) await makeShared(path);
  const copy = async (from: string, name: string): Promise<string> => {
    const to = join(directory, name);
    await copyFile(from, to).catch((cause: unknown) => {
      const hint = 'run "npm run bundle" in the package that it belongs to';
      throw new DomainError('unavailable', 'sandbox.file_missing', `${from} cannot be read: ${hint}`, { cause });
    });
    await chmod(to, 0o644);
    return to;
  };
  const etc = await Promise.all(
    Object.entries(etcTexts).map(async ([name, text]) => {
      const from = join(etcDirectory, name);
      await writeShared(from, text);
      return { from, to: `/etc/${name}` };
    }),
  );
  const copiedBuiltins = await Promise.all(
    Object.entries(builtins).map(async ([name, from]) => [name, await copy(from, `builtin/${name}.mjs`)] as const),
  );
  const seccomp = join(directory, 'seccomp.bpf');
  const arch = seccompArch(process.arch);
  await writeShared(seccomp, arch === undefined ? '' : seccompFilter(arch));
  return {
    init: await copy(sources.init, 'init.cjs'),
    undici: await copy(sources.undici, 'undici.cjs'),
    bootstrap: await copy(sources.bootstrap, 'bootstrap.py'),
    seccomp,
    etc,
    builtins: Object.fromEntries(copiedBuiltins),
  };
}

/** How this host's top level leads into /usr: symbolic links where /usr is merged, directories elsewhere. */
export async function systemRoots(): Promise<readonly { path: string; link?: string }[]> {
  const names = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
  const found = await Promise.all(
    names.map(async (path) => {
      const stat = await lstat(path).catch(() => undefined);
      if (stat === undefined) return [];
      return [stat.isSymbolicLink() ? { path, link: await readlink(path) } : { path }];
    }),
  );
  return [{ path: '/usr' }, ...found.flat()];
}

export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Makes a directory that the sandboxes' uid can enter, whatever the umask of this process is. */
export async function makeShared(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await chmod(path, 0o755);
}

async function writeShared(path: string, data: string | Uint8Array): Promise<void> {
  await writeFile(path, data);
  await chmod(path, 0o644);
}

const closeOnExec = 0o2000000;

/** Open descriptors of this process that a child would inherit: those that it inherited itself. */
export function inheritedDescriptors(): readonly number[] {
  let names: string[];
  try {
    names = readdirSync('/proc/self/fdinfo');
  } catch {
    return [];
  }
  return names.map(Number).filter((descriptor) => {
    if (descriptor <= 2) return false;
    try {
      const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'))?.[1];
      return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0;
    } catch {
      return false;
    }
  });
}

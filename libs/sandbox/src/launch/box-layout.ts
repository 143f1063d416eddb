import { chown, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SandboxBundle } from '../job.js';
import type { LaunchPad } from './launch-pad.js';
import { baseEnvironment, inside, type Mount } from './profile.js';

/** An interpreter below /usr is there already; another one is mounted at a fixed place. */
export function nodeInside(nodePath: string): string {
  return nodePath.startsWith('/usr/') ? nodePath : inside.node;
}

/** The pool's Node is the one that scripts find by its name. */
export function searchPath({ isolated, nodePath }: LaunchPad): string {
  const directory = isolated ? dirname(nodeInside(nodePath)) : dirname(nodePath);
  const usual = baseEnvironment.PATH.split(':');
  return [directory, ...usual.filter((entry) => entry !== directory)].join(':');
}

export function ownMounts(pad: LaunchPad): Mount[] {
  return [
    { from: pad.files.init, to: inside.init },
    { from: pad.files.undici, to: inside.undici },
    { from: pad.files.bootstrap, to: inside.bootstrap },
    ...Object.entries(pad.files.builtins).map(([name, from]) => ({ from, to: inside.builtin(name) })),
    ...pad.interpreterMounts,
    ...(pad.nodePath.startsWith('/usr/') ? [] : [{ from: pad.nodePath, to: inside.node }]),
  ];
}

export function bundleMounts(bundle: SandboxBundle | undefined): Mount[] {
  if (bundle === undefined) return [];
  return [
    { from: bundle.bundleDir, to: inside.bundle },
    ...(bundle.npmDir === undefined ? [] : [{ from: bundle.npmDir, to: inside.npm }]),
    ...(bundle.pipDir === undefined ? [] : [{ from: bundle.pipDir, to: inside.pip }]),
  ];
}

/** Without mounts: links beside each other, so that `bundle/…` finds `node_modules` as it does in a sandbox. */
export async function layOutPlain(
  directory: string,
  bundle: SandboxBundle | undefined,
  owner: LaunchPad['runAs'],
): Promise<void> {
  for (const name of ['task', 'tmp']) {
    await mkdir(join(directory, name));
    if (owner !== undefined) await chown(join(directory, name), owner.uid, owner.gid);
  }
  if (bundle === undefined) {
    await mkdir(join(directory, 'bundle'));
    return;
  }
  await symlink(bundle.bundleDir, join(directory, 'bundle'));
  if (bundle.npmDir !== undefined) await symlink(join(bundle.npmDir, 'node_modules'), join(directory, 'node_modules'));
}

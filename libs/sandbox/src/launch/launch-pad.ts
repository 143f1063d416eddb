import type { SandboxBundle, SandboxLimits } from '../job.js';
import type { CgroupParent } from './cgroup.js';
import type { HostFiles } from './host-files.js';
import type { Mount } from './profile.js';

/** What all boxes of a host have in common. */
export interface LaunchPad {
  readonly isolated: boolean;
  /** Whether a box serves one job, or one after the other. */
  readonly serves: 'one' | 'many';
  readonly bubblewrapPath: string;
  readonly nodePath: string;
  /** Address space that Node takes as data by itself. */
  readonly nodeDataBytes: number;
  readonly pythonPath?: string;
  /** Where interpreters outside /usr live. */
  readonly interpreterMounts: readonly Mount[];
  readonly prlimitPath: string;
  readonly files: HostFiles;
  readonly roots: readonly { readonly path: string; readonly link?: string }[];
  readonly boxesDir: string;
  readonly runAs?: { readonly uid: number; readonly gid: number };
  readonly cgroupParent?: CgroupParent;
  /** Descriptors that this process inherited open: they must not end up in a task. */
  readonly inheritedFds: readonly number[];
}

export interface BoxSpec {
  readonly bundle?: SandboxBundle;
  readonly limits: SandboxLimits;
  readonly python: boolean;
  /** Beside the bundle's; for builds. */
  readonly mounts?: readonly Mount[];
  readonly environment?: Readonly<Record<string, string>>;
}

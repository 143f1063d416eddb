import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import type { BuildDependencies, BuildOutcome } from '@millrace/contracts';
import type { RunnerAssignment } from '@millrace/contracts/assignment';
import { buildReply } from '@millrace/contracts/wire';
import { DomainError } from '@millrace/kernel';
import type { Logger } from '@millrace/platform';
import { type BuildResult, runBuild, type TierReport } from '@millrace/sandbox';
import { withHeartbeat } from './activities.js';
import type { AttemptSlots } from './attempt-slots.js';
import type { Blobs } from './blobs.js';
import type { BundleCache } from './bundle-cache.js';
import { type GatewayClient, GatewayRefusal } from './gateway-client.js';
import { packFolder } from './pack-folder.js';

export interface BuildParts {
  readonly gateway: GatewayClient;
  readonly blobs: Blobs;
  readonly bundles: BundleCache;
  readonly tier: TierReport;
  readonly pythonPath: string | undefined;
  readonly indexes: RunnerAssignment['indexes'];
  /** Folder for builds under way. */
  readonly folder: string;
  readonly log: Logger;
}

/** Of what npm or pip printed, this much is kept. */
const maxLogChars = 200_000;

/** Makes the activity that installs the dependencies of a bundle and stores the result. */
export function makeBuildDependencies(
  parts: BuildParts,
  slots: AttemptSlots,
): (input: BuildDependencies) => Promise<BuildOutcome> {
  const execute = async (input: BuildDependencies): Promise<BuildOutcome> => {
    const folder = join(parts.folder, randomUUID());
    await mkdir(folder, { recursive: true, mode: 0o755 });
    try {
      return await build(input, parts, folder);
    } catch (error) {
      // A deployment that is over needs no build any more; everything else is tried again elsewhere.
      if (error instanceof GatewayRefusal && error.code === 'deployment.not_found') {
        return { ok: false, log: 'the deployment is over\n' };
      }
      if (error instanceof CancelledFailure) throw error;
      // Its message may quote the bundle, and a failure is kept in the workflow's history.
      parts.log.warn({ err: error, deploymentId: input.deploymentId }, 'a build could not be made');
      const type = error instanceof DomainError || error instanceof GatewayRefusal ? error.code : 'build.failed';
      throw ApplicationFailure.create({
        type,
        message: 'the build could not be made; the log of the runner says why',
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  return (input) =>
    slots.within(() =>
      withHeartbeat(async () => {
        const slot = await slots.take(Context.current().cancellationSignal);
        try {
          return await execute(input);
        } finally {
          slot.release();
        }
      }),
    );
}

async function build(input: BuildDependencies, parts: BuildParts, folder: string): Promise<BuildOutcome> {
  const { deploymentId, inputDigest, bundleDigest, kind } = input;
  const { grant } = await parts.gateway.ask({ type: 'build.begin', deploymentId, inputDigest }, buildReply);
  const held = await parts.bundles.hold({ grant, bundle: { digest: bundleDigest } });
  try {
    const outDir = join(folder, 'out');
    const result = await runBuild({
      kind,
      bundleDir: held.bundle.bundleDir,
      outDir,
      workDir: join(folder, 'work'),
      tier: parts.tier.tier,
      ...(parts.tier.bubblewrap === undefined ? {} : { bubblewrapPath: parts.tier.bubblewrap.path }),
      ...(parts.pythonPath === undefined ? {} : { pythonPath: parts.pythonPath }),
      indexes: parts.indexes,
      signal: Context.current().cancellationSignal,
    });
    parts.log.info({ deploymentId, kind, ok: result.ok, sizeBytes: result.sizeBytes }, 'dependencies built');
    const logDigest = await parts.blobs.upload(grant, Buffer.from(logOf(result)));
    if (!result.ok) return { ok: false, logDigest };
    const archive = join(folder, 'result.tar.gz');
    await packFolder(outDir, archive);
    const { digest, sizeBytes } = await parts.blobs.uploadFile(grant, archive);
    return {
      ok: true,
      objectDigest: digest,
      sizeBytes,
      ...(result.lock === undefined ? {} : { lockDigest: await parts.blobs.upload(grant, Buffer.from(result.lock)) }),
      logDigest,
    };
  } finally {
    held.release();
  }
}

function logOf({ log, error }: BuildResult): string {
  const text = error === undefined ? log : `${log}${log === '' || log.endsWith('\n') ? '' : '\n'}${error}\n`;
  return text.length <= maxLogChars ? text : `…\n${text.slice(-maxLogChars)}`;
}

import type { Deployment, DeploymentFailure, PipelineChange, ValidBundle } from '@millrace/pipelines';
import type { z } from 'zod';
import type { deployment, deploymentDiff, validation } from './deployment.schema.js';

export function toDeployment(found: Deployment): z.infer<typeof deployment> {
  return {
    id: found.id,
    environmentId: found.environmentId,
    state: found.state,
    message: found.message,
    source: found.source === null ? null : { ...found.source },
    bundleDigest: found.bundleDigest,
    versions: [...found.versions],
    dependencies: found.dependencies.map(({ kind, inputDigest }) => ({ kind, digest: inputDigest })),
    error: found.error === null ? null : toFailure(found.error),
    activate: found.activate,
    rollbackOf: found.rollbackOf,
    promotedFrom: found.promotedFrom,
    createdBy: found.createdBy,
    createdAt: found.createdAt,
    endedAt: found.endedAt,
  };
}

function toFailure({ code, message, details }: DeploymentFailure): z.infer<typeof deployment>['error'] {
  return {
    code,
    message,
    errors: details.map((detail) => ({
      code: detail.code,
      message: detail.message,
      ...(detail.file === undefined ? {} : { file: detail.file }),
    })),
  };
}

type ChangeView = z.infer<typeof deploymentDiff>['pipelines'][number];

export function toChange(change: PipelineChange): ChangeView {
  return {
    ...change,
    fields: [...change.fields],
    tasks: change.tasks.map((task) => ({ ...task, fields: [...task.fields] })),
    files: [...change.files],
    dependencies: [...change.dependencies],
  };
}

export function toValidation(
  { pipelines, runtime, dependencies }: ValidBundle,
  changes: readonly PipelineChange[],
): z.infer<typeof validation> {
  return {
    valid: true,
    pipelines: pipelines.map(({ name, sourceFile, plan }) => ({
      pipeline: name,
      file: sourceFile ?? null,
      tasks: plan.tasks.length,
    })),
    bundle: { digest: runtime.digest, sizeBytes: runtime.bytes.length, files: runtime.files.length },
    dependencies: dependencies.sets.map(({ kind, inputDigest }) => ({ kind, digest: inputDigest })),
    changes: changes.map(toChange),
  };
}

import type { NotifyRule, RunPlan, VersionSpec } from '@millrace/contracts';
import type { Pipeline, VersionDetail, VersionSummary } from '@millrace/pipelines';
import type { z } from 'zod';
import type { pipeline, version, versionDetail } from './pipeline.schema.js';

export function toPipeline(found: Pipeline): z.infer<typeof pipeline> {
  const { activeVersionId, activeVersionNumber } = found;
  return {
    id: found.id,
    environmentId: found.environmentId,
    name: found.name,
    description: found.description,
    activeVersion:
      activeVersionId === null || activeVersionNumber === null
        ? null
        : { id: activeVersionId, number: activeVersionNumber },
    paused: found.pausedAt !== null,
    pausedAt: found.pausedAt,
    createdAt: found.createdAt,
    updatedAt: found.updatedAt,
  };
}

export function toVersion(found: VersionSummary, activeVersionId: string | null): z.infer<typeof version> {
  return {
    id: found.id,
    pipelineId: found.pipelineId,
    number: found.number,
    digest: found.digest,
    active: found.id === activeVersionId,
    bundleDigest: found.bundleDigest,
    deploymentId: found.deploymentId,
    createdAt: found.createdAt,
  };
}

export function toVersionDetail(found: VersionDetail, activeVersionId: string | null): z.infer<typeof versionDetail> {
  return {
    ...toVersion(found, activeVersionId),
    definition: JSON.parse(found.definitionText) as unknown,
    sourceFile: found.sourceFile,
    plan: JSON.parse(found.planText) as RunPlan,
    params: (JSON.parse(found.specText) as VersionSpec).params,
    notify: found.notify === null ? null : found.notify.map(toRule),
    deadlineMs: found.deadlineMs,
    files: [...found.files],
  };
}

function toRule(rule: NotifyRule): NonNullable<z.infer<typeof versionDetail>['notify']>[number] {
  const on = [...rule.on];
  return 'email' in rule ? { on, email: [...rule.email] } : { on, webhook: rule.webhook };
}

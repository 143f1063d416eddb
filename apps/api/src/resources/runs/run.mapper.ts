import type { Attempt, OutputPlace, Run, RunEvent, TaskCounts, TaskInstance } from '@millrace/runs';
import type { z } from 'zod';
import type { attempt, run, runEvent, taskInstance, taskOutput, timelineEntry } from './run.schema.js';

function iso(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

export function toRun(found: Run, tasks: TaskCounts): z.infer<typeof run> {
  return {
    id: found.id,
    environmentId: found.environmentId,
    environment: found.environment,
    pipelineId: found.pipelineId,
    pipeline: found.pipeline,
    versionId: found.versionId,
    version: found.versionNumber,
    state: found.state,
    reason: found.reason,
    trigger: found.trigger,
    createdBy: found.createdBy,
    params: JSON.parse(found.params) as Record<string, unknown>,
    tasks,
    createdAt: found.createdAt.toISOString(),
    startedAt: iso(found.startedAt),
    endedAt: iso(found.endedAt),
    cancelRequestedAt: iso(found.cancelRequestedAt),
    cancelRequestedBy: found.cancelRequestedBy,
  };
}

export function toTaskInstance(found: TaskInstance): z.infer<typeof taskInstance> {
  return {
    taskId: found.taskId,
    mapIndex: found.mapIndex,
    state: found.state,
    reason: found.reason,
    poolId: found.poolId,
    mapLength: found.mapLength,
    instances: found.instances,
    tries: found.tries,
    dispatches: found.dispatch,
    queuedAt: iso(found.queuedAt),
    startedAt: iso(found.startedAt),
    endedAt: iso(found.endedAt),
  };
}

export function toAttempt(found: Attempt): z.infer<typeof attempt> {
  return {
    ...toTimelineEntry(found),
    maxTries: found.maxTries,
    error: found.error,
    retryable: found.retryable,
    poolId: found.poolId,
    size: found.size,
    tier: found.tier,
    wallMs: found.wallMs,
    cpuMs: found.cpuMs,
    peakRssBytes: found.peakRssBytes,
    outputBytes: found.outputBytes,
  };
}

export function toTimelineEntry(found: Attempt): z.infer<typeof timelineEntry> {
  return {
    id: found.id,
    taskId: found.taskId,
    mapIndex: found.mapIndex,
    fence: found.fence,
    try: found.try,
    state: found.state,
    reason: found.reason,
    runnerId: found.runnerId,
    way: found.way,
    stretchId: found.stretchId,
    acceptedAt: iso(found.acceptedAt),
    leasedAt: found.leasedAt.toISOString(),
    offeredAt: iso(found.offeredAt),
    startedAt: iso(found.startedAt),
    endedAt: iso(found.endedAt),
    committedAt: iso(found.committedAt),
  };
}

export function toRunEvent(found: RunEvent): z.infer<typeof runEvent> {
  const { reason, mapLength } = found.detail;
  return {
    seq: found.seq,
    at: found.at.toISOString(),
    type: found.type,
    taskId: found.taskId,
    mapIndex: found.mapIndex,
    state: found.state,
    reason: typeof reason === 'string' ? reason : null,
    mapLength: typeof mapLength === 'number' ? mapLength : null,
  };
}

export function toTaskOutput(found: OutputPlace): z.infer<typeof taskOutput> {
  return {
    taskId: found.taskId,
    mapIndex: found.mapIndex,
    bytes: found.bytes ?? 0,
    text: found.text,
    large: found.digest !== null,
  };
}

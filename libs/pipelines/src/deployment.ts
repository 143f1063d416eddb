import type { NotifyRule, RunPlan, VersionSpec } from '@millrace/contracts';
import type { DeploymentId, EnvironmentId, ErrorDetail, PipelineId, VersionId } from '@millrace/kernel';
import type { DependencySet } from './dependencies.js';

export const deploymentStates = ['building', 'ready', 'failed'] as const;
/** `building` until the dependencies are built; the other two are final. */
export type DeploymentState = (typeof deploymentStates)[number];

/** What a deployment did to one pipeline. */
export interface DeployedVersion {
  readonly pipelineId: PipelineId;
  readonly pipeline: string;
  readonly versionId: VersionId;
  readonly number: number;
  /** False where the same content was there already. */
  readonly isNew: boolean;
  /** False where activation was not asked for, or a later deployment had activated another version meanwhile. */
  readonly activated: boolean;
  /** The version that was active before, if any. */
  readonly previousVersionId: VersionId | null;
}

/** Why a deployment failed. */
export interface DeploymentFailure {
  readonly code: string;
  readonly message: string;
  readonly details: readonly ErrorDetail[];
}

/** Where a bundle came from, as the client says; nobody has checked it. */
export interface DeploymentSource {
  readonly repository?: string | undefined;
  readonly commit?: string | undefined;
  readonly branch?: string | undefined;
  /** First line of the commit's message. */
  readonly message?: string | undefined;
  /** True where the working copy had changes beyond the commit. */
  readonly dirty?: boolean | undefined;
}

export interface Deployment {
  readonly id: DeploymentId;
  readonly environmentId: EnvironmentId;
  readonly bundleDigest: string;
  readonly state: DeploymentState;
  readonly message: string | null;
  readonly source: DeploymentSource | null;
  readonly error: DeploymentFailure | null;
  readonly versions: readonly DeployedVersion[];
  readonly dependencies: readonly DependencySet[];
  readonly activate: boolean;
  readonly rollbackOf: DeploymentId | null;
  /** The deployment of another environment whose versions this one took over. */
  readonly promotedFrom: DeploymentId | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

/** A compiled pipeline as it waits for its dependencies; stored as JSON. */
export interface PendingPipeline {
  readonly name: string;
  readonly description?: string;
  readonly sourceFile?: string;
  readonly definitionText: string;
  readonly plan: RunPlan;
  readonly spec: Omit<VersionSpec, 'bundleDigest' | 'dependencies'>;
  readonly notify?: readonly NotifyRule[];
  readonly deadlineMs?: number;
}

/** What is kept of a deployment until its versions exist. */
export interface PendingVersions {
  /** SHA-256 of the runtime bundle before compression. */
  readonly contentDigest: string;
  readonly pipelines: readonly PendingPipeline[];
}

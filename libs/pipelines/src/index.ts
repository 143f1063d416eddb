export { bundleLimits, type BundleLimits } from './bundle/bundle.js';
export { bundleContentTypes, readBundle } from './bundle/read-bundle.js';
export { BundleCompiler } from './compile/bundle-compiler.js';
export type { CompileRequest, CompileResult } from './compile/compile-bundle.js';
export type { CompiledPipeline } from './compile/compiled-pipeline.js';
export type { DependencyKind, DependencySet } from './dependencies.js';
export {
  type DeployedVersion,
  type Deployment,
  type DeploymentFailure,
  type DeploymentSource,
  type DeploymentState,
  deploymentStates,
} from './deployment.js';
export {
  type Change,
  type FieldChange,
  type FileChange,
  maxFiles,
  type PipelineChange,
  type TaskChange,
  type VersionRef,
} from './diff/change.js';
export { comparePipelines, compareStates, type PipelineState } from './diff/compare.js';
export { ReadStates, statesOfBundle } from './diff/read-states.js';
export type { PoolFacts } from './format/check-fields.js';
export { definitionLimits } from './format/limits.js';
export {
  type DeploymentQuery,
  findDeployment,
  getDeployment,
  listDeployments,
  readDeploymentLog,
} from './readers/deployments.js';
export {
  getVersionDetail,
  listPipelines,
  listVersions,
  type PipelineQuery,
  type VersionDetail,
  type VersionQuery,
  type VersionSummary,
} from './readers/pipelines.js';
export { pipelineSchema, pipelineSchemaText } from './reference/pipeline-schema.js';
export {
  type ActiveVersion,
  findActiveVersion,
  findPipeline,
  findVersionPlace,
  getPipeline,
  getVersion,
  getVersionOf,
  type ParsedVersion,
  type Pipeline,
  type StoredVersion,
  VersionCache,
} from './readers/versions.js';
export { activateVersion, pausePipeline, rollBackPipeline, unpausePipeline } from './use-cases/activate-version.js';
export {
  type BuildEnd,
  failBuild,
  finishDeployment,
  type FinishOptions,
  listOpenBuilds,
  loadBuild,
  type OpenBuild,
  recordBuild,
  restartBuild,
} from './use-cases/build-dependencies.js';
export { CreateDeployment, type DeploymentRequest } from './use-cases/create-deployment.js';
export { promoteDeployment, type PromotionOptions } from './use-cases/promote-deployment.js';
export type { PromotionTarget } from './use-cases/promotion-target.js';
export { rollBackDeployment } from './use-cases/roll-back-deployment.js';
export { type BundleUpload, type Compiler, ValidateBundle, type ValidBundle } from './use-cases/validate-bundle.js';

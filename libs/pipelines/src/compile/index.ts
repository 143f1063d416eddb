/**
 * Reading, checking and compiling bundles without a platform: what the command line and rehearsals need. Nothing here
 * knows a database.
 */
export { type Bundle, type BundleFiles, bundleLimits, type BundleLimits } from '../bundle/bundle.js';
export { packBundle, type PackedBundle } from '../bundle/pack-bundle.js';
export { bundleContentTypes, readBundle } from '../bundle/read-bundle.js';
export { ignoreFile, readFolder } from '../bundle/read-folder.js';
export type { DependencyKind, DependencySet } from '../dependencies.js';
export type { PoolFacts } from '../format/check-fields.js';
export { formatDuration, parseDuration } from '../format/duration.js';
export { definitionLimits } from '../format/limits.js';
export { parseYaml } from '../format/parse-yaml.js';
export { type DefinitionSource, Problems } from '../format/problems.js';
export { offsetOf, type Path, type SourceNode, toJson } from '../format/source.js';
export { compileSchema, describeError } from '../params/validator.js';
export { pipelineSchema, pipelineSchemaText } from '../reference/pipeline-schema.js';
export { type BundleCheck, checkBundle, checkFolder, type CheckOptions } from './check-bundle.js';
export { compileDefinitions } from './compile-definitions.js';
export type { CompiledPipeline } from './compiled-pipeline.js';
export { compiledPath } from './compiled-path.js';

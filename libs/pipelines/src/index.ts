export {
  type ActiveVersion,
  findActiveVersion,
  findPipeline,
  getPipeline,
  getVersion,
  getVersionOf,
  type ParsedVersion,
  type Pipeline,
  type StoredVersion,
  VersionCache,
} from './readers/versions.js';

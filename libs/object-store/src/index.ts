export { digestOf } from './digest.js';
export { FileObjectStore } from './file-object-store.js';
export {
  type Digest,
  isDigest,
  type ObjectBody,
  type ObjectStore,
  type PutOptions,
  type StoredObject,
} from './object-store.js';
export { openObjectStore } from './open.js';

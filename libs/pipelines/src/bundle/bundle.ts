import { DomainError, type ErrorDetail } from '@millrace/kernel';
import { standardHint } from '../format/hints.js';

/** The files of a bundle by path; forward slashes, relative, already checked. */
export type BundleFiles = ReadonlyMap<string, Buffer>;

/** A definition that was written into the JSON document itself instead of a file. */
export interface InlineDefinition {
  /** JSON Pointer of it in the document, for example `/pipelines/0`. */
  readonly pointer: string;
  readonly text: string;
  /** 1-based place in the document where the text begins. */
  readonly line: number;
  readonly column: number;
}

export interface Bundle {
  readonly files: BundleFiles;
  readonly inline: readonly InlineDefinition[];
}

export interface BundleLimits {
  /** Of the request's body. */
  readonly uploadBytes: number;
  readonly files: number;
  /** Of one file, unpacked. */
  readonly fileBytes: number;
  /** Of all files, unpacked, archive headers included. */
  readonly totalBytes: number;
  /** Unpacked bytes for one packed byte; judged from `ratioFromBytes` unpacked bytes on. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
  readonly pathBytes: number;
  readonly nameBytes: number;
}

export const bundleLimits: BundleLimits = {
  uploadBytes: 64 * 1024 * 1024,
  files: 10_000,
  fileBytes: 32 * 1024 * 1024,
  totalBytes: 128 * 1024 * 1024,
  ratio: 200,
  ratioFromBytes: 1024 * 1024,
  pathBytes: 1024,
  nameBytes: 255,
};

/** The bundle as a whole cannot be read; `code` begins with `bundle.`. */
export function badBundle(code: string, message: string, detail?: Omit<ErrorDetail, 'code' | 'message'>): DomainError {
  return new DomainError('invalid', code, message, { details: [{ code, message, ...advice(code), ...detail }] });
}

/** The bundle is larger than a limit. */
export function tooLarge(code: string, message: string): DomainError {
  return new DomainError('too_large', code, message, { details: [{ code, message, ...advice(code) }] });
}

function advice(code: string): Pick<ErrorDetail, 'hint'> {
  const hint = standardHint(code);
  return hint === undefined ? {} : { hint };
}

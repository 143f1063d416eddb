/** Lines as they are stored: JSON lines, one chunk. */
export interface LogChunk {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly count: number;
  readonly sizeBytes: number;
  /** Either the text itself or where it lies. */
  readonly lines?: string;
  readonly objectDigest?: string;
}

import { ExpressionLimitError } from './errors.js';

/** Longest expression between `${{` and `}}`, in characters. */
export const maxExpressionLength = 4096;
/** Longest template text, in characters. */
export const maxTemplateLength = 1024 * 1024;

export interface ExpressionLimits {
  /** Units of work; a unit is one visit of a node, or 64 characters read. A million take about 0.1 s. */
  readonly steps: number;
  /** Bytes that an evaluation may allocate in all, counted and not measured: the same expression always ends alike. */
  readonly bytes: number;
  /** Characters of JSON text that the result may have. */
  readonly resultLength: number;
}

export const defaultLimits: ExpressionLimits = {
  steps: 1_000_000,
  bytes: 64 * 1024 * 1024,
  resultLength: 64 * 1024 * 1024,
};

/** Counts what an evaluation uses up and stops it. One meter may serve many expressions of one template. */
export class Meter {
  private steps: number;
  private bytes: number;
  private readonly limits: ExpressionLimits;

  constructor(limits: ExpressionLimits = defaultLimits) {
    this.limits = limits;
    this.steps = limits.steps;
    this.bytes = limits.bytes;
  }

  /** Charges work of which one unit is about 0.1 µs. */
  work(units: number): void {
    this.steps -= units;
    if (this.steps < 0) {
      throw new ExpressionLimitError(
        `the expression needs more than ${this.limits.steps} steps; do this work in a task instead`,
      );
    }
  }

  /** Charges for characters that are read or compared. */
  read(characters: number): void {
    this.work(1 + (characters >> 6));
  }

  /** Charges for memory before it is taken. */
  allocate(bytes: number): void {
    this.bytes -= bytes;
    if (this.bytes < 0) {
      throw new ExpressionLimitError(
        `the expression needs more than ${this.limits.bytes} bytes of memory; do this work in a task instead`,
      );
    }
  }

  /** Refuses a result that is too long. */
  result(length: number): void {
    if (length > this.limits.resultLength) {
      throw new ExpressionLimitError(
        `the result would be longer than ${this.limits.resultLength} characters of JSON; write it to an artifact or a database instead`,
      );
    }
  }
}

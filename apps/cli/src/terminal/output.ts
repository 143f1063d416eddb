import type { Writable } from 'node:stream';
import { type Failure } from '../failure.js';
import { noStyle, type Style, width } from './style.js';

/** A stream of the process that may be a terminal. */
export interface Terminal extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly style: Style;
  readonly errorStyle: Style;
}

export interface Column<T> {
  readonly title: string;
  readonly value: (item: T) => string;
  readonly align?: 'right';
}

/** Everything that a command prints: results to the standard output, all else to the standard error. */
export class Output {
  constructor(
    readonly stdout: Terminal,
    readonly stderr: Terminal,
    private readonly options: OutputOptions,
  ) {}

  get json(): boolean {
    return this.options.json;
  }

  get quiet(): boolean {
    return this.options.quiet;
  }

  get style(): Style {
    return this.options.json ? noStyle : this.options.style;
  }

  /** May lines be redrawn in place? */
  get live(): boolean {
    return this.stdout.isTTY === true && !this.options.json && !this.options.quiet;
  }

  /** A line of the result, for people. */
  line(text = ''): void {
    if (!this.options.json && !this.options.quiet) this.write(text);
  }

  /** What is printed whatever was asked for: a value, an id. */
  write(text: string): void {
    this.stdout.write(`${text}\n`);
  }

  /** What happens, for people who wait; not part of the result. */
  note(text: string): void {
    if (!this.options.json && !this.options.quiet) this.stderr.write(`${text}\n`);
  }

  /** What people must know and programs need not. */
  warn(text: string): void {
    if (!this.options.json) this.stderr.write(`${this.options.errorStyle.yellow('warning:')} ${text}\n`);
  }

  /** The result of a command: one JSON document, or `short` with --quiet, or what `print` writes. */
  result(document: unknown, print: () => void, short?: string | readonly string[]): void {
    if (this.options.json) this.write(JSON.stringify(document));
    else if (this.options.quiet)
      for (const each of typeof short === 'string' ? [short] : (short ?? [])) this.write(each);
    else print();
  }

  /** One event of a stream, as a JSON line. */
  event(document: unknown): void {
    if (this.options.json) this.write(JSON.stringify(document));
  }

  table<T>(items: readonly T[], columns: readonly Column<T>[]): void {
    const rows = items.map((item) => columns.map((column) => column.value(item)));
    const widths = columns.map((column, index) =>
      Math.max(width(column.title), ...rows.map((row) => width(row[index] ?? ''))),
    );
    const cells = (row: readonly string[]): string =>
      row
        .map((cell, index) => {
          const space = ' '.repeat((widths[index] ?? 0) - width(cell));
          return columns[index]?.align === 'right' ? space + cell : cell + space;
        })
        .join('  ')
        .trimEnd();
    this.line(this.style.dim(cells(columns.map((column) => column.title))));
    for (const row of rows) this.line(cells(row));
  }

  /** The end of a command that failed. */
  failure(failure: Failure): void {
    if (this.options.json) {
      const { code, message, hint, requestId, errors, exitCode } = failure;
      this.stderr.write(`${JSON.stringify({ error: { code, message, hint, requestId, exitCode, errors } })}\n`);
      return;
    }
    const { red, dim } = this.options.errorStyle;
    const code = failure.code.startsWith('cli.') ? '' : dim(` (${failure.code})`);
    this.stderr.write(`${red('error:')} ${failure.message}${code}\n`);
    for (const { pointer, message, hint } of failure.errors) {
      const where = pointer === undefined ? '' : `${pointer}: `;
      // A problem with one mistake says the same sentence twice.
      if (message !== undefined && !(where === '' && message === failure.message)) {
        this.stderr.write(`  ${where}${message}\n`);
      }
      if (hint !== undefined) this.stderr.write(`  ${dim(`hint: ${hint}`)}\n`);
    }
    if (failure.hint !== undefined) this.stderr.write(`  ${dim(`hint: ${failure.hint}`)}\n`);
    if (failure.requestId !== undefined) this.stderr.write(`  ${dim(`request ${failure.requestId}`)}\n`);
  }
}

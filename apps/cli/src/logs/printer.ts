import type { Schemas } from '@millrace/clients';
import { moment } from '../terminal/format.js';
import type { Output } from '../terminal/output.js';
import { forTerminal } from '../terminal/style.js';

/** Whose log: of a task, of one of its instances, of one attempt. */
export interface LogPlace {
  readonly task: string;
  readonly mapIndex: number | undefined;
  readonly attempt: number | undefined;
}

/** Where a line of a run's log comes from. */
export interface LineSource {
  readonly taskId: string;
  readonly mapIndex: number;
  readonly attempt: number;
}

export interface PrinterOptions {
  readonly timestamps: boolean;
  /** Name the task before each line. */
  readonly names: boolean;
  /** Keep this many lines and print them at the end. */
  readonly tail: number | undefined;
}

/** Prints lines of logs and what is missing of them. */
export class LogPrinter {
  private readonly kept: string[] = [];

  constructor(
    private readonly output: Output,
    private readonly options: PrinterOptions,
  ) {}

  line(line: Schemas['LogLine'], source: LineSource): void {
    const { style, json } = this.output;
    if (json) {
      const { seq, at, stream, text } = line;
      this.print(JSON.stringify({ ...placeOf(source), seq, at, stream, text }));
      return;
    }
    const time = this.options.timestamps ? `${style.dim(moment(line.at))} ` : '';
    const text = this.output.stdout.isTTY === true ? forTerminal(line.text) : line.text;
    const painted = line.stream === 'stderr' ? style.red(text) : line.stream === 'system' ? style.dim(text) : text;
    this.print(`${time}${this.name(source)}${painted}`);
  }

  gap({ from, to }: Schemas['LogGap'], source: LineSource): void {
    if (this.output.json) {
      this.print(JSON.stringify({ ...placeOf(source), gap: { from, to } }));
      return;
    }
    const lines = from === to ? `line ${from} is` : `lines ${from} to ${to} are`;
    this.print(`${this.name(source)}${this.output.style.yellow(`--- ${lines} missing ---`)}`);
  }

  /** The attempt was lost: what it wrote last never arrived. */
  incomplete(source: LineSource): void {
    if (this.output.json) {
      this.print(JSON.stringify({ ...placeOf(source), incomplete: true }));
      return;
    }
    this.print(`${this.name(source)}${this.output.style.yellow('--- what was written last is missing ---')}`);
  }

  /** Prints what was kept back. */
  end(): void {
    const { tail = 0 } = this.options;
    for (const text of this.kept.slice(Math.max(0, this.kept.length - tail))) this.output.write(text);
  }

  private print(text: string): void {
    const { tail } = this.options;
    if (tail === undefined) {
      this.output.write(text);
      return;
    }
    this.kept.push(text);
    // Trimmed now and then: dropping the first of many elements each time would be slow.
    if (this.kept.length > tail * 2 + 1000) this.kept.splice(0, this.kept.length - tail);
  }

  private name({ taskId, mapIndex, attempt }: LineSource): string {
    if (!this.options.names) return '';
    const index = mapIndex < 0 ? '' : `[${mapIndex}]`;
    const again = attempt > 1 ? `#${attempt}` : '';
    return `${this.output.style.cyan(`${taskId}${index}${again}`)} | `;
  }
}

function placeOf({ taskId, mapIndex, attempt }: LineSource): object {
  return { taskId, mapIndex, attempt };
}

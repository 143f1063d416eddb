import type { Terminal } from '../terminal/output.js';
import { cut } from '../terminal/style.js';

const redrawMs = 100;

/** Some terminals say 0 where they do not know. */
function sizeOf(said: number | undefined, standard: number): number {
  return said === undefined || said === 0 ? standard : said;
}

/** Lines at the end of a terminal that are redrawn in place. */
export class LivePanel {
  private drawn = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly terminal: Terminal,
    /** The lines as they are now; `rows` is how many there is room for. */
    private readonly lines: (rows: number) => readonly string[],
  ) {
    this.timer = setInterval(() => this.draw(), redrawMs);
    this.draw();
  }

  /** Prints lines above the panel. */
  above(text: string): void {
    this.terminal.write(`${this.erase()}${text}\n`);
    this.drawn = 0;
    this.draw();
  }

  /** Draws for the last time and leaves the lines where they are, or takes them away. */
  stop(keep: boolean): void {
    clearInterval(this.timer);
    if (keep) this.draw(Number.POSITIVE_INFINITY);
    else this.terminal.write(this.erase());
    this.drawn = 0;
  }

  private draw(rows = Math.max(3, sizeOf(this.terminal.rows, 24) - 2)): void {
    // A line that wraps would not be counted, and the next redraw would leave a part of it.
    const columns = sizeOf(this.terminal.columns, 80) - 1;
    const lines = this.lines(rows).map((line) => cut(line, columns));
    this.terminal.write(`${this.erase()}${lines.map((line) => `${line}\n`).join('')}`);
    this.drawn = lines.length;
  }

  private erase(): string {
    return this.drawn === 0 ? '' : `\u001b[${this.drawn}A\u001b[0J`;
  }
}

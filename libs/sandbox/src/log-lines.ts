/** Makes bounded lines of the chunks of one stream. UTF-8 sequences may be cut anywhere. */
export class LogLines {
  private rest = '';
  private readonly decoder = new TextDecoder('utf-8');

  /**
   * @param maxChars a longer line is given out in parts of this length
   * @param onLine gets each line without its line break
   */
  constructor(
    private readonly maxChars: number,
    private readonly onLine: (line: string) => void,
  ) {}

  push(bytes: Uint8Array): void {
    this.rest += this.decoder.decode(bytes, { stream: true });
    let start = 0;
    for (let end = this.rest.indexOf('\n', start); end !== -1; end = this.rest.indexOf('\n', start)) {
      this.emit(this.rest.slice(start, end).replace(/\r$/, ''));
      start = end + 1;
    }
    this.rest = this.rest.slice(start);
    while (this.rest.length >= this.maxChars) {
      this.onLine(this.rest.slice(0, this.maxChars));
      this.rest = this.rest.slice(this.maxChars);
    }
  }

  /** Gives out what came after the last line break. */
  end(): void {
    const last = this.rest + this.decoder.decode();
    this.rest = '';
    if (last !== '') this.emit(last);
  }

  private emit(line: string): void {
    if (line.length <= this.maxChars) {
      this.onLine(line);
      return;
    }
    for (let from = 0; from < line.length; from += this.maxChars) this.onLine(line.slice(from, from + this.maxChars));
  }
}

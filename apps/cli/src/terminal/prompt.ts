import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Failure, Silent } from '../failure.js';

export interface Console {
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WritableStream;
}

/** Asks a person; refuses where there is none, and says what to give instead. */
export async function ask(console: Console, question: string, instead: string, hidden = false): Promise<string> {
  if (!console.stdin.isTTY) {
    throw new Failure('usage', `there is no terminal to ask for it: ${instead}`);
  }
  // With a terminal of its own, readline echoes; with one that swallows everything it reads without an echo.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: console.stdin,
    output: hidden ? nowhere : console.stderr,
    terminal: true,
    historySize: 0,
  });
  // Only now: what somebody quick types before the terminal has stopped echoing would be shown.
  console.stderr.write(question);
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      lines.once('SIGINT', () => reject(new Silent('interrupted')));
      lines.once('close', () => reject(new Failure('usage', `nothing was entered: ${instead}`)));
    });
  } finally {
    lines.close();
    if (hidden) console.stderr.write('\n');
  }
}

/** Everything on the standard input, without the line end that `echo` and here-documents add. */
export async function readStdin(stdin: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

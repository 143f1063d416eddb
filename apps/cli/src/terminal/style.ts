/** Paints text for a terminal, or leaves it as it is. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly blue: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const plain = (text: string): string => text;
const code =
  (on: number, off: number) =>
  (text: string): string =>
    `\u001b[${on}m${text}\u001b[${off}m`;

export const noStyle: Style = {
  bold: plain,
  dim: plain,
  red: plain,
  green: plain,
  yellow: plain,
  blue: plain,
  cyan: plain,
};

export const ansiStyle: Style = {
  bold: code(1, 22),
  dim: code(2, 22),
  red: code(31, 39),
  green: code(32, 39),
  yellow: code(33, 39),
  blue: code(34, 39),
  cyan: code(36, 39),
};

// CSI sequences other than SGR (colours), OSC sequences, two-byte escapes, and control characters but tab.
const unsafe =
  /\u001b\[[0-?]*[ -/]*[@-ln-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[^[\]]|[\u0000-\u0008\u000a-\u001a\u001c-\u001f\u007f\u0080-\u009f]|\u001b$/g;

/** A text of somebody's code, without what would move the cursor or change the terminal; colours stay. */
export function forTerminal(text: string): string {
  return text.replace(unsafe, '');
}

// Every SGR sequence.
const colours = /\u001b\[[0-9;:]*m/g;

/** How many columns a text takes; good enough for names and messages, which are mostly ASCII. */
export function width(text: string): number {
  return [...text.replace(colours, '')].length;
}

/** Cuts a painted text to that many columns. */
export function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let shown = 0;
  let result = '';
  for (const part of text.split(/(\u001b\[[0-9;:]*m)/)) {
    if (part.startsWith('\u001b[')) {
      result += part;
      continue;
    }
    for (const character of part) {
      if (shown < columns - 1) result += character;
      shown += 1;
    }
  }
  return `${result}…`;
}

/** A shorter secret is not looked for: it would blacken every log. Setting one is refused for the same reason. */
export const minimumSecretLength = 4;

/** Long values are looked for in pieces of this many bytes; a multiple of 3, so that base64 of a piece is a piece of base64. */
const pieceBytes = 240;
/** The widths at which base64 programs break their lines: MIME and PEM. */
const base64Widths = [76, 64];
const shortestPattern = 4;

/**
 * Every text under which one of the secrets could come out: as it is, line by line where it has lines, in base64 at
 * each alignment (it may stand in the middle of what was encoded), base64url, URL-encoded, JSON-escaped and in hex.
 */
export function patternsOf(secrets: Iterable<string>): ReadonlySet<string> {
  const patterns = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < minimumSecretLength) continue;
    for (const part of [secret, ...linesOf(secret)]) {
      for (const piece of piecesOf(part)) {
        for (const pattern of formsOf(piece)) {
          if (pattern.length >= shortestPattern) patterns.add(pattern);
        }
      }
      for (const pattern of wrappedBase64(part)) patterns.add(pattern);
    }
  }
  return patterns;
}

/** Lines of a secret of several, such as a private key; the first and last of those are no secret, but not missed. */
function linesOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/);
  return lines.length === 1 ? [] : lines.filter((line) => line.trim().length >= 8);
}

function piecesOf(text: string): string[] {
  if (Buffer.byteLength(text) <= pieceBytes) return [text];
  const pieces: string[] = [];
  let piece = '';
  let bytes = 0;
  for (const character of text) {
    const size = Buffer.byteLength(character);
    if (bytes + size > pieceBytes) {
      pieces.push(piece);
      piece = '';
      bytes = 0;
    }
    piece += character;
    bytes += size;
  }
  // A last piece too short to be looked for is overlapped with the one before it.
  pieces.push(bytes >= 16 ? piece : [...text].slice(-16).join(''));
  return pieces;
}

function formsOf(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const hex = bytes.toString('hex');
  const json = JSON.stringify(text).slice(1, -1);
  const url = encodeURIComponent(text);
  return [
    text,
    ...base64Forms(bytes),
    hex,
    hex.toUpperCase(),
    json,
    asciiJson(json),
    json.replaceAll('/', '\\/'),
    url,
    strictUrl(url),
    url.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
    strictUrl(url).replaceAll('%20', '+'),
  ];
}

/** The characters of base64 that the bytes alone decide, when 0, 1 or 2 other bytes come before them. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const decided = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return [decided, decided.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function wrappedBase64(text: string): string[] {
  const encoded = Buffer.from(text, 'utf8').toString('base64').replace(/=+$/, '');
  return base64Widths.flatMap((width) => {
    const lines = encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
    return lines.length === 1 ? [] : lines.filter((line) => line.length >= 8);
  });
}

/** As JSON writers do that keep to ASCII (Python's is one). */
function asciiJson(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** encodeURIComponent leaves !'()* as they are; most other encoders do not. */
function strictUrl(url: string): string {
  return url.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

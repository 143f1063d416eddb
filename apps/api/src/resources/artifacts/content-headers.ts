const mediaType = /^[a-z0-9!#$&^_.+-]{1,100}\/[a-z0-9!#$&^_.+-]{1,100}(;[ \t]*charset=[a-z0-9_-]{1,40})?$/i;

/** The media type that a task named, where it is one that can be sent; else that of plain bytes. */
export function safeMediaType(named: string): string {
  return mediaType.test(named) ? named : 'application/octet-stream';
}

/** Characters that RFC 8187 lets stand in an extended value. */
const plain = /[A-Za-z0-9!#$&+.^_`|~-]/;

function encoded(name: string): string {
  const characters = [...name.replaceAll(/\p{Surrogate}/gu, '\ufffd')];
  return characters.map((one) => (plain.test(one) ? one : percent(one))).join('');
}

function percent(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

/**
 * `Content-Disposition` (RFC 6266) that makes a browser save the file and never show it, under the last part of its
 * name: nothing in a name reaches the header as it is, and none names a folder or a hidden file.
 */
export function attachment(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const file = last.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '_').replace(/^\.+/, '_');
  const safe = file === '' ? 'artifact' : file.slice(0, 200);
  const ascii = safe.replaceAll(/[^A-Za-z0-9 ._()+-]/g, '_');
  return ascii === safe
    ? `attachment; filename="${ascii}"`
    : `attachment; filename="${ascii}"; filename*=UTF-8''${encoded(safe)}`;
}

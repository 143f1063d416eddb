import { badBundle, type BundleLimits } from './bundle.js';

const control = /[\u0000-\u001f\u007f]/;

/** What tools of the author's machine leave behind; never wanted in a bundle. */
export function isLitter(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.startsWith('._') || name === '.DS_Store' || path.startsWith('__MACOSX/');
}

/** A printable form of a path that may be hostile. */
export function shown(path: string): string {
  return JSON.stringify(path.length > 120 ? `${path.slice(0, 120)}…` : path);
}

/**
 * The path as the bundle keeps it, without a leading `./`; throws where unpacking it could write outside of the
 * bundle's folder, or could differ from machine to machine.
 */
export function checkedPath(raw: string, limits: BundleLimits): string {
  const path = raw.replace(/^(?:\.\/+)+/, '');
  const refuse = (code: string, why: string) =>
    badBundle(code, `the path ${shown(raw)} ${why}`, { file: raw.slice(0, 300) });
  if (path === '' || path === '.') throw refuse('bundle.path_empty', 'is empty');
  if (control.test(path)) throw refuse('bundle.path_control', 'holds control characters');
  if (path.includes('\ufffd') || !isWellFormed(path)) throw refuse('bundle.path_encoding', 'is not UTF-8');
  if (path.includes('\\')) throw refuse('bundle.path_backslash', 'holds a backslash; use forward slashes');
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) throw refuse('bundle.path_absolute', 'is absolute');
  const names = path.split('/');
  if (names.includes('..')) throw refuse('bundle.path_escape', 'leaves the bundle with ".."');
  if (names.includes('.') || names.includes('')) throw refuse('bundle.path_form', 'has an empty or "." part');
  if (Buffer.byteLength(path) > limits.pathBytes) {
    throw refuse('bundle.path_long', `is longer than ${limits.pathBytes} bytes`);
  }
  if (names.some((name) => Buffer.byteLength(name) > limits.nameBytes)) {
    throw refuse('bundle.path_long', `has a part of more than ${limits.nameBytes} bytes`);
  }
  return path;
}

function isWellFormed(text: string): boolean {
  return Buffer.from(text, 'utf8').toString('utf8') === text;
}

/** The same for two paths that some file system takes for one: by case, or by Unicode normal form. */
export function foldedPath(path: string): string {
  return path.normalize('NFC').toLowerCase().toUpperCase().normalize('NFC');
}

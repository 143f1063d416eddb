import { listElements, objectMembers, rootSpan, spanKind, spanText, type JsonSpan } from '@millrace/expressions';
import { DomainError, type ErrorDetail } from '@millrace/kernel';
import { TextPositions } from '../format/text-positions.js';
import { badBundle, type Bundle, type BundleFiles, type BundleLimits, type InlineDefinition } from './bundle.js';
import { FileCollector } from './file-collector.js';

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function pointer(...steps: readonly (string | number)[]): string {
  return steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Reads a bundle document: `{ files?: {path: text | {base64}}, pipelines?: [definition…] }`. */
export function readJsonBundle(bytes: Buffer, limits: BundleLimits): Bundle {
  const text = decode(bytes);
  const root = rootSpan(text);
  const reader = new DocumentReader(new TextPositions(text));
  if (spanKind(root) !== 'object')
    throw badBundle('bundle.document', 'the document must be an object', { pointer: '' });
  const members = reader.members(root, '');
  for (const [key, span] of members) {
    if (key !== 'files' && key !== 'pipelines') {
      reader.report(
        'bundle.unknown_field',
        `a bundle document has no "${key}"`,
        span,
        pointer(key),
        'it has "files" and "pipelines"',
      );
    }
  }
  const files = reader.files(members.get('files'), limits);
  const inline = reader.inline(members.get('pipelines'));
  reader.finish();
  return { files, inline };
}

/** JSON.parse is the judge of what is JSON; the spans that are used afterwards rely on it. */
function decode(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  try {
    if (!Buffer.from(text, 'utf8').equals(bytes)) throw new SyntaxError('it is not UTF-8');
    JSON.parse(text);
    return text;
  } catch (error) {
    const reason = error instanceof RangeError ? 'it is nested too deeply' : (error as Error).message;
    throw badBundle('bundle.not_json', `the body is not a JSON document: ${reason.slice(0, 200)}`);
  }
}

class DocumentReader {
  private readonly problems: ErrorDetail[] = [];

  constructor(private readonly positions: TextPositions) {}

  report(code: string, message: string, span: JsonSpan, at: string, hint?: string): void {
    const { line, column } = this.positions.at(span.start);
    this.problems.push({ code, message, pointer: at, line, column, ...(hint === undefined ? {} : { hint }) });
  }

  finish(): void {
    const [first] = this.problems;
    if (first === undefined) return;
    throw new DomainError('invalid', first.code, first.message, { details: this.problems });
  }

  /** Members of an object; a repeated key is reported. */
  members(span: JsonSpan, at: string): Map<string, JsonSpan> {
    const members = objectMembers(span, undefined, (key, again) =>
      this.report('bundle.duplicate', `the key ${JSON.stringify(key)} is there twice`, again, `${at}${pointer(key)}`),
    );
    return members;
  }

  files(span: JsonSpan | undefined, limits: BundleLimits): BundleFiles {
    const collector = new FileCollector(limits);
    if (span === undefined) return collector.finish();
    if (spanKind(span) !== 'object') {
      this.report('bundle.document', '"files" must be an object: path -> text or {"base64": …}', span, '/files');
      return collector.finish();
    }
    for (const [path, value] of this.members(span, '/files')) {
      const bytes = this.fileBytes(value, pointer('files', path));
      if (bytes !== undefined) collector.keep(collector.announce(path, bytes.length), bytes);
    }
    return collector.finish();
  }

  private fileBytes(span: JsonSpan, at: string): Buffer | undefined {
    if (spanKind(span) === 'string') return Buffer.from(JSON.parse(spanText(span)) as string, 'utf8');
    if (spanKind(span) === 'object') {
      const members = this.members(span, at);
      const encoded = members.get('base64');
      if (members.size === 1 && encoded !== undefined && spanKind(encoded) === 'string') {
        const text = JSON.parse(spanText(encoded)) as string;
        if (base64.test(text)) return Buffer.from(text, 'base64');
        this.report('bundle.base64', 'the text is not base64', encoded, `${at}/base64`);
        return undefined;
      }
    }
    this.report('bundle.document', 'a file is a text or {"base64": "…"}', span, at);
    return undefined;
  }

  inline(span: JsonSpan | undefined): InlineDefinition[] {
    if (span === undefined) return [];
    if (spanKind(span) !== 'list') {
      this.report('bundle.document', '"pipelines" must be a list of definitions', span, '/pipelines');
      return [];
    }
    return listElements(span).map((element, index) => ({
      pointer: pointer('pipelines', index),
      text: spanText(element),
      ...this.positions.at(element.start),
    }));
  }
}

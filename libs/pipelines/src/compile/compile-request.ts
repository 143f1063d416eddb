import { DomainError } from '@millrace/kernel';
import type { Bundle, BundleFiles } from '../bundle/bundle.js';
import type { PoolFacts } from '../format/check-fields.js';
import { definitionLimits } from '../format/limits.js';
import type { DefinitionSource } from '../format/problems.js';
import type { CompileRequest } from './compile-bundle.js';

const codeFile = /\.(?:[cm]?[jt]s|[jt]sx|json|txt|sql)$/;
/** Larger ones are data; the compiler has its own limit for all of them together. */
const maxCodeFileBytes = 4 * 1024 * 1024;
const definitionFile =
  /^(?:pipelines\/.+\.(?:ya?ml|json)|(?:.*\/)?[^/]+\.pipeline\.(?:ya?ml|json)|millrace\.(?:ya?ml|json))$/;

/** What is known of the environment that a bundle is for; nothing is said about what is undefined. */
export interface KnownNames {
  readonly pools?: readonly PoolFacts[] | undefined;
  /** Names of its webhooks. */
  readonly webhooks?: readonly string[] | undefined;
}

/** What the compiler gets of a bundle; throws `bundle.…` where it defines nothing, or too much. */
export function compileRequest(
  bundle: Bundle,
  packages: readonly string[],
  { pools, webhooks }: KnownNames,
): CompileRequest {
  return {
    sources: definitionsOf(bundle),
    paths: [...bundle.files.keys()],
    pools,
    webhooks,
    code: codeOf(bundle.files),
    packages,
  };
}

function codeOf(files: BundleFiles): Map<string, Uint8Array> {
  return new Map(
    [...files].filter(
      ([path, bytes]) => codeFile.test(path) && bytes.length <= maxCodeFileBytes && !path.startsWith('node_modules/'),
    ),
  );
}

function definitionsOf({ files, inline }: Bundle): DefinitionSource[] {
  const paths = [...files.keys()]
    .filter((path) => definitionFile.test(path) && !path.startsWith('node_modules/'))
    .sort();
  const count = paths.length + inline.length;
  if (count === 0) throw noDefinitions(files);
  if (count > definitionLimits.pipelines) {
    throw new DomainError(
      'invalid',
      'bundle.too_many_pipelines',
      `a bundle has at most ${definitionLimits.pipelines} pipelines, this one has ${count}`,
    );
  }
  const sources: DefinitionSource[] = [
    ...paths.map((file) => ({ file, text: definitionText(file, files.get(file) as Buffer) })),
    ...inline,
  ];
  const size = sources.reduce((sum, { text }) => sum + text.length, 0);
  if (size > definitionLimits.totalBytes) {
    throw new DomainError(
      'too_large',
      'bundle.definitions_too_large',
      `the definitions of a bundle may have ${definitionLimits.totalBytes} bytes in all`,
    );
  }
  return sources;
}

function definitionText(file: string, bytes: Buffer): string {
  const refuse = (kind: 'invalid' | 'too_large', code: string, message: string) =>
    new DomainError(kind, code, message, { details: [{ code, message, file, line: 1, column: 1 }] });
  if (bytes.length > definitionLimits.fileBytes) {
    throw refuse(
      'too_large',
      'bundle.definition_too_large',
      `the definition "${file}" is larger than ${definitionLimits.fileBytes} bytes`,
    );
  }
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes))
    throw refuse('invalid', 'bundle.not_utf8', `the definition "${file}" is not UTF-8`);
  return text.replace(/^\ufeff/, '');
}

function noDefinitions(files: BundleFiles): DomainError {
  const folders = new Set([...files.keys()].map((path) => path.split('/', 1)[0]));
  const [folder] = folders;
  const nested = [...files.keys()].some((path) => definitionFile.test(path.slice((folder ?? '').length + 1)));
  const code = 'bundle.no_pipelines';
  const message =
    'the bundle defines no pipeline: it needs pipelines/<name>.yaml, <name>.pipeline.yaml or millrace.yaml';
  const hint =
    folders.size === 1 && nested
      ? `everything lies in the folder "${folder}": pack its content, tar -C ${folder} -czf bundle.tgz .`
      : undefined;
  return new DomainError('invalid', code, message, {
    details: [{ code, message, ...(hint === undefined ? {} : { hint }) }],
  });
}

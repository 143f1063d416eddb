import { DomainError, type ErrorDetail, type TenantId } from '@millrace/kernel';
import { type Bundle, type BundleFiles } from '../bundle/bundle.js';
import { packBundle, type PackedBundle } from '../bundle/pack-bundle.js';
import { readBundle } from '../bundle/read-bundle.js';
import type { CompileRequest, CompileResult } from '../compile/compile-bundle.js';
import type { CompiledPipeline } from '../compile/compiled-pipeline.js';
import { type BundleDependencies, findDependencies } from '../dependencies.js';
import type { PoolFacts } from '../format/check-fields.js';
import { definitionLimits } from '../format/limits.js';
import type { DefinitionSource } from '../format/problems.js';
import { Turnstile, type TurnstileLimits } from '../turnstile.js';

/** A pushed bundle that nothing is wrong with. */
export interface ValidBundle {
  readonly pipelines: readonly CompiledPipeline[];
  /** What is mounted at run time: the files as pushed, with the compiled code beside them. */
  readonly runtime: PackedBundle;
  readonly dependencies: BundleDependencies;
}

/** Compiles bundles; `BundleCompiler` in production. */
export interface Compiler {
  compile(request: CompileRequest): Promise<CompileResult>;
}

/** Mistakes shown of one bundle. */
const maxDetails = 200;
const codeFile = /\.(?:[cm]?[jt]s|[jt]sx|json|txt|sql)$/;
/** Larger ones are data; the compiler has its own limit for all of them together. */
const maxCodeFileBytes = 4 * 1024 * 1024;
const definitionFile =
  /^(?:pipelines\/.+\.(?:ya?ml|json)|(?:.*\/)?[^/]+\.pipeline\.(?:ya?ml|json)|millrace\.(?:ya?ml|json))$/;

export interface BundleUpload {
  /** Whose it is: one bundle of an organization is checked at once. */
  readonly tenantId: TenantId;
  readonly body: Buffer;
  readonly contentType: string;
  /** Pools of the environment that it is for; undefined: nothing is said about pools. */
  readonly pools: readonly PoolFacts[] | undefined;
}

const limits: TurnstileLimits = { atOnce: 2, waiting: 16, perOwner: 4 };

/**
 * Reads, checks and compiles a bundle without changing anything. It takes a good part of a second, so call it before a
 * transaction is opened.
 */
export class ValidateBundle {
  private readonly turnstile = new Turnstile(limits);

  constructor(
    private readonly compiler: Compiler,
    /** What dependencies are built for, for example `linux-x64-node20`. */
    private readonly platform: string,
  ) {}

  /**
   * Throws `bundle.…` where the bundle cannot be read, `deployment.invalid` with every mistake in it, and
   * `deployment.busy` where too many are waiting.
   */
  execute(upload: BundleUpload): Promise<ValidBundle> {
    return this.turnstile.run(upload.tenantId, () => this.validate(upload));
  }

  private async validate({ body, contentType, pools }: BundleUpload): Promise<ValidBundle> {
    const bundle = await readBundle(body, contentType);
    const dependencies = findDependencies(bundle.files, this.platform);
    const result = await this.compiler.compile({
      sources: definitionsOf(bundle),
      paths: [...bundle.files.keys()],
      pools,
      code: codeOf(bundle.files),
      packages: dependencies.packages,
    });
    const problems = [...dependencies.problems, ...result.problems];
    if (problems.length > 0) throw invalid(problems);
    const files = new Map(bundle.files);
    for (const [path, bytes] of result.compiled) files.set(path, Buffer.from(bytes));
    return { pipelines: result.pipelines, runtime: await packBundle(files), dependencies };
  }
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

function invalid(problems: readonly ErrorDetail[]): DomainError {
  const [first] = problems;
  const where = first?.file === undefined ? '' : ` (${first.file}:${first.line ?? 1}:${first.column ?? 1})`;
  const count = problems.length === 1 ? 'one mistake' : `${problems.length} mistakes`;
  return new DomainError(
    'invalid',
    'deployment.invalid',
    `the bundle has ${count}, nothing was deployed; the first: ${first?.message ?? 'unknown'}${where}`,
    { details: problems.slice(0, maxDetails), facts: { mistakes: problems.length } },
  );
}

import { DomainError, type ErrorDetail, type TenantId } from '@millrace/kernel';
import { packBundle, type PackedBundle } from '../bundle/pack-bundle.js';
import { readBundle } from '../bundle/read-bundle.js';
import type { CompileRequest, CompileResult } from '../compile/compile-bundle.js';
import { compileRequest, type KnownNames } from '../compile/compile-request.js';
import type { CompiledPipeline } from '../compile/compiled-pipeline.js';
import { type BundleDependencies, findDependencies } from '../dependencies.js';
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

export interface BundleUpload extends KnownNames {
  /** Whose it is: one bundle of an organization is checked at once. */
  readonly tenantId: TenantId;
  readonly body: Buffer;
  readonly contentType: string;
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

  private async validate({ body, contentType, ...known }: BundleUpload): Promise<ValidBundle> {
    const bundle = await readBundle(body, contentType);
    const dependencies = findDependencies(bundle.files, this.platform);
    const result = await this.compiler.compile(compileRequest(bundle, dependencies.packages, known));
    const problems = [...dependencies.problems, ...result.problems];
    if (problems.length > 0) throw invalid(problems);
    const files = new Map(bundle.files);
    for (const [path, bytes] of result.compiled) files.set(path, Buffer.from(bytes));
    return { pipelines: result.pipelines, runtime: await packBundle(files), dependencies };
  }
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

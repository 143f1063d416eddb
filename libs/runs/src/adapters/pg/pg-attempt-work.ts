import type { OfferedConnection } from '@millrace/contracts/wire';
import { maxOutputBytes, type TaskSpec } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import {
  checkExpression,
  evaluateList,
  type ExpressionScope,
  listItem,
  type Reference,
  renderJson,
  templateReferences,
} from '@millrace/expressions';
import { type EnvironmentId, DomainError } from '@millrace/kernel';
import { sizes } from '@millrace/billing';
import type { ObjectStore } from '@millrace/object-store';
import { type AttemptWork, inlineInputBytes, type WorkRequest, type WorkSource } from '../../attempt-work.js';
import { readTaskScopes } from './pg-attempt-scope.js';

/** Which attempt reads, for the trail of secret reads. */
export interface AttemptReader {
  readonly environmentId: EnvironmentId;
  readonly runId: string;
  readonly taskId: string;
  readonly mapIndex: number;
  readonly attemptId: string;
}

/** What an organization stored for its tasks. Each throws DomainError `not_found` for a name that is not there. */
export interface TenantValues {
  /** Decrypts the secrets and puts each read on the trail. */
  secrets(tx: TenantTransaction, reader: AttemptReader, names: readonly string[]): Promise<Record<string, string>>;
  /** The connections with their passwords, which are secrets like any other. */
  connections(
    tx: TenantTransaction,
    reader: AttemptReader,
    names: readonly string[],
  ): Promise<readonly OfferedConnection[]>;
  variables(
    tx: TenantTransaction,
    environmentId: EnvironmentId,
    names: readonly string[],
  ): Promise<Record<string, string>>;
}

/** Private addresses that the operator opened, by the slug of the organization. */
export type EgressOpenings = (organization: string) => readonly { readonly host: string; readonly port: number }[];

/** Renders the work of an attempt from its version, the run's rows, the object store and the tenant's stored values. */
export class PgAttemptWork implements WorkSource {
  private readonly references = new WeakMap<TaskSpec, readonly Reference[]>();

  constructor(
    private readonly objects: ObjectStore,
    private readonly values: TenantValues,
    private readonly openings: EgressOpenings,
  ) {}

  async resolve(tx: TenantTransaction, request: WorkRequest): Promise<AttemptWork> {
    const { facts, version } = request;
    const spec = version.spec.tasks[request.taskId];
    const pool = facts.pools[version.plan.tasks.find((task) => task.id === request.taskId)?.pool ?? ''];
    if (spec === undefined || pool === undefined) {
      throw new DomainError(
        'internal',
        'version.inconsistent',
        `the version has no specification of ${request.taskId}`,
      );
    }
    const environmentId = facts.environmentId as EnvironmentId;
    const reader = {
      environmentId,
      runId: request.runId,
      taskId: request.taskId,
      mapIndex: request.mapIndex,
      attemptId: request.attemptId,
    };
    const variables = spec.variables.length === 0 ? {} : await this.values.variables(tx, environmentId, spec.variables);
    const scope = await this.scope(tx, request, spec, variables);
    const config = JSON.parse(renderJson(spec.config ?? {}, scope)) as unknown;
    const input = renderJson(spec.input ?? null, scope);
    const secrets = spec.secrets.length === 0 ? {} : await this.values.secrets(tx, reader, spec.secrets);
    const connections =
      spec.connections.length === 0 ? [] : await this.values.connections(tx, reader, spec.connections);
    return {
      type: spec.type,
      config,
      ...(await this.place(tx, input)),
      params: facts.params,
      secrets,
      connections,
      variables,
      timeoutMs: spec.timeoutMs,
      memoryBytes: Math.min(spec.memoryBytes ?? Infinity, sizes[pool.size].memoryBytes),
      ...(spec.sandbox === undefined ? {} : { sandbox: spec.sandbox }),
      egressOpen: this.openings(facts.organization),
    };
  }

  private async scope(
    tx: TenantTransaction,
    request: WorkRequest,
    spec: TaskSpec,
    vars: Record<string, string>,
  ): Promise<ExpressionScope> {
    const tasks = await readTaskScopes(tx, this.objects, request.runId, this.referencesOf(spec));
    const scope: ExpressionScope = {
      params: request.facts.params,
      tasks,
      run: { id: request.runId, createdAt: request.facts.runCreatedAt.toISOString() },
      vars,
    };
    if (request.mapIndex < 0 || spec.mapOver === undefined) return scope;
    const { text } = evaluateList(spec.mapOver, scope);
    return { ...scope, item: listItem(text, request.mapIndex), index: request.mapIndex };
  }

  private referencesOf(spec: TaskSpec): readonly Reference[] {
    let references = this.references.get(spec);
    if (references === undefined) {
      references = [
        ...templateReferences(spec.config),
        ...templateReferences(spec.input),
        ...(spec.mapOver === undefined ? [] : checkExpression(spec.mapOver).references),
      ];
      this.references.set(spec, references);
    }
    return references;
  }

  private async place(tx: TenantTransaction, input: string): Promise<{ input: string } | { inputDigest: string }> {
    if (Buffer.byteLength(input) <= inlineInputBytes) return { input };
    const stored = await this.objects.put(tx.tenantId, Buffer.from(input, 'utf8'), { maxBytes: maxOutputBytes });
    return { inputDigest: stored.digest };
  }
}

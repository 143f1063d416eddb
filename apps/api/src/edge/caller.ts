import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { ControlTransaction, TenantTransaction } from '@millrace/database';
import { DomainError, type EnvironmentId, type SessionId, type TenantId, type UserId } from '@millrace/kernel';
import type { Role, Scope } from '@millrace/tenancy';
import type { Request } from 'express';

/** Who asks: a member with a session, or an API key. Its tenant is the only one that the request can reach. */
export interface Caller {
  readonly tenantId: TenantId;
  /** Id of the organization's plan. */
  readonly plan: string;
  /** `usr_…` or `key_…`; goes into `created_by` columns and the audit log. */
  readonly actor: string;
  readonly scopes: readonly Scope[];
  /** Set for an API key that is bound to one environment: it reaches no other. */
  readonly environmentId?: EnvironmentId;
  /** Set for a member's session, absent for an API key. */
  readonly member?: { readonly userId: UserId; readonly sessionId: SessionId; readonly role: Role };
  readonly requestId: string;
}

/** What the edge knows of a request; attached outside the request object, where no middleware can forge it. */
export interface EdgeState {
  readonly requestId: string;
  /** Monotonic milliseconds at which the request arrived. */
  readonly startedMs: number;
  caller?: Omit<Caller, 'requestId'>;
  tx?: TenantTransaction | ControlTransaction;
  /** Set by a mutation's handler: makes the answer once all is committed, in place of the one that is stored. */
  finish?: () => Promise<unknown>;
  /** The body as it was sent, for the idempotency hash. */
  rawBody?: Buffer;
  /** What a route's own guard established (the verified user of a log-in, for example). */
  verified?: unknown;
}

const states = new WeakMap<Request, EdgeState>();

/** Registers a request that has just arrived. */
export function openEdgeState(request: Request, state: EdgeState): void {
  states.set(request, state);
}

/** The edge's state of a request. */
export function edgeState(request: Request): EdgeState {
  const state = states.get(request);
  if (state === undefined) throw new Error('the request did not pass the edge');
  return state;
}

/** The caller of an authenticated request. */
export function callerOf(request: Request): Caller {
  const { caller, requestId } = edgeState(request);
  if (caller === undefined)
    throw new DomainError('unauthenticated', 'auth.required', 'this request needs a credential');
  return { ...caller, requestId };
}

/** Parameter decorator: the {@link Caller}. Not on `@Public()` routes. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<Request>()),
);

/** Parameter decorator: the request id, for routes without a caller. */
export const RequestId = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => edgeState(context.switchToHttp().getRequest<Request>()).requestId,
);

/**
 * Parameter decorator: the transaction of a `@Mutation()` route, a `TenantTransaction` of the caller's tenant (on
 * `@Public()` routes a `ControlTransaction`). It is committed, with the idempotency key, when the handler returns.
 */
export const Tx = createParamDecorator(
  (_: unknown, context: ExecutionContext): TenantTransaction | ControlTransaction => {
    const { tx } = edgeState(context.switchToHttp().getRequest<Request>());
    if (tx === undefined) throw new Error('@Tx() needs @Mutation() on its route');
    return tx;
  },
);

/** Parameter decorator: what the route's own guard established, see {@link EdgeState.verified}. */
export const Verified = createParamDecorator((_: unknown, context: ExecutionContext): unknown => {
  const { verified } = edgeState(context.switchToHttp().getRequest<Request>());
  if (verified === undefined) throw new Error('@Verified() needs a guard that sets it');
  return verified;
});

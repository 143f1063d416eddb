import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { Reflector } from '@nestjs/core';
import { DomainError } from '@millrace/kernel';
import type { Principal, RatePolicy, Scope } from '@millrace/tenancy';
import type { Request, Response } from 'express';
import { Access } from './access.js';
import { addressBucket } from './address.js';
import { isCleanText, readBody } from './body.js';
import { edgeState } from './caller.js';
import { EdgeError } from './problem.js';
import { announce, rateLimited, RateLimiter, type RateStanding } from './rate-limiter.js';
import { RequestMeter } from './request-meter.js';
import { metadataKeys, type PublicOptions, type Reach, type UploadOptions } from './route.js';
import { invalidInput } from './validation.js';

/** Token of the {@link EdgeLimits} provider. */
export const edgeLimits = Symbol('edgeLimits');

/** Rate limits of the edge. */
export interface EdgeLimits {
  /** Per credential. */
  readonly perCredential: RatePolicy;
  /** All callers of an organization together, by the id of its plan. */
  readonly perOrganization: (plan: string) => RatePolicy;
  /** Per address, on public routes and for refused credentials. */
  readonly perAddress: RatePolicy;
}

// Parameter kinds of Nest's RouteParamtypes that read input.
const bodyKind = '3';
const queryKind = '4';

/** In this order: who asks, how often, may they, and only then: read the body, refuse what the route does not take. */
@Injectable()
export class EdgeGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(Access) private readonly access: Access,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(edgeLimits) private readonly limits: EdgeLimits,
    @Inject(RequestMeter) private readonly meter: RequestMeter,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const handler = context.getHandler();
    const open = this.reflector.get<PublicOptions | undefined>(metadataKeys.public, handler);
    if (open === undefined) await this.admit(context, request, response);
    else if (open.limited !== false) {
      await this.limiter.enforce(this.limits.perAddress, addressBucket(request.ip), response);
    }
    await readBody(request, this.reflector.get<UploadOptions | undefined>(metadataKeys.upload, handler));
    refuseSurplus(context, request);
    return true;
  }

  private async admit(context: ExecutionContext, request: Request, response: Response): Promise<void> {
    const needed = this.reflector.get<{ scope: Scope; reach: Reach } | undefined>(
      metadataKeys.requires,
      context.getHandler(),
    );
    if (needed === undefined) throw new Error('the route has neither @Requires nor @Public');
    response.set('cache-control', 'no-store');
    const principal = await this.access.principalOf(request, response).catch(async (error: unknown) => {
      // Guessing is limited by address, as there is no caller to count.
      const guess = error instanceof DomainError && error.code === 'auth.invalid';
      if (guess) await this.limiter.enforce(this.limits.perAddress, addressBucket(request.ip), response);
      throw error;
    });
    edgeState(request).caller = principal;
    await this.limitRate(context, principal, response);
    if (!principal.scopes.includes(needed.scope)) {
      throw new DomainError(
        'forbidden',
        'auth.missing_scope',
        `this needs the scope ${needed.scope}; the credential has ${principal.scopes.join(', ')}`,
        {
          facts: { neededScope: needed.scope },
        },
      );
    }
    if (needed.reach === 'organization' && principal.environmentId !== undefined) {
      throw new DomainError(
        'forbidden',
        'auth.environment_bound',
        'this concerns the whole organization, and the API key is bound to one environment',
      );
    }
  }

  /** The credential's own limit first: what it refuses must not use up what all others share. */
  private async limitRate(context: ExecutionContext, principal: Principal, response: Response): Promise<void> {
    const { tenantId, actor, member } = principal;
    const standings: RateStanding[] = [await this.take(this.limits.perCredential, member?.sessionId ?? actor)];
    const isShared = this.reflector.get<true | undefined>(metadataKeys.unmetered, context.getHandler()) === undefined;
    if (isShared && standings[0]?.state.allowed === true) {
      standings.push(await this.take(this.limits.perOrganization(principal.plan), tenantId));
    }
    announce(response, standings);
    const over = standings.find(({ state }) => !state.allowed);
    this.meter.count(tenantId, actor, over !== undefined);
    if (over !== undefined) throw rateLimited(over.policy, over.state.retryAfterSeconds, actor);
  }

  private async take(policy: RatePolicy, bucket: string): Promise<RateStanding> {
    return { policy, state: await this.limiter.take(policy, bucket) };
  }
}

const kindsOfHandlers = new WeakMap<object, ReadonlySet<string | undefined>>();

/** The kinds of input that the handler's parameters read. */
function declaredKinds(context: ExecutionContext): ReadonlySet<string | undefined> {
  const handler = context.getHandler();
  const known = kindsOfHandlers.get(handler);
  if (known !== undefined) return known;
  const metadata: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), handler.name);
  const kinds = new Set(Object.keys((metadata as object | undefined) ?? {}).map((key) => key.split(':')[0]));
  kindsOfHandlers.set(handler, kinds);
  return kinds;
}

/** Query parameters and bodies that the handler does not declare are mistakes, not noise. */
function refuseSurplus(context: ExecutionContext, request: Request): void {
  const declared = declaredKinds(context);
  const values = [...Object.values(request.query), ...Object.values(request.params)].flat();
  if (values.some((value) => typeof value === 'string' && !isCleanText(value))) {
    throw new EdgeError(400, 'request.bad_text', 'the address holds a NUL character or a lone surrogate');
  }
  if (!declared.has(queryKind)) {
    const keys = Object.keys(request.query);
    if (keys.length > 0) throw invalidInput('query', [{ code: 'unrecognized_keys', keys, message: 'unknown' }]);
  }
  const body: unknown = request.body;
  const empty = body === undefined || (typeof body === 'object' && body !== null && Object.keys(body).length === 0);
  if (!declared.has(bodyKind) && !empty) {
    throw new DomainError('invalid', 'request.unexpected_body', 'this route takes no body');
  }
}

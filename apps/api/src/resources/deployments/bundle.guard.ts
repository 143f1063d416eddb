import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { TenantDatabase } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import { ValidateBundle, type ValidBundle } from '@millrace/pipelines';
import { resolveEnvironment } from '@millrace/tenancy';
import type { Request } from 'express';
import { callerOf, edgeState } from '../../edge/index.js';
import { readPoolFacts, readWebhookNames } from './read-pool-facts.js';

/** What became of a pushed bundle before the handler was called. */
export type CheckedBundle = { readonly bundle: ValidBundle } | { readonly refusal: DomainError };

/**
 * Checks and compiles the pushed bundle before the transaction of the mutation begins: that takes a good part of a
 * second, in which no connection to the database may be held. What is wrong with it is told by the handler, so that a
 * repeat with the same Idempotency-Key gets the stored response whatever has changed since.
 */
@Injectable()
export class BundleGuard implements CanActivate {
  constructor(
    @Inject(TenantDatabase) private readonly tenants: TenantDatabase,
    @Inject(ValidateBundle) private readonly validate: ValidateBundle,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    edgeState(request).verified = await this.check(request);
    return true;
  }

  async check(request: Request): Promise<CheckedBundle> {
    const { tenantId, environmentId } = callerOf(request);
    const { environment: slug } = request.query;
    try {
      const known = await this.tenants.transaction(tenantId, async (tx) => {
        const environment = await resolveEnvironment(tx, environmentId, typeof slug === 'string' ? slug : undefined);
        const [pools, webhooks] = await Promise.all([
          readPoolFacts(tx, environment.id),
          readWebhookNames(tx, environment.id),
        ]);
        return { pools, webhooks };
      });
      const body: unknown = request.body;
      const bundle = await this.validate.execute({
        tenantId,
        // Without a body there is none to read; the bundle reader says what is missing.
        body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
        contentType: request.get('content-type') ?? 'application/gzip',
        ...known,
      });
      return { bundle };
    } catch (error) {
      if (error instanceof DomainError) return { refusal: error };
      throw error;
    }
  }
}

/** What a comparison may be given: a bundle, or none. */
export type PossibleBundle = CheckedBundle | 'none';

/** As `BundleGuard`, for a route that also works without a bundle. Compiling one takes the right to deploy. */
@Injectable()
export class PossibleBundleGuard implements CanActivate {
  constructor(@Inject(BundleGuard) private readonly bundles: BundleGuard) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const body: unknown = request.body;
    edgeState(request).verified = Buffer.isBuffer(body) && body.length > 0 ? await this.check(request) : 'none';
    return true;
  }

  private async check(request: Request): Promise<CheckedBundle> {
    if (callerOf(request).scopes.includes('deploy')) return this.bundles.check(request);
    const message = 'comparing a bundle needs the scope "deploy"';
    const facts = { neededScope: 'deploy' };
    return { refusal: new DomainError('forbidden', 'auth.missing_scope', message, { facts }) };
  }
}

/** The bundle; throws what is wrong with it. */
export function soundBundle(checked: CheckedBundle): ValidBundle {
  if ('refusal' in checked) throw checked.refusal;
  return checked.bundle;
}

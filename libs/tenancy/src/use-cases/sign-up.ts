import type { ControlTransaction, Transaction } from '@millrace/database';
import { DomainError, type EnvironmentId, newId, type TenantId } from '@millrace/kernel';
import { recordAudit } from '../audit.js';
import { defaultEnvironment, insertEnvironment } from '../environment.js';
import { openSession, type SessionTokens } from '../session.js';
import { enterAccount } from '../user.js';

export interface SignUpRequest {
  readonly organization: { readonly name: string; readonly slug: string };
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly requestId: string;
}

/** Makes what a new environment begins with. The pools context has it; tenancy knows no pools. */
export type FurnishEnvironment = (
  tx: Transaction,
  place: { readonly tenantId: TenantId; readonly environmentId: EnvironmentId },
) => Promise<void>;

/**
 * Makes an organization with its owner, the environment `production` and what belongs into it, and opens a session.
 * Whoever has an account already gives its password. Throws `organization.slug_taken`, `auth.invalid_credentials`.
 */
export class SignUp {
  constructor(private readonly furnish: FurnishEnvironment) {}

  async execute(tx: ControlTransaction, request: SignUpRequest): Promise<SessionTokens> {
    const { organization, requestId } = request;
    const user = await enterAccount(tx, request);
    const tenantId = newId('organization');
    const made = await tx.query(
      `insert into organizations (id, slug, name) values ($1, $2, $3) on conflict (slug) do nothing returning id`,
      [tenantId, organization.slug, organization.name],
    );
    if (made.length === 0) {
      throw new DomainError(
        'conflict',
        'organization.slug_taken',
        `the slug ${organization.slug} is taken: choose another`,
        {
          details: [{ code: 'organization.slug_taken', message: 'is taken', pointer: '/organization/slug' }],
        },
      );
    }
    await tx.query(`insert into memberships (tenant_id, user_id, role) values ($1, $2, 'owner')`, [tenantId, user.id]);
    const environment = await insertEnvironment(tx, tenantId, { slug: defaultEnvironment, name: 'Production' });
    if (environment === undefined) throw new Error('a new organization has an environment already');
    await this.furnish(tx, { tenantId, environmentId: environment.id });
    const detail = { slug: organization.slug };
    await recordAudit(tx, {
      tenantId,
      actor: user.id,
      action: 'organization.created',
      target: tenantId,
      requestId,
      detail,
    });
    return openSession(tx, { tenantId, userId: user.id });
  }
}

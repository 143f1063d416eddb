import type { SessionTokens } from '@millrace/tenancy';
import type { z } from 'zod';
import type { session } from './session.schema.js';

export function toSession(tokens: SessionTokens): z.infer<typeof session> {
  const { tenantId, ...rest } = tokens;
  return { ...rest, organizationId: tenantId };
}

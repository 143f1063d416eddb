import { roles } from '@millrace/tenancy';
import { z } from 'zod';
import { pageOf, pageQuery, timestamp } from '../../edge/index.js';
import { emailField, newPasswordField, personName, sessionKind } from '../session/session.schema.js';

const role = z.enum(roles);
const invitedRole = role.exclude(['owner']);

export const member = z
  .strictObject({ userId: z.string(), email: z.string(), name: z.string(), role, createdAt: timestamp })
  .meta({ id: 'Member' });
export const memberPage = pageOf('MemberPage', member);
export const listQuery = z.strictObject(pageQuery);
export const memberPath = z.strictObject({ user: z.string() });
export const patchMember = z.strictObject({ role }).meta({ id: 'MemberPatch' });

const invitationFields = {
  id: z.string(),
  email: z.string(),
  role: invitedRole,
  state: z.enum(['pending', 'accepted', 'revoked', 'expired']),
  invitedBy: z.string(),
  createdAt: timestamp,
  expiresAt: timestamp,
};
export const invitation = z.strictObject(invitationFields).meta({ id: 'Invitation' });
export const invitationPage = pageOf('InvitationPage', invitation);
export const madeInvitation = z
  .strictObject({
    ...invitationFields,
    token: z.string().describe('Shown this once. Give it to the person: it makes them a member.'),
  })
  .meta({ id: 'MadeInvitation' });
export const newInvitation = z.strictObject({ email: emailField, role: invitedRole }).meta({ id: 'NewInvitation' });
export const invitationPath = z.strictObject({ invitation: z.string() });
export const acceptInvitationBody = z
  .strictObject({
    token: z.string().min(1).max(200),
    name: personName.optional().describe('For a new account; default: what stands before the @.'),
    password: newPasswordField.describe('For the new account, or of the one that exists.'),
    session: sessionKind,
  })
  .meta({ id: 'AcceptInvitation' });

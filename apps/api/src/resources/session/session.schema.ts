import { isEmail, maxPasswordLength, minPasswordLength, roles, scopes, slugForm } from '@millrace/tenancy';
import { z } from 'zod';
import { timestamp } from '../../edge/index.js';

export const emailField = z
  .string()
  .trim()
  .max(254)
  .refine(isEmail, 'must be an e-mail address')
  .meta({ shownAs: { type: 'string', format: 'email', maxLength: 254 } });

export const newPasswordField = z
  .string()
  .min(minPasswordLength, `must have at least ${minPasswordLength} characters`)
  .max(maxPasswordLength);

export const personName = z.string().trim().min(1).max(200);
export const slugField = z
  .string()
  .regex(slugForm, 'must be 2 to 40 lower-case letters, digits and "-", beginning with a letter');

/** Where the refresh token of a new session goes. */
export const sessionKind = z
  .enum(['token', 'cookie'])
  .optional()
  .describe(
    '`token` (the default): the refresh token stands in the body. `cookie`: it is set as a cookie that only `/v1/token:refresh` gets, for pages of this server.',
  );

export const signUpBody = z
  .strictObject({
    organization: z.strictObject({ name: z.string().trim().min(1).max(200), slug: slugField }),
    email: emailField,
    name: personName,
    password: newPasswordField.describe('Of the account; where one with this e-mail address exists, its password.'),
    session: sessionKind,
  })
  .meta({ id: 'SignUp' });

export const logInBody = z
  .strictObject({
    email: z.string().trim().min(1).max(254),
    password: z.string().min(1).max(maxPasswordLength),
    organization: z.string().max(63).optional().describe('Slug; needed where you belong to several organizations.'),
    session: sessionKind,
  })
  .meta({ id: 'LogIn' });

export const refreshBody = z
  .strictObject({
    refreshToken: z.string().min(1).max(200).optional().describe('Absent where the session has a cookie.'),
  })
  .meta({ id: 'RefreshToken' });

const person = z
  .strictObject({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    emailVerified: z.boolean().describe('False until the link in the mail has been followed: it may invite nobody.'),
  })
  .meta({ id: 'Person' });
const organizationRef = z
  .strictObject({ id: z.string(), slug: z.string(), name: z.string() })
  .meta({ id: 'OrganizationRef' });

export const session = z
  .strictObject({
    accessToken: z.string().describe('Send it as `Authorization: Bearer …`.'),
    accessExpiresAt: timestamp,
    refreshToken: z
      .string()
      .optional()
      .describe('Good once, for a new pair of tokens. Absent where the session has a cookie.'),
    refreshExpiresAt: timestamp,
    organizationId: z.string(),
    userId: z.string(),
  })
  .meta({ id: 'Session' });

export const me = z
  .strictObject({
    organization: organizationRef,
    actor: z.string().describe('Id of the person or of the API key.'),
    kind: z.enum(['member', 'apiKey']),
    scopes: z.array(z.enum(scopes)),
    person: person.nullable().describe('Null for an API key.'),
    role: z.enum(roles).nullable().describe('Null for an API key.'),
    environmentId: z.string().nullable().describe('The only environment that the API key reaches; null for all.'),
  })
  .meta({ id: 'Me' });

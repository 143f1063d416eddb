import { connectionNameForm, secretNameForm, tlsModes } from '@millrace/tenancy';
import { z } from 'zod';
import { environmentQuery, pageOf, pageQuery, timestamp } from '../../edge/index.js';

const host = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9._:-]+$/, 'must be a host name or an IP address, without scheme, port or path');
const type = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, 'must be a type such as postgres or http');
const port = z.int().min(1).max(65_535);
// Options reach the task as they are; what could be mistaken for a credential belongs into a secret.
const optionKey = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/, 'must be letters, digits, "_", "-" and "."')
  .refine(
    (key) => !/password|passwd|secret|token|api_?key|private_?key/i.test(key),
    'looks like a credential: use a secret',
  );
const options = z
  .record(optionKey, z.union([z.string().max(1000), z.number(), z.boolean()]))
  .refine((record) => Object.keys(record).length <= 50, 'must have at most 50 entries');

export const connection = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    type: z.string(),
    host: z.string(),
    port: z.int(),
    username: z.string().nullable(),
    database: z.string().nullable(),
    tls: z.enum(tlsModes),
    options: z.record(z.string(), z.unknown()),
    passwordSecret: z.string().nullable().describe('Name of the secret, of the same environment, that opens it.'),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Connection' });
export const connectionPage = pageOf('ConnectionPage', connection);
export const listConnectionsQuery = z.strictObject({ ...pageQuery, ...environmentQuery });
export const connectionQuery = z.strictObject(environmentQuery);
export const newConnectionPath = z.strictObject({
  name: z
    .string()
    .regex(connectionNameForm, 'must be letters, digits, "_" and "-", not beginning with a digit, at most 63'),
});
export const connectionPath = z.strictObject({ name: z.string() });
export const putConnectionBody = z
  .strictObject({
    type,
    host,
    port,
    username: z.string().min(1).max(200).nullable().default(null),
    database: z.string().min(1).max(200).nullable().default(null),
    tls: z.enum(tlsModes).default('verify').describe('`verify`: encrypted, certificate checked; `require`: encrypted.'),
    options: options.default({}),
    passwordSecret: z
      .string()
      .regex(secretNameForm, 'must be the name of a secret')
      .nullable()
      .default(null)
      .describe('Name of the secret, of the same environment, that holds the password.'),
  })
  .meta({ id: 'ConnectionSettings' });

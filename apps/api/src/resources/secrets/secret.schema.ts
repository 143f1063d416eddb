import { maxSecretBytes, secretNameForm } from '@millrace/tenancy';
import { z } from 'zod';
import { environmentQuery, pageOf, pageQuery, timestamp } from '../../edge/index.js';

export const secret = z
  .strictObject({
    name: z.string(),
    version: z.int().describe('Rises with each change.'),
    createdBy: z.string(),
    createdAt: timestamp.describe('When this version was set.'),
  })
  .meta({ id: 'Secret' });
export const secretPage = pageOf('SecretPage', secret);
export const listSecretsQuery = z.strictObject({ ...pageQuery, ...environmentQuery });
export const secretQuery = z.strictObject(environmentQuery);
export const newSecretPath = z.strictObject({
  name: z
    .string()
    .regex(secretNameForm, 'must be letters, digits, "_" and "-", not beginning with a digit, at most 128'),
});
export const secretPath = z.strictObject({ name: z.string() });
export const putSecret = z
  .strictObject({
    value: z
      .string()
      .min(1)
      .refine((value) => Buffer.byteLength(value) <= maxSecretBytes, `must have at most ${maxSecretBytes} bytes`),
  })
  .meta({ id: 'SecretValue' });

import { maxVariableBytes, variableNameForm } from '@millrace/tenancy';
import { z } from 'zod';
import { environmentQuery, pageOf, pageQuery, timestamp } from '../../edge/index.js';

export const variable = z
  .strictObject({ name: z.string(), value: z.string(), createdAt: timestamp, updatedAt: timestamp })
  .meta({ id: 'Variable' });
export const variablePage = pageOf('VariablePage', variable);
export const listVariablesQuery = z.strictObject({ ...pageQuery, ...environmentQuery });
export const variableQuery = z.strictObject(environmentQuery);
export const newVariablePath = z.strictObject({
  name: z
    .string()
    .regex(variableNameForm, 'must be letters, digits, "_" and "-", not beginning with a digit, at most 128'),
});
export const variablePath = z.strictObject({ name: z.string() });
export const putVariableBody = z
  .strictObject({
    value: z
      .string()
      .refine((value) => Buffer.byteLength(value) <= maxVariableBytes, `must have at most ${maxVariableBytes} bytes`),
  })
  .meta({ id: 'VariableValue' });

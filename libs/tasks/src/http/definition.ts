import { z } from 'zod';
import { defineTask, orExpression, sandboxRetryClasses } from '../define-task.js';
import { httpRetryClasses } from './retry-classes.js';

const method = z.enum(
  ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  'must be GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS',
);
const url = z
  .url({ protocol: /^https?$/, error: 'must be an absolute http or https URL' })
  .meta({ pattern: '^[hH][tT][tT][pP][sS]?:' });
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is not a header name');
const status = z
  .number('must be a status code')
  .int()
  .min(100, 'is not a status code')
  .max(599, 'is not a status code');
const expectedStatus = z.union([status, z.array(status).min(1)], 'must be a status code or a list of them');
const timeoutSeconds = z.number('must be a number').positive('must be above 0').max(86_400, 'must be at most 86,400');
const parse = z.enum(['json', 'text'], 'must be "json" or "text"').default('json');

export const httpTask = defineTask({
  type: 'http',
  title: 'HTTP request',
  description: 'Sends one request through the egress guard. The output is {status, headers, body}.',
  definitionSchema: z.strictObject({
    method: orExpression(method).default('GET').describe('The method of the request.'),
    url: orExpression(url).meta({
      description: 'Absolute address; private networks are out of reach.',
      examples: ['https://api.example.com/orders?day=${{ params.day }}'],
    }),
    headers: z
      .record(headerName, z.string('must be a text'))
      .default({})
      .meta({
        description: 'Header fields; the values may hold expressions.',
        examples: [{ accept: 'application/json' }],
      }),
    body: z
      .unknown()
      .optional()
      .meta({
        description: 'What is sent: a text as it is, anything else as JSON.',
        examples: [{ city: '${{ params.city }}' }],
      }),
    expect: z
      .strictObject({
        status: orExpression(expectedStatus).meta({
          description: 'The status, or the list of them, that is a success; without it 200 to 299.',
          examples: [[200, 404]],
        }),
      })
      .optional()
      .describe('What counts as a success.'),
    timeoutSeconds: orExpression(timeoutSeconds).optional().describe('Time limit of the request, in seconds.'),
    parse: parse.describe('How the body of the answer is read.'),
  }),
  configSchema: z.strictObject({
    method: method.default('GET'),
    url,
    headers: z.record(headerName, z.union([z.string(), z.number().transform(String)], 'must be a text')).default({}),
    body: z.unknown().optional(),
    expect: z.strictObject({ status: expectedStatus }).optional(),
    timeoutSeconds: timeoutSeconds.optional(),
    parse,
  }),
  defaults: { timeoutMs: 300_000, maxAttempts: 1 },
  executes: 'runner',
  fuses: true,
  retryable: [...sandboxRetryClasses, ...httpRetryClasses],
  files: () => [],
  connections: () => [],
});

import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { objectMembers, rootSpan, spanKind, spanText } from '@millrace/expressions';
import type { Request } from 'express';
import { edgeState } from '../../edge/index.js';

/** Parameter decorator: the JSON text of the body's `params` as it was sent, every digit in place; `{}` without any. */
export const ParamsText = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const request = context.switchToHttp().getRequest<Request>();
  const { rawBody } = edgeState(request);
  if (rawBody === undefined) return '{}';
  // Another charset than UTF-8 is rare enough to go without the original digits.
  if (/charset="?utf-(?!8)/i.test(request.get('content-type') ?? '')) {
    return JSON.stringify((request.body as { params?: unknown } | undefined)?.params ?? {});
  }
  const root = rootSpan(rawBody.toString('utf8').replace(/^\uFEFF/, ''));
  const params = spanKind(root) === 'object' ? objectMembers(root).get('params') : undefined;
  return params === undefined ? '{}' : spanText(params);
});

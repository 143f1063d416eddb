import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** Parameter decorator: aborted when the client goes away. */
export const RequestSignal = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal => {
  const controller = new AbortController();
  const request = context.switchToHttp().getRequest<Request>();
  request.res?.once('close', () => controller.abort());
  return controller.signal;
});

import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** Parameter decorator: the media type of the body, as it was sent. */
export const ContentType = createParamDecorator(
  (_: unknown, context: ExecutionContext): string =>
    context.switchToHttp().getRequest<Request>().get('content-type') ?? '',
);

/** Parameter decorator: aborted when the client goes away. */
export const Signal = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal => {
  const controller = new AbortController();
  const request = context.switchToHttp().getRequest<Request>();
  request.res?.once('close', () => controller.abort());
  return controller.signal;
});

import { once } from 'node:events';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { DomainError, type Json } from '@millrace/kernel';
import type { Request, Response } from 'express';
import { Access } from './access.js';
import { edgeState } from './caller.js';
import { problemOf } from './problem.js';

/** One event of a stream; `data` is sent as JSON, or as it is where it is text. */
export interface StreamEvent {
  /** What a client sends back as `Last-Event-ID` to go on after this event. */
  readonly id?: string;
  readonly event: string;
  readonly data: Json;
}

/**
 * Gives the events after `lastEventId`, in order, and returns when the stream is complete. The signal is aborted when
 * the client leaves or the process stops: end soon after it, without an error.
 */
export type StreamSource = (lastEventId: string | undefined, signal: AbortSignal) => AsyncIterable<StreamEvent>;

const heartbeatMs = 15_000;
const retryMs = 1_000;
/** How often the credential of an open stream is checked again: a revoked key loses its streams. */
const recheckMs = 15_000;

/** Serves `text/event-stream`: ids, retry, heartbeat comments, back-pressure, a clean end on either side. */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  private readonly open = new Set<AbortController>();

  constructor(private readonly access: Access) {}

  /** Writes the events of the source until it returns, the client leaves, or the credential ends. */
  async serve(request: Request, response: Response, source: StreamSource): Promise<void> {
    const controller = new AbortController();
    this.open.add(controller);
    response.on('close', () => controller.abort());
    response.status(200).set({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Proxies that buffer would hold back live events.
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    response.write(`retry: ${retryMs}\n\n`);
    const heartbeat = setInterval(() => response.write(': heartbeat\n\n'), heartbeatMs);
    const recheck = setInterval(() => {
      void this.access.stillValid(request).then((valid) => {
        if (!valid) controller.abort();
      });
    }, recheckMs);
    try {
      for await (const event of source(request.get('last-event-id'), controller.signal)) {
        if (controller.signal.aborted) break;
        if (!response.write(format(event))) await drained(response, controller.signal);
      }
    } catch (error) {
      if (!controller.signal.aborted) this.fail(request, response, error);
    } finally {
      clearInterval(heartbeat);
      clearInterval(recheck);
      this.open.delete(controller);
      controller.abort();
      response.end();
    }
  }

  /** Ends every open stream; clients come back with `Last-Event-ID`. */
  beforeApplicationShutdown(): void {
    for (const controller of this.open) controller.abort();
  }

  private fail(request: Request, response: Response, error: unknown): void {
    const { requestId } = edgeState(request);
    const known =
      error instanceof DomainError
        ? error
        : new DomainError('internal', 'internal', 'the stream broke off; go on with Last-Event-ID', { cause: error });
    response.locals['failure'] = error;
    response.write(format({ event: 'error', data: problemOf(known, requestId) as unknown as Json }));
  }
}

function format({ id, event, data }: StreamEvent): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  const lines = text.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  const idLine = id === undefined ? '' : `id: ${id.replaceAll(/[\r\n\0]/g, '')}\n`;
  return `${idLine}event: ${event.replaceAll(/[\r\n]/g, '')}\n${lines.join('')}\n`;
}

async function drained(response: Response, signal: AbortSignal): Promise<void> {
  await once(response, 'drain', { signal }).catch(() => undefined);
}

/** One event of a `text/event-stream` (WHATWG HTML, "Server-sent events"). */
export interface ServerSentEvent {
  readonly id?: string;
  readonly event: string;
  readonly data: string;
}

function parse(block: string): ServerSentEvent | undefined {
  let id: string | undefined;
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === 0 || line === '') continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'id') id = value;
    else if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
  }
  if (data.length === 0) return undefined;
  return { event, data: data.join('\n'), ...(id === undefined ? {} : { id }) };
}

/** Reads the events of a response until its body ends or the signal is aborted. */
export async function* readServerSentEvents(response: Response, signal?: AbortSignal): AsyncGenerator<ServerSentEvent> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  // Not `for await`: not every browser can iterate a stream.
  const reader = response.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  // Node.js may forget the signal of a request that has been cloned, and a quiet stream would never end.
  const stop = (): void => void reader.cancel().catch(() => undefined);
  if (signal?.aborted === true) stop();
  signal?.addEventListener('abort', stop);
  let rest = '';
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      rest = (rest + decoder.decode(part.value, { stream: true })).replaceAll('\r\n', '\n');
      for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
        const event = parse(rest.slice(0, end));
        rest = rest.slice(end + 2);
        if (event !== undefined) yield event;
      }
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    // Who stops reading in the middle leaves no connection behind.
    await reader.cancel().catch(() => undefined);
  }
}

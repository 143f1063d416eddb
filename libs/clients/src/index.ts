export { ApiError, type ProblemDocument, type ProblemPlace } from './api-error.js';
export {
  answer,
  type ClientOptions,
  type ListItem,
  type ListOptions,
  type ListPath,
  type LogEnd,
  type LogStreamEvent,
  type LogStreamOptions,
  MillraceClient,
  type RunningAttempt,
  type RunStreamEvent,
  type Schemas,
} from './client.js';
export { HttpClient, type HttpClientOptions, type RequestOptions } from './http-client.js';
export { readServerSentEvents, type ServerSentEvent } from './server-sent-events.js';
export { newIdempotencyKey, type TransportOptions } from './transport.js';

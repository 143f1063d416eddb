export { ApiError, HttpClient, type HttpClientOptions, type RequestOptions } from './http-client.js';
export { readServerSentEvents, type ServerSentEvent } from './server-sent-events.js';

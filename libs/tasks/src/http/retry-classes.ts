import type { RetryClass } from '../define-task.js';

export const httpRetryClasses: readonly RetryClass[] = [
  { code: 'http.network', retryable: true, meaning: 'no answer: connection refused, lost, name not found' },
  { code: 'http.timeout', retryable: true, meaning: 'no answer within "timeoutSeconds"' },
  { code: 'http.408', retryable: true, meaning: 'the server gave up waiting' },
  { code: 'http.425', retryable: true, meaning: 'too early' },
  { code: 'http.429', retryable: true, meaning: 'too many requests' },
  { code: 'http.5*', retryable: true, meaning: 'the server failed' },
  { code: 'http.*', retryable: false, meaning: 'any other status that was not expected' },
  { code: 'http.not_json', retryable: false, meaning: 'the body is not JSON and "parse" is "json"' },
  { code: 'egress.refused', retryable: false, meaning: 'the egress guard does not let the request out' },
];

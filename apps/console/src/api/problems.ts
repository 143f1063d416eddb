import { ApiError } from '@millrace/clients';

/** What a person is told of a failed call. */
export interface Complaint {
  readonly title: string;
  readonly detail: string;
  /** Stable code and the id by which the platform's log knows the request; absent where no answer came. */
  readonly code?: string;
  readonly requestId?: string;
}

export function complaintOf(error: unknown): Complaint {
  if (error instanceof ApiError) {
    const { detail, title, requestId } = error.problem;
    return {
      title: title ?? `The server answered ${error.status}`,
      detail: sentence(detail ?? 'There is no further explanation.'),
      code: error.code,
      ...(requestId === undefined ? {} : { requestId }),
    };
  }
  return {
    title: 'The server cannot be reached',
    detail: 'No answer came. Check the connection; what is shown here may be old.',
  };
}

/** Messages by the top-level field of the body that they are about, such as `{ email: '…' }`. */
export function fieldMessages(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof ApiError)) return {};
  const messages: Record<string, string> = {};
  for (const { pointer, message, hint } of error.problem.errors ?? []) {
    const path = pointer?.replace(/^\//, '').replaceAll('/', '.');
    if (path === undefined || path === '' || message === undefined || messages[path] !== undefined) continue;
    messages[path] = sentence(hint === undefined ? message : `${message}: ${hint}`);
  }
  return messages;
}

export function isRefusal(error: unknown, ...codes: readonly string[]): error is ApiError {
  return error instanceof ApiError && (codes.length === 0 || codes.includes(error.code));
}

/** The API's texts begin small and end without a stop. */
export function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(start) ? start : `${start}.`;
}

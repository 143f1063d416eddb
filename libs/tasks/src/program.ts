import type { JsonObject } from '@millrace/kernel';

export type BuiltinName = 'sql' | 'http';

/** What a sandbox executes; the same shape as the sandbox's own program, so that neither library needs the other. */
export type TaskProgram =
  | { readonly kind: 'node'; readonly entry: string; readonly export?: string }
  | { readonly kind: 'python'; readonly entry: string; readonly function: string }
  | { readonly kind: 'shell'; readonly script: string; readonly shell?: 'sh' | 'bash' }
  | { readonly kind: 'shell'; readonly file: string; readonly shell?: 'sh' | 'bash' }
  | { readonly kind: 'builtin'; readonly name: BuiltinName; readonly config: JsonObject };

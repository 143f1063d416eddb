/** Program of the compiler's process: one request, one answer, the end. */
import { transform } from 'esbuild';
import { compileBundle, type CompileRequest } from './compile-bundle.js';

process.once('message', (request) => {
  compileBundle(request as CompileRequest).then(
    (result) => process.send?.({ result }, undefined, undefined, () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    },
  );
});
// The parent is gone: nobody wants the answer.
process.once('disconnect', () => process.exit(0));

// The code compiler's own process takes a while to start as well; while a request is waited for, that costs nothing.
transform('').catch(() => undefined);

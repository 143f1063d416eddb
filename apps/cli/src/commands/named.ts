import { Failure } from '../failure.js';

/** The one thing that was meant; refuses where there is none, or where a name is that of several. */
export function onlyOne<T extends { readonly id?: string }>(noun: string, ref: string, found: readonly T[]): T {
  const [first, ...others] = found;
  if (first === undefined) {
    throw new Failure('notFound', `there is no ${noun} "${ref}"`, { code: `cli.no_${noun}` });
  }
  if (others.length > 0) {
    throw new Failure('usage', `there are ${found.length} of the name "${ref}"`, {
      hint: `name one by its id: ${found.map(({ id }) => id ?? '').join(', ')}`,
    });
  }
  return first;
}

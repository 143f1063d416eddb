import type { Schemas } from '@millrace/clients';
import { dollars } from '../api/format.js';

/** Dollars; the title has every digit of the account. */
export function MoneyText({ amount }: { readonly amount: Schemas['Money'] }) {
  return (
    <span className="number above" title={`$${amount.usd}`}>
      {dollars(amount.nanoUsd)}
    </span>
  );
}

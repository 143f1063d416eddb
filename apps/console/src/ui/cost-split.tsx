import type { Schemas } from '@millrace/clients';
import './cost-split.css';
import { MoneyText } from './money.js';

type Split = Schemas['CostSplit'];

const parts: readonly (readonly [keyof Split, string, string])[] = [
  ['useful', 'Useful', '--state-succeeded'],
  ['retried', 'Retried', '--state-up_for_retry'],
  ['failed', 'Failed', '--state-failed'],
  ['cancelled', 'Cancelled', '--state-cancelled'],
  ['platformFault', 'Platform fault, free', '--state-lost'],
];

/** For what money went, as a bar and in words. */
export function CostSplit({ split }: { readonly split: Split }) {
  const amounts = parts.map(([part, word, color]) => ({ part, word, color, amount: split[part] }));
  return (
    <div className="cost-split">
      <div className="cost-split__bar" aria-hidden="true">
        {amounts
          .filter(({ amount }) => amount.nanoUsd !== '0')
          .map(({ part, color, amount }) => (
            <span key={part} style={{ flexGrow: Number(amount.nanoUsd), background: `var(${color})` }} />
          ))}
      </div>
      <dl className="cost-split__parts">
        {amounts.map(({ part, word, color, amount }) => (
          <div key={part}>
            <dt>
              <span className="cost-split__mark" style={{ background: `var(${color})` }} aria-hidden="true" />
              {word}
            </dt>
            <dd>
              <MoneyText amount={amount} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

import type { Schemas } from '@millrace/clients';
import { Button } from '../../ui/button.js';
import { Checkbox, Field, SelectField } from '../../ui/field.js';
import { type Draft, type EventName, events, ownersWord } from './rule-draft.js';

const eventWords: Readonly<Record<EventName, string>> = {
  failed: 'a run failed',
  recovered: 'it succeeded again',
  deadline_missed: 'a deadline was missed',
};

/** Who is told of what: a group of controls for each rule. */
export function RulesForm({
  drafts,
  webhooks,
  complaints,
  onChange,
}: {
  readonly drafts: readonly Draft[];
  readonly webhooks: readonly Schemas['Webhook'][];
  /** What is wrong, by the place of the rule. */
  readonly complaints: ReadonlyMap<number, string>;
  readonly onChange: (drafts: readonly Draft[]) => void;
}) {
  const change = (at: number, part: Partial<Draft>): void =>
    onChange(drafts.map((draft, index) => (index === at ? { ...draft, ...part } : draft)));
  return (
    <div className="stack">
      {drafts.map((draft, at) => (
        <fieldset key={draft.key} className="rule">
          <legend>Rule {at + 1}</legend>
          <div className="rule__events" role="group" aria-label="Tell when">
            {events.map((event) => (
              <Checkbox
                key={event}
                label={eventWords[event]}
                checked={draft.on.includes(event)}
                onChange={({ target }) =>
                  change(at, {
                    on: events.filter((each) => (each === event ? target.checked : draft.on.includes(each))),
                  })
                }
              />
            ))}
          </div>
          <div className="rule__target">
            <SelectField
              label="Tell"
              value={draft.channel}
              onChange={({ target }) => change(at, { channel: target.value as Draft['channel'] })}
            >
              <option value="email">people, by e-mail</option>
              <option value="webhook">a webhook</option>
            </SelectField>
            {draft.channel === 'email' ? (
              <Field
                label="Addresses"
                hint={`Commas between. The word ${ownersWord} means the owners of the organization.`}
              >
                {(control) => (
                  <input
                    className="input"
                    spellCheck={false}
                    value={draft.email}
                    onChange={({ target }) => change(at, { email: target.value })}
                    {...control}
                  />
                )}
              </Field>
            ) : (
              <SelectField
                label="Webhook"
                value={draft.webhook}
                onChange={({ target }) => change(at, { webhook: target.value })}
              >
                <option value="">Choose one</option>
                {draft.webhook !== '' && webhooks.every(({ name }) => name !== draft.webhook) && (
                  <option>{draft.webhook}</option>
                )}
                {webhooks.map(({ id, name }) => (
                  <option key={id}>{name}</option>
                ))}
              </SelectField>
            )}
          </div>
          {complaints.has(at) && (
            <p className="field__error" role="alert">
              {complaints.get(at)}
            </p>
          )}
          <div>
            <Button size="small" variant="quiet" onClick={() => onChange(drafts.filter((_, index) => index !== at))}>
              Remove<span className="visually-hidden"> rule {at + 1}</span>
            </Button>
          </div>
        </fieldset>
      ))}
    </div>
  );
}

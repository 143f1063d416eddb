import { answer, type Schemas } from '@millrace/clients';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { useMay } from '../../api/queries.js';
import { useEnvironment } from '../../shell/environment.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { FormDialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { Card } from '../../ui/page.js';
import { ErrorState, Notice, Skeleton } from '../../ui/states.js';
import { useToasts } from '../../ui/toast.js';

type Rules = Schemas['Environment']['notify'];

const example = `[
  { "on": ["failed", "recovered"], "email": ["owners"] }
]`;

function useRules(environment: string) {
  return useQuery({
    queryKey: ['environment', environment],
    queryFn: () => answer(api.GET('/v1/environments/{environment}', { params: { path: { environment } } })),
  });
}

function RulesDialog({ rules, onClose }: { readonly rules: Rules; readonly onClose: () => void }) {
  const environment = useEnvironment();
  const [text, setText] = useState(rules === null ? example : JSON.stringify(rules, null, 2));
  const [wrong, setWrong] = useState<string>();
  const toasts = useToasts();
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (body: string) =>
      answer(
        api.PATCH('/v1/environments/{environment}', {
          params: { path: { environment } },
          body: {},
          bodySerializer: () => body,
        }),
      ),
    onSuccess: async () => {
      toasts.done('Rules changed.');
      onClose();
      await queries.invalidateQueries({ queryKey: ['environment', environment] });
    },
  });
  const send = (notify: string): void => save.mutate(`{"notify":${notify}}`);
  return (
    <FormDialog
      title={`Who is told, in ${environment}`}
      width="wide"
      submit="Change"
      busy={save.isPending}
      onSubmit={() => {
        try {
          JSON.parse(text);
          setWrong(undefined);
          send(text);
        } catch (error) {
          setWrong(`Is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
        }
      }}
      onClose={onClose}
    >
      {save.error !== null && <ErrorState error={save.error} />}
      <Field
        label="Rules"
        error={wrong}
        hint="A list in JSON. Each rule has on (failed, recovered, deadline_missed, or a list) and either email (addresses, or owners) or webhook (its name). An empty list tells nobody."
      >
        {(control) => (
          <textarea
            className="input input--area input--code"
            rows={9}
            spellCheck={false}
            value={text}
            onChange={(event) => setText(event.target.value)}
            {...control}
          />
        )}
      </Field>
      {rules !== null && (
        <div>
          <Button size="small" variant="quiet" icon="retry" onClick={() => send('null')}>
            Back to the default: the owners, of failures and missed deadlines
          </Button>
        </div>
      )}
    </FormDialog>
  );
}

/** The rules of the environment, for pipelines that have none of their own. */
export function RulesTab() {
  const environment = useEnvironment();
  const mayManage = useMay('manage');
  const [isChanging, setChanging] = useState(false);
  const { data, error, refetch } = useRules(environment);
  if (data === undefined) {
    return error === null ? <Skeleton /> : <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  const { notify } = data;
  return (
    <>
      <p className="muted">
        These hold for every pipeline of {data.name} whose definition has no <code>notify</code> of its own.
      </p>
      {notify === null ? (
        <Notice>The default: the owners of the organization get an e-mail of failures and missed deadlines.</Notice>
      ) : notify.length === 0 ? (
        <Notice tone="warn">Nobody is told of anything.</Notice>
      ) : (
        <Card>
          <ul className="rules">
            {notify.map((rule) => (
              <li key={JSON.stringify(rule)}>
                {rule.on.map((event) => (
                  <Badge key={event} tone={event === 'recovered' ? 'good' : 'bad'}>
                    {event.replace('_', ' ')}
                  </Badge>
                ))}
                <span className="muted">to</span>
                {rule.webhook === undefined ? (rule.email ?? []).join(', ') : <code>webhook {rule.webhook}</code>}
              </li>
            ))}
          </ul>
        </Card>
      )}
      {mayManage && (
        <div>
          <Button onClick={() => setChanging(true)}>Change the rules</Button>
        </div>
      )}
      {isChanging && <RulesDialog rules={notify} onClose={() => setChanging(false)} />}
    </>
  );
}

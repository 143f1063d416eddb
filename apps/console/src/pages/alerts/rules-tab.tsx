import { answer, type Schemas } from '@millrace/clients';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { useMay } from '../../api/queries.js';
import { useEnvironment } from '../../shell/environment.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { FormDialog } from '../../ui/dialog.js';
import { Fresh, type IfSeen, SaveError } from '../../ui/fresh.js';
import { Card } from '../../ui/page.js';
import { ErrorState, Notice, Skeleton } from '../../ui/states.js';
import { useToasts } from '../../ui/toast.js';
import { type Draft, draftComplaints, emptyDraft, type Rule, ruleComplaints, toDraft, toRule } from './rule-draft.js';
import { RulesForm } from './rules-form.js';

type Environment = Schemas['Environment'];

function useRules(environment: string) {
  return useQuery({
    queryKey: ['environment', environment],
    queryFn: () => answer(api.GET('/v1/environments/{environment}', { params: { path: { environment } } })),
  });
}

function RulesDialog({
  environment: { slug, notify },
  ifSeen,
  onClose,
}: {
  readonly environment: Environment;
  readonly ifSeen: IfSeen;
  readonly onClose: () => void;
}) {
  const [drafts, setDrafts] = useState<readonly Draft[]>(() => notify?.map(toDraft) ?? [emptyDraft()]);
  const [missing, setMissing] = useState<ReadonlyMap<number, string>>(new Map());
  const toasts = useToasts();
  const queries = useQueryClient();
  const webhooks = useQuery({
    queryKey: ['webhooks', slug, 'names'],
    queryFn: async () =>
      (await answer(api.GET('/v1/webhooks', { params: { query: { environment: slug, limit: 200 } } }))).data,
  });
  const save = useMutation({
    mutationFn: (rules: readonly Rule[] | null) =>
      answer(
        api.PATCH('/v1/environments/{environment}', {
          params: { path: { environment: slug }, header: ifSeen },
          body: { notify: rules === null ? null : [...rules] },
        }),
      ),
    onSuccess: async () => {
      toasts.done('Rules changed.');
      onClose();
      await queries.invalidateQueries({ queryKey: ['environment', slug] });
    },
  });
  const refused = ruleComplaints(save.error);
  return (
    <FormDialog
      title={`Who is told, in ${slug}`}
      width="wide"
      submit="Change"
      busy={save.isPending}
      onSubmit={() => {
        const complaints = draftComplaints(drafts);
        setMissing(complaints);
        if (complaints.size === 0) save.mutate(drafts.map(toRule));
      }}
      onClose={onClose}
    >
      {refused.size === 0 && <SaveError error={save.error} />}
      {drafts.length === 0 && <Notice tone="warn">Without a rule nobody is told of anything.</Notice>}
      <RulesForm
        drafts={drafts}
        webhooks={webhooks.data ?? []}
        complaints={missing.size > 0 ? missing : refused}
        onChange={(changed) => {
          setDrafts(changed);
          setMissing(new Map());
          save.reset();
        }}
      />
      <div className="row row--wrap">
        <Button size="small" icon="plus" onClick={() => setDrafts([...drafts, emptyDraft()])}>
          Add a rule
        </Button>
        {notify !== null && (
          <Button size="small" variant="quiet" icon="retry" onClick={() => save.mutate(null)}>
            Back to the default: the owners, of failures and missed deadlines
          </Button>
        )}
      </div>
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
      {isChanging && (
        <Fresh
          title={`Who is told, in ${environment}`}
          read={() => api.GET('/v1/environments/{environment}', { params: { path: { environment } } })}
          onClose={() => setChanging(false)}
        >
          {(seen, ifSeen) => <RulesDialog environment={seen} ifSeen={ifSeen} onClose={() => setChanging(false)} />}
        </Fresh>
      )}
    </>
  );
}

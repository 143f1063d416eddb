import { answer, type Schemas } from '@millrace/clients';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { given } from '../../api/environment-queries.js';
import { fieldMessages } from '../../api/problems.js';
import { useList, useMay } from '../../api/queries.js';
import { useEnvironment } from '../../shell/environment.js';
import { Button } from '../../ui/button.js';
import { ConfirmButton } from '../../ui/confirm.js';
import { FormDialog } from '../../ui/dialog.js';
import { TextAreaField, TextField } from '../../ui/field.js';
import { Fresh, type IfSeen, SaveError } from '../../ui/fresh.js';
import { ListView } from '../../ui/list-view.js';
import { Page } from '../../ui/page.js';
import { EmptyState } from '../../ui/states.js';
import type { Column } from '../../ui/table.js';
import { RelativeTime } from '../../ui/time.js';
import { useToasts } from '../../ui/toast.js';
import './values.css';

type Variable = Schemas['Variable'];

function VariableDialog({
  environment,
  variable,
  ifSeen = {},
  onClose,
}: {
  readonly environment: string;
  readonly variable?: Variable;
  readonly ifSeen?: IfSeen;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(variable?.name ?? '');
  const [value, setValue] = useState(variable?.value ?? '');
  const toasts = useToasts();
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      answer(
        api.PUT('/v1/variables/{name}', {
          params: { path: { name: name.trim() }, query: { environment }, header: ifSeen },
          body: { value },
        }),
      ),
    onSuccess: async () => {
      toasts.done(`Variable ${name.trim()} set.`);
      onClose();
      await queries.invalidateQueries({ queryKey: ['variables', environment] });
    },
  });
  const messages = fieldMessages(save.error);
  return (
    <FormDialog
      title={variable === undefined ? 'New variable' : `Change ${variable.name}`}
      submit={variable === undefined ? 'Set the variable' : 'Change'}
      busy={save.isPending}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <SaveError error={save.error} />
      {variable === undefined && (
        <TextField
          label="Name"
          autoComplete="off"
          spellCheck={false}
          required
          value={name}
          error={messages['name']}
          onChange={(event) => setName(event.target.value)}
        />
      )}
      <TextAreaField
        label="Value"
        spellCheck={false}
        value={value}
        error={messages['value']}
        hint="Plain text that everybody in the organization can read. For passwords there are secrets."
        onChange={(event) => setValue(event.target.value)}
      />
    </FormDialog>
  );
}

/** Variables of an environment. */
export function VariablesPage() {
  const environment = useEnvironment();
  const mayDeploy = useMay('deploy');
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<'new' | Variable>();
  const variables = useList<Variable>(['variables', environment], (cursor, signal) =>
    answer(api.GET('/v1/variables', { params: { query: { environment, ...given({ cursor }) } }, signal })),
  );
  const columns: readonly Column<Variable>[] = [
    { name: 'name', head: 'Variable', narrow: true, cell: (variable) => <code>{variable.name}</code> },
    { name: 'value', head: 'Value', cell: (variable) => <code className="muted value">{variable.value}</code> },
    { name: 'changed', head: 'Changed', narrow: true, cell: (variable) => <RelativeTime at={variable.updatedAt} /> },
    ...(mayDeploy
      ? [
          {
            name: 'actions',
            head: <span className="visually-hidden">Actions</span>,
            narrow: true,
            align: 'right' as const,
            cell: (variable: Variable) => (
              <>
                <Button size="small" variant="quiet" onClick={() => setDialog(variable)}>
                  Change<span className="visually-hidden"> {variable.name}</span>
                </Button>
                <ConfirmButton
                  name="Delete"
                  of={variable.name}
                  title={`Delete ${variable.name}`}
                  submit="Delete"
                  done={`Variable ${variable.name} deleted.`}
                  act={async () => {
                    const params = { path: { name: variable.name }, query: { environment } };
                    await answer(api.DELETE('/v1/variables/{name}', { params }));
                    await queries.invalidateQueries({ queryKey: ['variables', environment] });
                  }}
                >
                  Expressions that read <code>vars.{variable.name}</code> fail from now on.
                </ConfirmButton>
              </>
            ),
          },
        ]
      : []),
  ];
  return (
    <Page
      title="Variables"
      lead={
        <>
          Named plain texts of this environment; expressions read them as <code>vars.NAME</code>.
        </>
      }
      actions={
        mayDeploy && (
          <Button variant="primary" icon="plus" onClick={() => setDialog('new')}>
            New variable
          </Button>
        )
      }
    >
      <ListView
        list={variables}
        caption="Variables"
        columns={columns}
        rowKey={(variable) => variable.name}
        empty={
          <EmptyState icon="variables" title="There is no variable yet">
            What differs between environments and is no secret: a bucket, a schema, an address.
          </EmptyState>
        }
      />
      {dialog === 'new' && <VariableDialog environment={environment} onClose={() => setDialog(undefined)} />}
      {typeof dialog === 'object' && (
        <Fresh
          title={`Change ${dialog.name}`}
          read={() =>
            api.GET('/v1/variables/{name}', { params: { path: { name: dialog.name }, query: { environment } } })
          }
          onClose={() => setDialog(undefined)}
        >
          {(variable, ifSeen) => (
            <VariableDialog {...{ environment, variable, ifSeen }} onClose={() => setDialog(undefined)} />
          )}
        </Fresh>
      )}
    </Page>
  );
}

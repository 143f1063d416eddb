import { answer } from '@millrace/clients';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { api } from '../../api/client.js';
import { type Pipeline, useVersion } from '../../api/environment-queries.js';
import { fieldMessages, sentence } from '../../api/problems.js';
import { useMay } from '../../api/queries.js';
import { Button } from '../../ui/button.js';
import { FormDialog } from '../../ui/dialog.js';
import { Checkbox, Field, SelectField, TextAreaField, TextField } from '../../ui/field.js';
import { ErrorState, Skeleton } from '../../ui/states.js';
import { useToasts } from '../../ui/toast.js';
import { fieldsOf, jsonOf, jsonText, objectOf, type ParamField, shownOf } from './params-form.js';

function ParamControl({
  field,
  shown,
  error,
  onChange,
}: {
  readonly field: ParamField;
  readonly shown: string;
  readonly error: string | undefined;
  readonly onChange: (shown: string) => void;
}) {
  const around = {
    label: field.title,
    error,
    optional: !field.required && field.fallback === undefined,
    ...(field.description === undefined ? {} : { hint: sentence(field.description) }),
  };
  switch (field.kind) {
    case 'switch':
      return (
        <Checkbox
          label={field.title}
          hint={around.hint}
          checked={shown === 'true'}
          onChange={(event) => onChange(String(event.target.checked))}
        />
      );
    case 'choice':
      return (
        <SelectField {...around} value={shown} onChange={(event) => onChange(event.target.value)}>
          {field.fallback === undefined && <option value="">—</option>}
          {field.choices.map((choice) => (
            <option key={choice} value={choice}>
              {shownOf({ ...field, kind: 'text' }, choice)}
            </option>
          ))}
        </SelectField>
      );
    case 'json':
      return (
        <Field {...around} hint={around.hint ?? 'JSON'}>
          {(control) => (
            <textarea
              className="input input--area input--code"
              rows={3}
              spellCheck={false}
              value={shown}
              onChange={(event) => onChange(event.target.value)}
              {...control}
            />
          )}
        </Field>
      );
    case 'text':
    case 'date':
    case 'number':
    case 'integer':
      return (
        <TextField
          {...around}
          type={field.kind === 'date' ? 'date' : 'text'}
          inputMode={field.kind === 'integer' ? 'numeric' : field.kind === 'number' ? 'decimal' : 'text'}
          value={shown}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

/** Messages of a refusal by the name of the param that they are about. */
function paramMessages(error: unknown): Readonly<Record<string, string>> {
  const found = Object.entries(fieldMessages(error)).flatMap(([path, message]) => {
    const name = /^params\.([^.]+)/.exec(path)?.[1];
    return name === undefined ? [] : [[name, message] as const];
  });
  return Object.fromEntries(found);
}

function RunNowDialog({
  environment,
  pipeline,
  version,
  schema,
  onClose,
}: {
  readonly environment: string;
  readonly pipeline: Pipeline;
  readonly version: number;
  readonly schema: unknown;
  readonly onClose: () => void;
}) {
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  const [shown, setShown] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(fields.map((field) => [field.name, shownOf(field, field.fallback)])),
  );
  const [own, setOwn] = useState<string>();
  const [wrong, setWrong] = useState<Readonly<Record<string, string>>>({});
  const navigate = useNavigate();
  const toasts = useToasts();
  const queries = useQueryClient();
  const start = useMutation({
    mutationFn: (params: string) =>
      answer(
        api.POST('/v1/pipelines/{pipeline}/runs', {
          params: { path: { pipeline: pipeline.name }, query: { environment } },
          body: {},
          bodySerializer: () => objectOf([['params', params]]),
        }),
      ),
    onSuccess: async (run) => {
      onClose();
      toasts.done(`Run of ${pipeline.name} started.`);
      void queries.invalidateQueries({ queryKey: ['runs', environment] });
      await navigate(`/runs/${run.id}`);
    },
  });
  const messages = { ...paramMessages(start.error), ...wrong };
  const text = (): { json: string } | { wrong: Readonly<Record<string, string>> } => {
    if (own !== undefined) {
      const read = jsonText(own);
      return 'message' in read ? { wrong: { '': read.message } } : { json: read.json ?? '{}' };
    }
    const members: (readonly [string, string])[] = [];
    const found: Record<string, string> = {};
    for (const field of fields) {
      const read = jsonOf(field, shown[field.name] ?? '');
      if ('message' in read) found[field.name] = read.message;
      else if (read.json !== undefined) members.push([field.name, read.json]);
      else if (field.required) found[field.name] = 'Is required.';
    }
    return Object.keys(found).length > 0 ? { wrong: found } : { json: objectOf(members) };
  };
  const onSubmit = (): void => {
    const read = text();
    if ('wrong' in read) {
      setWrong(read.wrong);
      return;
    }
    setWrong({});
    start.mutate(read.json);
  };
  const isPlaced =
    Object.keys(messages).some((name) => fields.some((field) => field.name === name)) && own === undefined;
  const asJson = fields.length === 0 || own !== undefined;
  return (
    <FormDialog
      title={
        <>
          Run {pipeline.name} <span className="faint">v{version}</span>
        </>
      }
      submit="Run"
      busy={start.isPending}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      {start.error !== null && !isPlaced && <ErrorState error={start.error} />}
      {asJson ? (
        <TextAreaField
          label="Params"
          hint={fields.length === 0 ? 'JSON; the pipeline declares none.' : 'JSON'}
          rows={8}
          spellCheck={false}
          value={own ?? '{}'}
          error={messages['']}
          onChange={(event) => setOwn(event.target.value)}
        />
      ) : (
        fields.map((field) => (
          <ParamControl
            key={field.name}
            field={field}
            shown={shown[field.name] ?? ''}
            error={messages[field.name]}
            onChange={(value) => setShown((before) => ({ ...before, [field.name]: value }))}
          />
        ))
      )}
      {fields.length > 0 && (
        <div>
          <Button
            size="small"
            variant="quiet"
            icon={own === undefined ? 'variables' : 'menu'}
            onClick={() => {
              const read = text();
              setOwn(
                own === undefined ? JSON.stringify('json' in read ? JSON.parse(read.json) : {}, null, 2) : undefined,
              );
            }}
          >
            {own === undefined ? 'Write JSON instead' : 'Back to the form'}
          </Button>
        </div>
      )}
    </FormDialog>
  );
}

function LoadedRunNow({
  environment,
  pipeline,
  onClose,
}: {
  readonly environment: string;
  readonly pipeline: Pipeline;
  readonly onClose: () => void;
}) {
  const version = useVersion(environment, pipeline.name, pipeline.activeVersion?.id);
  if (version.data !== undefined) {
    const { number, params } = version.data;
    return <RunNowDialog {...{ environment, pipeline, onClose }} version={number} schema={params} />;
  }
  return (
    <FormDialog title={`Run ${pipeline.name}`} submit="Run" busy onSubmit={() => undefined} onClose={onClose}>
      {version.error === null ? <Skeleton /> : <ErrorState error={version.error} />}
    </FormDialog>
  );
}

/** Starts a run of the active version, after asking for its params; nothing for who may not. */
export function RunNowButton({
  environment,
  pipeline,
  small = false,
}: {
  readonly environment: string;
  readonly pipeline: Pipeline;
  readonly small?: boolean;
}) {
  const may = useMay('run');
  const [open, setOpen] = useState(false);
  if (!may) return null;
  const why = pipeline.paused
    ? 'The pipeline is paused.'
    : pipeline.activeVersion === null
      ? 'No version is active.'
      : undefined;
  return (
    <>
      <Button
        variant={small ? 'secondary' : 'primary'}
        size={small ? 'small' : 'medium'}
        icon="runs"
        disabled={why !== undefined}
        {...(why === undefined ? {} : { title: why })}
        onClick={() => setOpen(true)}
      >
        Run<span className={small ? 'visually-hidden' : undefined}>{small ? ` ${pipeline.name}` : ' now'}</span>
      </Button>
      {open && <LoadedRunNow environment={environment} pipeline={pipeline} onClose={() => setOpen(false)} />}
    </>
  );
}

import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from './button.js';
import { FormDialog } from './dialog.js';
import { TextField } from './field.js';
import { ErrorState } from './states.js';
import { useToasts } from './toast.js';

/** Asks before something is done that cannot be undone; with `word` it has to be typed. */
export function ConfirmDialog({
  title,
  children,
  submit,
  word,
  done,
  act,
  onClose,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly submit: string;
  readonly word?: string;
  /** Said when it has been done. */
  readonly done: string;
  readonly act: () => Promise<unknown>;
  readonly onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const [isWrong, setWrong] = useState(false);
  const toasts = useToasts();
  const run = useMutation({
    mutationFn: act,
    onSuccess: () => {
      toasts.done(done);
      onClose();
    },
  });
  return (
    <FormDialog
      title={title}
      submit={submit}
      danger
      busy={run.isPending}
      onSubmit={() => {
        if (word !== undefined && typed !== word) setWrong(true);
        else run.mutate();
      }}
      onClose={onClose}
    >
      {run.error !== null && <ErrorState error={run.error} />}
      <div>{children}</div>
      {word !== undefined && (
        <TextField
          label={
            <span>
              Type <code>{word}</code> to confirm
            </span>
          }
          autoComplete="off"
          value={typed}
          error={isWrong && typed !== word ? 'Is not the same.' : undefined}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
    </FormDialog>
  );
}

/** A button of a row that asks before it acts. */
export function ConfirmButton({
  name,
  of,
  ...dialog
}: { readonly name: string; readonly of: string } & Omit<Parameters<typeof ConfirmDialog>[0], 'onClose'>) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="small" variant="quiet" onClick={() => setOpen(true)}>
        {name}
        <span className="visually-hidden"> {of}</span>
      </Button>
      {open && <ConfirmDialog {...dialog} onClose={() => setOpen(false)} />}
    </>
  );
}

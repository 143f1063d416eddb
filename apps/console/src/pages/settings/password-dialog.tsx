import { answer } from '@millrace/clients';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { fieldMessages, isRefusal } from '../../api/problems.js';
import { FormDialog } from '../../ui/dialog.js';
import { TextField } from '../../ui/field.js';
import { ErrorState } from '../../ui/states.js';
import { useToasts } from '../../ui/toast.js';

/** Changes the password of the person. */
export function PasswordDialog({ onClose }: { readonly onClose: () => void }) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const toasts = useToasts();
  const change = useMutation({
    mutationFn: () =>
      answer(api.POST('/v1/password:change', { body: { currentPassword: current, newPassword: next } })),
    onSuccess: () => {
      toasts.done('Password changed. Other sessions have ended.');
      onClose();
    },
  });
  const messages = fieldMessages(change.error);
  const isOther = isRefusal(change.error) && change.error.status === 403;
  const isPlaced = Object.keys(messages).length > 0 || isOther;
  return (
    <FormDialog
      title="Change your password"
      submit="Change"
      busy={change.isPending}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      {change.error !== null && !isPlaced && <ErrorState error={change.error} />}
      <TextField
        label="Present password"
        type="password"
        autoComplete="current-password"
        value={current}
        error={messages['currentPassword'] ?? (isOther ? 'Is another one.' : undefined)}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <TextField
        label="New password"
        type="password"
        autoComplete="new-password"
        hint="At least 10 characters. Sessions of other log-ins end."
        value={next}
        error={messages['newPassword']}
        onChange={(event) => setNext(event.target.value)}
      />
    </FormDialog>
  );
}

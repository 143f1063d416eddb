import { answer } from '@millrace/clients';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'react-router';
import { openApi } from '../../api/client.js';
import { fieldMessages } from '../../api/problems.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';
import { ErrorState, Notice } from '../../ui/states.js';
import { AccountFrame } from './account-frame.js';

/** Sets a new password with the token of the mail, which stands behind `#`. */
export function ResetPage() {
  const { hash } = useLocation();
  const token = decodeURIComponent(hash.slice(1));
  const [password, setPassword] = useState('');
  const reset = useMutation({
    mutationFn: () => answer(openApi.POST('/v1/password:reset', { body: { token, password } })),
  });
  const messages = fieldMessages(reset.error);
  if (reset.isSuccess) {
    return (
      <AccountFrame title="New password">
        <Notice tone="good">The new password is set. Every session of the account has ended.</Notice>
        <ButtonLink to="/login" variant="primary">
          Log in
        </ButtonLink>
      </AccountFrame>
    );
  }
  return (
    <AccountFrame title="New password" foot={<Link to="/forgotten">Ask for another mail</Link>}>
      {token === '' ? (
        <Notice tone="warn">The link is not complete. Ask for another mail.</Notice>
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            reset.mutate();
          }}
        >
          {reset.error !== null && messages['password'] === undefined && <ErrorState error={reset.error} />}
          <TextField
            label="New password"
            type="password"
            autoComplete="new-password"
            required
            autoFocus
            hint="At least 10 characters."
            value={password}
            error={messages['password']}
            onChange={(event) => setPassword(event.target.value)}
          />
          <Button type="submit" variant="primary" busy={reset.isPending}>
            Set the password
          </Button>
        </form>
      )}
    </AccountFrame>
  );
}

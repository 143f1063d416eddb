import { answer } from '@millrace/clients';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { openApi } from '../../api/client.js';
import { fieldMessages } from '../../api/problems.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';
import { ErrorState, Notice } from '../../ui/states.js';
import { AccountFrame } from './account-frame.js';

/** Asks for a mail with a link that sets a new password. */
export function ForgottenPage() {
  const [email, setEmail] = useState('');
  const ask = useMutation({
    mutationFn: () => answer(openApi.POST('/v1/password:forgot', { body: { email: email.trim() } })),
  });
  const messages = fieldMessages(ask.error);
  return (
    <AccountFrame title="Forgotten password" foot={<Link to="/login">Back to the log-in</Link>}>
      {ask.isSuccess ? (
        <Notice tone="good">
          If there is an account with this address, a mail is on its way. Its link is good once, for an hour.
        </Notice>
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            ask.mutate();
          }}
        >
          {ask.error !== null && messages['email'] === undefined && <ErrorState error={ask.error} />}
          <TextField
            label="E-mail address"
            type="email"
            name="email"
            autoComplete="username"
            required
            autoFocus
            value={email}
            error={messages['email']}
            onChange={(event) => setEmail(event.target.value)}
          />
          <Button type="submit" variant="primary" busy={ask.isPending}>
            Send the mail
          </Button>
        </form>
      )}
    </AccountFrame>
  );
}

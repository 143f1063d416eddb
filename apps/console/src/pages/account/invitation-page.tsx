import { answer } from '@millrace/clients';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'react-router';
import { openApi, session } from '../../api/client.js';
import { fieldMessages } from '../../api/problems.js';
import { forgetEnvironment } from '../../shell/environment.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';
import { ErrorState, Notice } from '../../ui/states.js';
import { AccountFrame } from './account-frame.js';

/** Makes the bearer of an invitation a member. Its token stands behind `#`, which no server and no log gets to see. */
export function InvitationPage() {
  const { hash } = useLocation();
  const token = decodeURIComponent(hash.slice(1));
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const accept = useMutation({
    mutationFn: () =>
      answer(
        openApi.POST('/v1/invitations:accept', {
          body: { token, password, session: 'cookie', ...(name.trim() === '' ? {} : { name: name.trim() }) },
        }),
      ),
    onSuccess: (made) => {
      forgetEnvironment();
      session.begin(made);
    },
  });
  const messages = fieldMessages(accept.error);
  const isPlaced = messages['name'] !== undefined || messages['password'] !== undefined;
  return (
    <AccountFrame
      title="Accept the invitation"
      lead="You become a member of the organization that invited you."
      foot={<Link to="/login">Log in</Link>}
    >
      {token === '' ? (
        <Notice tone="warn">The link is not complete. Ask for it again.</Notice>
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            accept.mutate();
          }}
        >
          {accept.error !== null && !isPlaced && <ErrorState error={accept.error} />}
          <TextField
            label="Your name"
            autoComplete="name"
            autoFocus
            hint="Not needed where you have an account already."
            value={name}
            error={messages['name']}
            onChange={(event) => setName(event.target.value)}
          />
          <TextField
            label="Password"
            type="password"
            autoComplete="new-password"
            required
            hint="At least 10 characters; where you have an account, its password."
            value={password}
            error={messages['password']}
            onChange={(event) => setPassword(event.target.value)}
          />
          <Button type="submit" variant="primary" busy={accept.isPending}>
            Accept
          </Button>
        </form>
      )}
    </AccountFrame>
  );
}

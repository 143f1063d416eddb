import { answer, ApiError } from '@millrace/clients';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { openApi, session } from '../../api/client.js';
import { duration } from '../../api/format.js';
import { Button } from '../../ui/button.js';
import { SelectField, TextField } from '../../ui/field.js';
import { ErrorState, Notice } from '../../ui/states.js';
import { useNow } from '../../ui/time.js';
import { AccountFrame } from './account-frame.js';

/** Slugs to choose from, where the log-in fits several organizations. */
function choicesOf(error: unknown): readonly string[] {
  if (!(error instanceof ApiError) || error.code !== 'auth.organization_ambiguous') return [];
  return (error.problem.errors ?? []).flatMap(({ message }) => (message === undefined ? [] : [message]));
}

function Refusal({ error, at }: { readonly error: Error; readonly at: number }) {
  const now = useNow();
  if (!(error instanceof ApiError) || choicesOf(error).length > 0) {
    return error instanceof ApiError ? null : <ErrorState error={error} />;
  }
  if (error.status === 429) {
    const left = at + (error.retryAfterSeconds ?? 60) * 1000 - now;
    return (
      <div role="alert">
        <Notice tone="warn">
          Too many attempts. {left > 0 ? `You can try again in ${duration(left)}.` : 'You can try again now.'}
        </Notice>
      </div>
    );
  }
  if (error.status === 401) {
    return (
      <div role="alert">
        <Notice tone="warn">The e-mail address or the password is wrong.</Notice>
      </div>
    );
  }
  return <ErrorState error={error} />;
}

export function LogInPage() {
  const [search] = useSearchParams();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [organization, setOrganization] = useState('');
  const logIn = useMutation({
    mutationFn: () =>
      answer(
        openApi.POST('/v1/login', {
          body: { email, password, session: 'cookie', ...(organization === '' ? {} : { organization }) },
        }),
      ),
    onSuccess: (made) => session.begin(made),
  });
  const choices = choicesOf(logIn.error);
  const [known, setKnown] = useState<readonly string[]>([]);
  if (choices.length > 0 && known !== choices && known.join() !== choices.join()) {
    setKnown(choices);
    setOrganization(choices[0] ?? '');
  }
  const next = search.get('next');
  return (
    <AccountFrame
      title="Log in"
      foot={
        <>
          New here? <Link to={next === null ? '/signup' : `/signup?next=${encodeURIComponent(next)}`}>Sign up</Link>
        </>
      }
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          logIn.mutate();
        }}
      >
        {logIn.error !== null && <Refusal error={logIn.error} at={logIn.submittedAt} />}
        {known.length > 0 && (
          <SelectField
            label="Organization"
            hint="Your account belongs to several."
            value={organization}
            onChange={(event) => setOrganization(event.target.value)}
          >
            {known.map((slug) => (
              <option key={slug}>{slug}</option>
            ))}
          </SelectField>
        )}
        <TextField
          label="E-mail address"
          type="email"
          name="email"
          autoComplete="username"
          required
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <TextField
          label="Password"
          type="password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" variant="primary" busy={logIn.isPending}>
          Log in
        </Button>
        <Link to="/forgotten">Forgotten your password?</Link>
      </form>
    </AccountFrame>
  );
}

import { answer } from '@millrace/clients';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { openApi, session } from '../../api/client.js';
import { fieldMessages } from '../../api/problems.js';
import { forgetEnvironment } from '../../shell/environment.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';
import { ErrorState } from '../../ui/states.js';
import { AccountFrame } from './account-frame.js';

/** A name as the API takes slugs: `Acme Data, Inc.` → `acme-data-inc`. */
function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
}

export function SignUpPage() {
  const [search] = useSearchParams();
  const [organization, setOrganization] = useState('');
  const [slug, setSlug] = useState<string>();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const chosenSlug = slug ?? slugOf(organization);
  const signUp = useMutation({
    mutationFn: () =>
      answer(
        openApi.POST('/v1/signup', {
          body: { organization: { name: organization, slug: chosenSlug }, name, email, password, session: 'cookie' },
        }),
      ),
    onSuccess: (made) => {
      forgetEnvironment();
      session.begin(made);
    },
  });
  const messages = fieldMessages(signUp.error);
  const slugMessage =
    messages['organization.slug'] ??
    (/slug/.test(String((signUp.error as { code?: string } | null)?.code)) ? signUp.error?.message : undefined);
  const isPlaced = Object.keys(messages).length > 0 && slugMessage === messages['organization.slug'];
  const next = search.get('next');
  return (
    <AccountFrame
      title="Sign up"
      lead="An organization with an environment and a pool to run in. Nothing runs, nothing costs."
      foot={
        <>
          Already a member?{' '}
          <Link to={next === null ? '/login' : `/login?next=${encodeURIComponent(next)}`}>Log in</Link>
        </>
      }
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          signUp.mutate();
        }}
      >
        {signUp.error !== null && !isPlaced && <ErrorState error={signUp.error} />}
        <TextField
          label="Organization"
          name="organization"
          autoComplete="organization"
          required
          autoFocus
          value={organization}
          error={messages['organization.name']}
          onChange={(event) => setOrganization(event.target.value)}
        />
        <TextField
          label="Short name"
          name="slug"
          required
          hint="Lower-case letters, digits and hyphens."
          value={chosenSlug}
          error={messages['organization.slug']}
          onChange={(event) => setSlug(event.target.value)}
        />
        <TextField
          label="Your name"
          name="name"
          autoComplete="name"
          required
          value={name}
          error={messages['name']}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label="E-mail address"
          type="email"
          name="email"
          autoComplete="username"
          required
          value={email}
          error={messages['email']}
          onChange={(event) => setEmail(event.target.value)}
        />
        <TextField
          label="Password"
          type="password"
          name="password"
          autoComplete="new-password"
          required
          hint="At least 10 characters."
          value={password}
          error={messages['password']}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" variant="primary" busy={signUp.isPending}>
          Sign up
        </Button>
      </form>
    </AccountFrame>
  );
}

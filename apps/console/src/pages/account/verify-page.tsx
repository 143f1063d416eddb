import { answer } from '@millrace/clients';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLocation } from 'react-router';
import { openApi } from '../../api/client.js';
import { ButtonLink } from '../../ui/button.js';
import { Page } from '../../ui/page.js';
import { ErrorState, Notice, Skeleton } from '../../ui/states.js';
import './account.css';

/** Follows the link that verifies an e-mail address, with a session or without. */
export function VerifyPage() {
  const { hash } = useLocation();
  const token = decodeURIComponent(hash.slice(1));
  const queries = useQueryClient();
  const { mutate, isSuccess, error } = useMutation({
    mutationFn: () => answer(openApi.POST('/v1/email:verify', { body: { token } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['me'] }),
  });
  // The token is good once: an effect that is run twice must not use it twice.
  const sent = useRef(false);
  useEffect(() => {
    if (sent.current || token === '') return;
    sent.current = true;
    mutate();
  }, [mutate, token]);
  return (
    <main className="account">
      <div className="account__box">
        <Page title="E-mail address">
          {token === '' && <Notice tone="warn">The link is not complete.</Notice>}
          {error !== null && <ErrorState error={error} />}
          {isSuccess && <Notice tone="good">Your address is verified.</Notice>}
          {token !== '' && !isSuccess && error === null && <Skeleton />}
        </Page>
        <ButtonLink to="/">Go on</ButtonLink>
      </div>
    </main>
  );
}

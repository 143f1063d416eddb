import { answer } from '@millrace/clients';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api } from '../api/client.js';
import { useMe } from '../api/queries.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { useToasts } from '../ui/toast.js';

/** Says that the mail with the link has not been followed yet; nothing once it has. */
export function VerifyBanner() {
  const me = useMe();
  const toasts = useToasts();
  const resend = useMutation({
    mutationFn: () => answer(api.POST('/v1/email:resend')),
    onSuccess: () => toasts.done('Another mail is on its way.'),
    onError: toasts.failed,
  });
  const person = me.data?.person;
  if (person === undefined || person === null || person.emailVerified) return null;
  return (
    <aside className="banner" aria-label="Your e-mail address">
      <Icon name="info" />
      <span className="grow">
        Follow the link in the mail to <strong>{person.email}</strong>. Until then you cannot invite anybody.
      </span>
      <Link to="/mailbox">Mail of this platform</Link>
      <Button size="small" busy={resend.isPending} onClick={() => resend.mutate()}>
        Send it again
      </Button>
    </aside>
  );
}

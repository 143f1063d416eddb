import { Link } from 'react-router';
import { AccountFrame } from './account-frame.js';

export function ForgottenPage() {
  return (
    <AccountFrame title="Forgotten password" foot={<Link to="/login">Back to the log-in</Link>}>
      <p>Ask an owner of your organization for a new invitation.</p>
    </AccountFrame>
  );
}

import './code.css';
import { CopyButton } from './copy-button.js';

/** Text as it is, with a button that copies it. */
export function CodeBlock({
  code,
  label,
  wrap = false,
}: {
  readonly code: string;
  readonly label: string;
  readonly wrap?: boolean;
}) {
  return (
    <div className="code">
      <pre className={wrap ? 'code__text code__text--wrap' : 'code__text'} tabIndex={0} aria-label={label}>
        <code>{code}</code>
      </pre>
      <div className="code__copy">
        <CopyButton text={code} label={`Copy: ${label}`} />
      </div>
    </div>
  );
}

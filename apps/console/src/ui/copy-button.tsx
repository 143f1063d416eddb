import { useEffect, useState } from 'react';
import { Button } from './button.js';

async function copy(text: string): Promise<void> {
  // The clipboard API is there under https and on this machine only.
  if (window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

/** Copies the text; with `children` it is a button with words. */
export function CopyButton({
  text,
  label = 'Copy',
  children,
}: {
  readonly text: string;
  readonly label?: string;
  readonly children?: string;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  const onClick = (): void => {
    void copy(text).then(() => setCopied(true));
  };
  const icon = copied ? 'check' : 'copy';
  const words = copied ? 'Copied' : children;
  return (
    <>
      {words === undefined || children === undefined ? (
        <Button variant="quiet" size="small" icon={icon} label={copied ? 'Copied' : label} onClick={onClick} />
      ) : (
        <Button size="small" icon={icon} onClick={onClick}>
          {words}
        </Button>
      )}
      <span className="visually-hidden" role="status">
        {copied ? 'Copied' : ''}
      </span>
    </>
  );
}

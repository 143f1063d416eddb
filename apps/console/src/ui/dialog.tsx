import { type ReactNode, type RefObject, useEffect, useId, useRef } from 'react';
import { Button } from './button.js';
import './dialog.css';

export interface DialogProps {
  readonly title: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons at its foot. */
  readonly actions?: ReactNode;
  readonly width?: 'medium' | 'wide';
  /** Where the focus goes first; the first control where absent. */
  readonly focus?: RefObject<HTMLElement | null>;
}

/** A modal dialog, shown as long as it is rendered. Escape and its cross close it, and the focus goes back. */
export function Dialog({ title, onClose, children, actions, width = 'medium', focus }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    focus?.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, [focus]);
  return (
    <dialog
      ref={element}
      className={`dialog dialog--${width}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        // The backdrop belongs to the element; its content does not.
        if (event.target === element.current) onClose();
      }}
    >
      <div className="dialog__box">
        <header className="dialog__head">
          <h2 id={titleId}>{title}</h2>
          <Button variant="quiet" size="small" icon="cross" label="Close" onClick={onClose} />
        </header>
        <div className="dialog__body">{children}</div>
        {actions !== undefined && <footer className="dialog__foot">{actions}</footer>}
      </div>
    </dialog>
  );
}

/** A dialog around a form: Enter in a field sends it. */
export function FormDialog({
  onSubmit,
  submit,
  busy = false,
  danger = false,
  onClose,
  children,
  ...rest
}: Omit<DialogProps, 'actions'> & {
  readonly onSubmit: () => void;
  readonly submit: string;
  readonly busy?: boolean;
  readonly danger?: boolean;
}) {
  const form = useId();
  return (
    <Dialog
      {...rest}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant={danger ? 'danger' : 'primary'} busy={busy}>
            {submit}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}

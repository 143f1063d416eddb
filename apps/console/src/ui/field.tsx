import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import './field.css';

/** What a control inside a field has to carry. */
export interface ControlProps {
  readonly id: string;
  readonly 'aria-invalid'?: true;
  readonly 'aria-describedby'?: string;
}

export interface FieldProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly optional?: boolean;
  readonly children: (control: ControlProps) => ReactNode;
}

/** A label, its control, a hint and what is wrong, tied together for every reader. */
export function Field({ label, hint, error, optional = false, children }: FieldProps) {
  const id = useId();
  const described = [...(error === undefined ? [] : [`${id}-error`]), ...(hint === undefined ? [] : [`${id}-hint`])];
  return (
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {label}
        {optional && <span className="field__optional">optional</span>}
      </label>
      {children({
        id,
        ...(error === undefined ? {} : { 'aria-invalid': true }),
        ...(described.length === 0 ? {} : { 'aria-describedby': described.join(' ') }),
      })}
      {error !== undefined && (
        <p className="field__error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint !== undefined && (
        <p className="field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

type Around = Omit<FieldProps, 'children'>;

export function TextField({
  label,
  hint,
  error,
  optional,
  ...input
}: Around & Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'id'>) {
  const around = { label, hint, error, ...(optional === undefined ? {} : { optional }) };
  return <Field {...around}>{(control) => <input className="input" {...input} {...control} />}</Field>;
}

export function TextAreaField({
  label,
  hint,
  error,
  optional,
  ...input
}: Around & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'className' | 'id'>) {
  const around = { label, hint, error, ...(optional === undefined ? {} : { optional }) };
  return (
    <Field {...around}>
      {(control) => <textarea className="input input--area" rows={4} {...input} {...control} />}
    </Field>
  );
}

export function SelectField({
  label,
  hint,
  error,
  optional,
  children,
  ...select
}: Around & Omit<SelectHTMLAttributes<HTMLSelectElement>, 'className' | 'id'>) {
  const around = { label, hint, error, ...(optional === undefined ? {} : { optional }) };
  return (
    <Field {...around}>
      {(control) => (
        <select className="input input--select" {...select} {...control}>
          {children}
        </select>
      )}
    </Field>
  );
}

export function Checkbox({
  label,
  hint,
  ...input
}: { readonly label: ReactNode; readonly hint?: ReactNode } & Omit<
  InputHTMLAttributes<HTMLInputElement>,
  'className' | 'id' | 'type'
>) {
  const id = useId();
  return (
    <div className="checkbox">
      <input id={id} type="checkbox" {...input} aria-describedby={hint === undefined ? undefined : `${id}-hint`} />
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p className="field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

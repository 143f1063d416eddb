import { DomainError } from '@millrace/kernel';

/** What can be wrong with an expression or a template; each code is stable. */
export type ExpressionErrorCode =
  | 'expression.too_long'
  | 'expression.syntax'
  | 'expression.type'
  | 'expression.unknown_name'
  | 'expression.unknown_function'
  | 'expression.not_supported'
  | 'expression.dynamic_task'
  | 'expression.unclosed'
  | 'expression.empty'
  | 'expression.no_such_key'
  | 'expression.out_of_range'
  | 'expression.overflow'
  | 'expression.division_by_zero'
  | 'expression.conversion'
  | 'expression.regex'
  | 'expression.not_a_condition'
  | 'expression.not_a_list'
  | 'expression.not_json'
  | 'expression.null_in_text'
  | 'expression.limit';

/**
 * An expression that cannot be parsed, checked or evaluated. Always the author's to mend: repeating changes nothing.
 * The message never holds values of the scope beyond keys and type names, so it may be stored and shown.
 */
export class ExpressionError extends DomainError {
  constructor(
    override readonly code: ExpressionErrorCode,
    message: string,
    /** 0-based offset into the expression's (or template's) text. */
    readonly offset?: number,
    readonly hint?: string,
  ) {
    super('invalid', code, message);
  }

  /** The same error, at a place if it has none yet. */
  at(offset: number): ExpressionError {
    return this.offset === undefined ? new ExpressionError(this.code, this.message, offset, this.hint) : this;
  }
}

/** Evaluation used up its steps or its memory. Operators that forgive errors (`||`, `exists`) never forgive this one. */
export class ExpressionLimitError extends ExpressionError {
  constructor(message: string) {
    super('expression.limit', message);
  }
}

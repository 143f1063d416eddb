export {
  checkExpression,
  checkTemplate,
  type ExpressionCheck,
  type ExpressionProblem,
  outputsNeeded,
  type Reference,
  templateReferences,
} from './check.js';
export { ExpressionError, type ExpressionErrorCode, ExpressionLimitError } from './errors.js';
export { evaluate, evaluateCondition, type EvaluatedList, evaluateList, renderJson } from './evaluate.js';
export { functionReference, type FunctionWords } from './function-reference.js';
export {
  type JsonSpan,
  listElements,
  listItem,
  listLength,
  objectMembers,
  rootSpan,
  type SpanKind,
  spanKind,
  spanString,
  spanText,
} from './json-text.js';
export { defaultLimits, type ExpressionLimits, maxExpressionLength, maxTemplateLength } from './limits.js';
export { type ParamType, TypedParams } from './param-types.js';
export { linearRegExp } from './regex.js';
export { type ExpressionScope, type ScopeName, scopeNames, type TaskScope } from './scope.js';
export { suggest } from './suggest.js';
export { parseTemplate, type Template, type TemplatePart } from './template.js';

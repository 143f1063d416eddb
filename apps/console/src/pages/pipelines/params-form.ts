/** A field of the form that is made from the JSON Schema of a pipeline's params. */
export interface ParamField {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly required: boolean;
  readonly kind: 'text' | 'number' | 'integer' | 'switch' | 'choice' | 'date' | 'json';
  /** JSON texts to choose from. */
  readonly choices: readonly string[];
  /** JSON text; absent where the schema names none. */
  readonly fallback?: string;
}

interface SchemaNode {
  readonly type?: unknown;
  readonly title?: unknown;
  readonly description?: unknown;
  readonly default?: unknown;
  readonly enum?: unknown;
  readonly format?: unknown;
  readonly properties?: unknown;
  readonly required?: unknown;
}

function nodeOf(value: unknown): SchemaNode {
  return typeof value === 'object' && value !== null ? value : {};
}

function kindOf({ type, enum: choices, format }: SchemaNode): ParamField['kind'] {
  if (Array.isArray(choices)) return 'choice';
  if (type === 'boolean') return 'switch';
  if (type === 'integer' || type === 'number') return type;
  if (type === 'string') return format === 'date' ? 'date' : 'text';
  return 'json';
}

/** The fields that a schema asks for; none where it says nothing of its properties. */
export function fieldsOf(schema: unknown): readonly ParamField[] {
  const { properties, required } = nodeOf(schema);
  const names = Array.isArray(required) ? required : [];
  return Object.entries(nodeOf(properties)).map(([name, value]) => {
    const node = nodeOf(value);
    return {
      name,
      title: typeof node.title === 'string' ? node.title : name,
      ...(typeof node.description === 'string' ? { description: node.description } : {}),
      required: names.includes(name),
      kind: kindOf(node),
      choices: Array.isArray(node.enum) ? node.enum.map((choice) => JSON.stringify(choice)) : [],
      ...(node.default === undefined ? {} : { fallback: JSON.stringify(node.default) }),
    };
  });
}

/** What the control of a field shows for a JSON text. */
export function shownOf(field: ParamField, json: string | undefined): string {
  if (json === undefined) return field.kind === 'switch' ? 'false' : '';
  if (field.kind !== 'text' && field.kind !== 'date') return json;
  const value: unknown = JSON.parse(json);
  return typeof value === 'string' ? value : json;
}

export type ParamText = { readonly json: string | undefined } | { readonly message: string };

const numberForm = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** The JSON text of what was entered, to the digit; undefined where the field is left to its default. */
export function jsonOf(field: ParamField, shown: string): ParamText {
  const text = shown.trim();
  switch (field.kind) {
    case 'text':
      // An empty text is a value where the default is another one, and nothing where there is none.
      return {
        json: shown === '' && field.fallback === undefined && !field.required ? undefined : JSON.stringify(shown),
      };
    case 'date':
      return { json: text === '' ? undefined : JSON.stringify(text) };
    case 'switch':
      return { json: text === 'true' ? 'true' : 'false' };
    case 'choice':
      return { json: text === '' ? undefined : text };
    case 'number':
    case 'integer':
      if (text === '') return { json: undefined };
      if (!numberForm.test(text)) return { message: 'Must be a number.' };
      if (field.kind === 'integer' && /[.eE]/.test(text)) return { message: 'Must be a whole number.' };
      return { json: text };
    case 'json':
      return jsonText(text);
  }
}

/** Checks a JSON text that a person wrote. */
export function jsonText(text: string): ParamText {
  if (text.trim() === '') return { json: undefined };
  try {
    JSON.parse(text);
    return { json: text };
  } catch (error) {
    return { message: `Is not JSON: ${error instanceof Error ? error.message : String(error)}.` };
  }
}

/** One JSON object of JSON texts; nothing is parsed, so that every number keeps its digits. */
export function objectOf(members: readonly (readonly [name: string, json: string])[]): string {
  return `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;
}

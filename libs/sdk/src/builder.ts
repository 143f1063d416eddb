import { callSiteOf, type CallSite, PipelineError } from './call-site.js';
import { noUses, toJson, type Uses } from './definition.js';
import { entryPath } from './entry.js';
import { type Expression, expression, plainFacts, type Reference, reference } from './expression.js';
import type { JsonObject, JsonValue } from './schema.js';
import { type AnyTask, type Task, taskHandle } from './task.js';
import type {
  HttpFields,
  HttpOutput,
  MapFields,
  MapSource,
  NodeFields,
  OutputOf,
  PythonFields,
  ShellFields,
  SqlFields,
  SqlOutput,
  TaskFunction,
  NodeFileFields,
  WaitFields,
} from './task-fields.js';

/** Fields that may be left out altogether where none of them must be given. */
type Given<Fields> = Record<never, never> extends Fields ? readonly [fields?: Fields] : readonly [fields: Fields];
/** The exported function; of a CommonJS file TypeScript sees the default export one level down. */
type ExportOf<Module, Name extends keyof Module> = Module[Name] extends TaskFunction
  ? Module[Name]
  : Name extends 'default'
    ? Module[Name] extends { readonly default: infer Inner extends TaskFunction }
      ? Inner
      : never
    : never;

/** Ways to add a task. `Wrap` is what becomes of a task's output: itself, or a list of them in a mapped task. */
export interface TaskMethods<Mapped extends boolean> {
  /**
   * JavaScript or TypeScript: an exported function, called with (input, ctx). The import is not executed; it tells the
   * file and the types of input and output.
   * @example p.node('extract', () => import('../src/extract.ts'), { input: { city: p.params.city } })
   */
  node<Module extends object, Name extends keyof Module & string = 'default' & keyof Module>(
    id: string,
    entry: () => Promise<Module>,
    ...fields: Given<NodeFields<ExportOf<Module, Name>, Name>>
  ): Task<Outputs<Mapped, OutputOf<ExportOf<Module, Name>>>>;
  /** The same by the path of the file in the bundle, of which nothing is known: say what it returns. */
  nodeFile<Output = unknown>(id: string, fields: NodeFileFields): Task<Outputs<Mapped, Output>>;
  /** Python: a function of a file; say what it returns: `p.python<{ total: number }>(…)`. */
  python<Output = unknown>(id: string, fields: PythonFields): Task<Outputs<Mapped, Output>>;
  /** A shell script; say what it writes to `$MILLRACE_OUTPUT`. */
  shell<Output = unknown>(id: string, fields: ShellFields): Task<Outputs<Mapped, Output>>;
  /** SQL for a Postgres connection; say what a row is. */
  sql<Row = unknown>(id: string, fields: SqlFields): Task<Outputs<Mapped, SqlOutput<Row>>>;
  /** One HTTP request; say what the body of the answer is. */
  http<Body = unknown>(id: string, fields: HttpFields): Task<Outputs<Mapped, HttpOutput<Body>>>;
}

type Outputs<Mapped extends boolean, Output> = Mapped extends true ? readonly Output[] : Output;

/** Inside `each`: tasks that run once for every item of a list. */
export interface EachBuilder<Item> extends TaskMethods<true> {
  readonly item: Reference<Item>;
  /** Counts the items from 0. */
  readonly index: Expression<number>;
}

/** What a pipeline is built with. */
export interface PipelineBuilder<Params> extends TaskMethods<false> {
  readonly params: Reference<Params>;
  /** The run: its id, and when it was created (RFC 3339). */
  readonly run: Reference<{ readonly id: string; readonly createdAt: string }>;
  /** A variable of the environment; a task that uses it declares it by that. */
  variable(name: string): Expression<string>;
  /** A durable timer that holds no runner. */
  wait(id: string, fields: WaitFields): Task<null>;
  /** Tasks that run once for every item of a list; returns what `build` returns. */
  each<Item, Built>(list: MapSource<Item>, build: (each: EachBuilder<Item>) => Built): Built;
  each<Item, Built>(list: MapSource<Item>, fields: MapFields, build: (each: EachBuilder<Item>) => Built): Built;
}

interface MapScope {
  readonly list: unknown;
  readonly fields: MapFields;
  readonly site: CallSite | undefined;
}

interface TaskRequest {
  readonly id: string;
  readonly type: string;
  readonly own: Readonly<Record<string, unknown>>;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly site: CallSite | undefined;
  readonly scope: MapScope | undefined;
}

type AnyFields = Readonly<Record<string, unknown>>;

/** Collects the tasks of one pipeline and where each was written. */
export class DefinitionBuilder {
  readonly tasks: Record<string, JsonValue> = {};
  /** JSON Pointer in the definition -> where it was written. */
  readonly positions: Record<string, CallSite> = {};
  private readonly above = new Map<string, ReadonlySet<string>>();
  private readonly handles = new WeakMap<object, string>();

  /** What the author of the pipeline gets. */
  builder<Params>(): PipelineBuilder<Params> {
    const self = {
      params: reference<Params>(plainFacts('params')),
      run: reference<{ readonly id: string; readonly createdAt: string }>(plainFacts('run')),
      variable: (name: string) => expression<string>(plainFacts(`vars.${name}`, { variables: new Set([name]) })),
      wait: (id: string, fields: WaitFields) =>
        this.add<null>({
          id,
          type: 'wait',
          own: {},
          fields: { ...fields },
          site: callSiteOf(self.wait),
          scope: undefined,
        }),
      each: (list: unknown, ...rest: readonly unknown[]) => {
        const build = rest.at(-1) as (each: EachBuilder<unknown>) => unknown;
        const fields = rest.length > 1 ? (rest[0] as MapFields) : {};
        return build(this.eachBuilder({ list, fields, site: callSiteOf(self.each) }));
      },
      ...this.methods(undefined),
    };
    return self as unknown as PipelineBuilder<Params>;
  }

  private eachBuilder(scope: MapScope): EachBuilder<unknown> {
    const scopes = new Set([scope]);
    const each = {
      item: reference<unknown>(plainFacts('item', { scopes })),
      index: expression<number>(plainFacts('index', { scopes })),
      ...this.methods(scope),
    };
    return each as unknown as EachBuilder<unknown>;
  }

  private methods(scope: MapScope | undefined) {
    const ordinary = (type: string) => {
      const method = (id: string, fields: AnyFields): Task<unknown> =>
        this.add({ id, type, own: {}, fields, site: callSiteOf(method), scope });
      return method;
    };
    const node = (id: string, entry: () => unknown, fields: AnyFields = {}): Task<unknown> => {
      const site = callSiteOf(node);
      const path = entryPath(entry, site?.file);
      if (path === undefined) {
        throw new PipelineError(
          `the code of "${id}" must be given as a function that imports it: () => import('../src/${id}.ts')`,
          site,
        );
      }
      return this.add({ id, type: 'node', own: { entry: path }, fields, site, scope });
    };
    return {
      node,
      nodeFile: ordinary('node'),
      python: ordinary('python'),
      shell: ordinary('shell'),
      sql: ordinary('sql'),
      http: ordinary('http'),
    };
  }

  private add<Output>(request: TaskRequest): Task<Output> {
    const { id, site } = request;
    if (Object.hasOwn(this.tasks, id)) throw new PipelineError(`there are two tasks "${id}"`, site);
    const uses = noUses();
    try {
      this.tasks[id] = this.definitionOf(request, uses);
    } catch (error) {
      if (error instanceof TypeError) throw new PipelineError(`task "${id}": ${error.message}`, site);
      throw error;
    }
    const pointer = `/tasks/${id.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (site !== undefined) this.positions[pointer] = site;
    if (request.scope?.site !== undefined) this.positions[`${pointer}/map`] = request.scope.site;
    const handle = taskHandle<Output>(id);
    this.handles.set(handle, id);
    return handle;
  }

  private definitionOf({ id, type, own, fields, scope, site }: TaskRequest, uses: Uses): JsonObject {
    const { needs, when, trigger, description, variables, ...others } = fields;
    const map = scope === undefined ? undefined : { over: scope.list, ...scope.fields };
    const written = toJson({ when, trigger, map, ...own, ...others }, uses) as JsonObject;
    for (const used of uses.scopes) {
      if (used !== scope)
        throw new PipelineError(`task "${id}" uses the item of a list that it is not mapped over`, site);
    }
    const allNeeds = this.needsOf(id, (needs ?? []) as readonly AnyTask[], uses.tasks, site);
    const allVariables = [...new Set([...((variables ?? []) as readonly string[]), ...uses.variables])];
    return {
      type,
      ...(description === undefined ? {} : { description: description as string }),
      ...(allNeeds.length === 0 ? {} : { needs: allNeeds }),
      ...written,
      ...(allVariables.length === 0 ? {} : { variables: allVariables }),
    };
  }

  /** The needs that were named, and those that are used without being above one of them. */
  private needsOf(
    id: string,
    named: readonly AnyTask[],
    used: ReadonlySet<string>,
    site: CallSite | undefined,
  ): readonly string[] {
    const needs = new Set<string>();
    for (const task of named) {
      const known = this.handles.get(task);
      if (known === undefined) throw new PipelineError(`"${id}" needs a task of another pipeline: "${task.id}"`, site);
      needs.add(known);
    }
    const above = new Set([...needs].flatMap((need) => [...(this.above.get(need) ?? [])]));
    for (const task of used) {
      if (!this.above.has(task)) throw new PipelineError(`"${id}" uses a task of another pipeline: "${task}"`, site);
    }
    const order = [...this.above.keys()];
    // The later ones first: a task that another one of them needs already is no need of its own.
    for (const task of [...used].sort((a, b) => order.indexOf(b) - order.indexOf(a))) {
      if (needs.has(task) || above.has(task)) continue;
      needs.add(task);
      for (const one of this.above.get(task) ?? []) above.add(one);
    }
    this.above.set(id, new Set([...needs, ...above]));
    const implied = [...needs].slice(named.length).sort((a, b) => order.indexOf(a) - order.indexOf(b));
    return [...[...needs].slice(0, named.length), ...implied];
  }
}

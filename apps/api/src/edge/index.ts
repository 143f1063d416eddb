/**
 * The edge: what every route of the API passes through. How to add a resource:
 *
 * 1. `resources/<noun>/<noun>.schema.ts`: zod schemas, all strict, those with a name (`.meta({ id })`) become components
 *    of the OpenAPI document. Give input and output schemas different names.
 * ```ts
 * export const pipeline = z.strictObject({ id: z.string(), name: z.string(), createdAt: z.string() }).meta({ id: 'Pipeline' });
 * export const pipelinePage = pageOf('PipelinePage', pipeline);
 * export const listQuery = z.strictObject({ ...pageQuery, environment: z.string().optional() });
 * export const pipelinePath = z.strictObject({ pipeline: z.string() });
 * export const pausePipeline = z.strictObject({ reason: z.string().max(500).optional() }).meta({ id: 'PausePipeline' });
 * ```
 * 2. `resources/<noun>/<noun>.controller.ts`:
 * ```ts
 * @ApiTags('Pipelines')
 * @Controller('v1/pipelines')
 * export class PipelinesController {
 *   constructor(private readonly tenants: TenantDatabase, private readonly pause: PausePipeline) {}
 *
 *   @Get()
 *   @Requires('read')
 *   @Operation({ id: 'listPipelines', summary: 'List pipelines', response: pipelinePage })
 *   list(@Caller() caller: Caller, @Query({ schema: listQuery }) query: z.infer<typeof listQuery>): Promise<z.infer<typeof pipelinePage>> {
 *     return this.tenants.read(caller.tenantId, async (tx) => {
 *       const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
 *       // Readers get `after` (the values of the cursor) and `limit + 1`.
 *       const rows = await listPipelines(tx, environment.id, { after: cursorOf(query, 1), limit: query.limit + 1 });
 *       return toPage(rows, query, (row) => [row.name], toPipeline);
 *     });
 *   }
 *
 *   @Post(':pipeline\\:pause')
 *   @Requires('run')
 *   @Mutation()
 *   @Operation({ id: 'pausePipeline', summary: 'Pause a pipeline', response: pipeline })
 *   async pausePipeline(
 *     @Caller() caller: Caller,
 *     @Tx() tx: TenantTransaction,
 *     @Param({ schema: pipelinePath }) path: z.infer<typeof pipelinePath>,
 *     @Body({ schema: pausePipeline }) body: z.infer<typeof pausePipeline>,
 *   ): Promise<z.infer<typeof pipeline>> { … }
 * }
 * ```
 * 3. `resources/<noun>/<noun>.module.ts` with the controller and explicit providers
 *    (`{ provide: PausePipeline, useFactory: … }`), and one line in `app.module.ts`.
 * 4. `npm run generate`, and commit `apps/api/openapi.json`.
 *
 * Rules:
 * - Types in decorated signatures that are no classes are imported with `import type` or inline `type` (`Caller` is
 *   both a decorator and a type: import it plainly). Classes that Nest injects are imported plainly.
 * - `@Requires(scope)` or `@Public()` on every route; `@Requires('manage', 'organization')` where it concerns more than
 *   one environment. `@Mutation()` on every POST, PUT, PATCH and DELETE: everything that it changes goes through `@Tx()`.
 *   A refusal rolls everything back, and leaves the Idempotency-Key free. Never open a second transaction inside.
 * - By-id routes of things that live in an environment check `caller.environmentId` (`inReach`).
 * - `@Param`, `@Query` and `@Body` take `{ schema }`, never a name; path values that are no id of ours simply find nothing.
 * - What people edit has `@Shows(versioning)` on its GET and `@Edits(versioning)` on its PATCH, PUT and DELETE: ETag,
 *   If-None-Match and If-Match come from the edge alone.
 * - Every mutation writes its audit row in the same transaction: `recordAudit(tx, …)` of @millrace/tenancy.
 * - Created: `status: 201` (`alsoStatus: { 202: '…' }` for a second kind of success), and `@Res({ passthrough: true }) response` to set `Location`. Nothing to say: no `response`, 204.
 * - Binary body: `@Upload({ types, maxBytes })` and `@Body() body: Buffer`.
 * - Long answers: `@Res() response` with `EventStreams.serve(request, response, source)` and `Operation({ produces: 'text/event-stream' })`.
 *   Sources subscribe first (`Notifications.subscribe`), then read the tables, then wait, in a loop; authorize and check that
 *   the thing exists before the first event, while a problem document can still be sent.
 * - Errors: throw `DomainError`; nothing else is shown to the client.
 */
export { Access } from './access.js';
export { addressBucket } from './address.js';
export { sendBytes } from './byte-stream.js';
export { callerOf, Caller, edgeState, RequestId, Tx, Verified } from './caller.js';
export { Credentials } from './credentials.js';
export { EdgeModule } from './edge.module.js';
export { environmentQuery, money, timestamp, toMoney } from './fields.js';
export { KeptRefusal } from './edge-interceptor.js';
export { EventStreams, type StreamEvent, type StreamSource } from './event-stream.js';
export { inReach } from './reach.js';
export { Notifications, type Wake } from './notifications.js';
export { openApiDocument } from './openapi-document.js';
export {
  type Cursor,
  cursorOf,
  encodeCursor,
  type Page,
  pageOf,
  pageQuery,
  type PageRequest,
  toPage,
} from './paging.js';
export { EdgeError, problem } from './problem.js';
export { sendFile } from './send-file.js';
export { RateLimiter } from './rate-limiter.js';
export { RequestMeter } from './request-meter.js';
export { Readiness, type ReadinessCheck } from './readiness.js';
export { Mutation, Operation, OutsideOrganizationLimit, Public, Requires, Upload } from './route.js';
export { apiConfig, apiLog, appPool, controlPool } from './tokens.js';
export { type FirstStart, observeStart } from './start-latency.js';
export { Edits, type Place, Shows, type Versioning } from './versioning.js';
export { parseInput } from './validation.js';
export { waitQuery } from './wait.js';

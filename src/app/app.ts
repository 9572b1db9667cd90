import { OpenAPIHono } from '@hono/zod-openapi'
import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import { type Identify, identifyBy, stillBy } from '../access/identify.js'
import { type AccountNeeds, accountRoutes } from '../access/accountRoutes.js'
import { type SessionNeeds, sessionRoutes } from '../access/sessionRoutes.js'
import { ACCESS_GUARDS } from '../access/store.js'
import { SignIn } from '../access/signIn.js'
import type { Secrets } from '../access/tokens.js'
import type { Database } from '../db/database.js'
import { CASE_GUARDS } from '../cases/store.js'
import { caseChangeRoutes } from '../cases/changeRoutes.js'
import { caseRoutes } from '../cases/routes.js'
import { isThere } from '../db/rows.js'
import { FACILITY_GUARDS, heldGrants } from '../facilities/store.js'
import { bedRoutes } from '../facilities/bedRoutes.js'
import { bookRoutes } from '../facilities/bookRoutes.js'
import { reportingRoutes } from '../facilities/reportingRoutes.js'
import { placeRoutes } from '../facilities/routes.js'
import { handoverRoutes } from '../day/handoverRoutes.js'
import { overdueRoutes } from '../day/overdueRoutes.js'
import { reportRoutes } from '../day/reportRoutes.js'
import { DAY_GUARDS } from '../day/store.js'
import { allocationPlanRoutes } from '../dispatch/material/planRoutes.js'
import { allocationRoutes } from '../dispatch/material/routes.js'
import { boardRoutes } from '../dispatch/boardRoutes.js'
import { issuedAt } from '../dispatch/issued.js'
import { orderRoutes } from '../dispatch/orderRoutes.js'
import { approvalRoutes } from '../dispatch/planRoutes.js'
import { DISPATCH_GUARDS } from '../dispatch/store.js'
import { waitingRoutes } from '../dispatch/waitingRoutes.js'
import { printRoutes } from '../interop/printRoutes.js'
import { exchangeRoutes } from '../interop/routes.js'
import type { Clock } from '../kernel/clock.js'
import { refuse } from '../kernel/refusal.js'
import { RunNews } from '../planning/news.js'
import { wantOf } from '../planning/faults/issueText.js'
import { draftRoutes } from '../planning/draftRoutes.js'
import { callRoutes } from '../planning/reportingRoutes.js'
import { materialRoutes } from '../planning/materialRoutes.js'
import { planRoutes } from '../planning/routes.js'
import { pictureFaults } from '../planning/snapshot.js'
import { diagnosisFault } from '../planning/store.js'
import { calendarRoutes } from '../stays/isolation/calendarRoutes.js'
import { contactRoutes } from '../stays/isolation/contactRoutes.js'
import { isolationStayRoutes } from '../stays/isolation/isolationStayRoutes.js'
import { ISOLATION_GUARDS } from '../stays/isolation/store.js'
import { STAY_GUARDS } from '../stays/store.js'
import { stayRoutes } from '../stays/routes.js'
import { noteRoutes } from '../supplies/noteRoutes.js'
import { placeRecordRoutes } from '../supplies/placeRecordRoutes.js'
import { itemRoutes } from '../supplies/recordRoutes.js'
import { requestRoutes } from '../supplies/requestRoutes.js'
import { stockRoutes } from '../supplies/stockRoutes.js'
import { SUPPLY_GUARDS } from '../supplies/store.js'
import type { Env, Service } from '../http/service.js'
import { aboutWhat, kindsOf } from './aboutWhat.js'
import { authorise, checkPolicy, operationsOf } from './authorise.js'
import { ChangeNews } from './changes.js'
import { changesRoutes } from './changesRoutes.js'
import { docsRoutes } from './docs.js'
import { describedBy } from './described.js'
import { documentOf } from './document.js'
import { answerFailure, noSuchOperation } from './failures.js'
import { addressReached, introduce, isOwnOrigin, limitBodies, onlyOwnHosts, readAddress, readJson } from './guards.js'
import { sealed } from './headers.js'
import { knownFilters } from './knownFilters.js'
import { listsAsCsv } from './listCsv.js'
import { listTables } from './listTables.js'
import { Metrics } from './metrics.js'
import { oversightRoutes } from './oversight.js'
import { knownFields, queriesOf } from './queries.js'
import { answerUnread } from './unread.js'

/** One line of the log for each answer: nothing of what was said, and nobody it was about. */
export interface RequestLine {
  readonly requestId: string
  readonly method: string
  readonly operation: string
  readonly status: number
  readonly milliseconds: number
}

export interface AppNeeds {
  readonly db: Database
  readonly clock: Clock
  readonly version: string
  /** Milliseconds of a stopwatch. */
  readonly stopwatch: () => number
  readonly onRequest: (line: RequestLine) => void
  readonly onBug: (error: unknown, requestId: string) => void
  /** 256 bits of chance as text. */
  readonly secrets: Secrets
  /** Addresses, beside this machine's own, at which the service is reached: `https://…`. */
  readonly origins: readonly string[]
  /** Addresses of the proxies in front of the service, whose word is taken for who calls. */
  readonly proxies: readonly string[]
  readonly isProduction: boolean
  /** Anybody may sign in as any role, without a password. */
  readonly isDemonstration: boolean
  /** The store is for a drill (演练). */
  readonly isDrill: boolean
  /** Says who asks; by sessions and keys when left out. */
  readonly identify?: Identify
}

/** The operations of the service, mounted at /api. */
function apiOf(service: Service, live: { runs: RunNews; changes: ChangeNews }, access: SessionNeeds & AccountNeeds) {
  return new OpenAPIHono<Env>()
    .route('/', sessionRoutes(service, access))
    .route('/', accountRoutes(service, access))
    .route('/', placeRoutes(service))
    .route('/', bedRoutes(service))
    .route('/', bookRoutes(service))
    .route('/', reportingRoutes(service))
    .route('/', caseRoutes(service))
    .route('/', caseChangeRoutes(service))
    .route('/', stayRoutes(service))
    .route('/', itemRoutes(service))
    .route('/', placeRecordRoutes(service))
    .route('/', stockRoutes(service))
    .route('/', noteRoutes(service))
    .route('/', requestRoutes(service))
    .route('/', calendarRoutes(service))
    .route('/', isolationStayRoutes(service))
    .route('/', contactRoutes(service))
    .route('/', planRoutes(service, live.runs, issuedAt))
    .route('/', draftRoutes(service, issuedAt))
    .route('/', callRoutes(service, issuedAt))
    .route('/', materialRoutes(service, issuedAt))
    .route('/', approvalRoutes(service))
    .route('/', orderRoutes(service))
    .route('/', allocationPlanRoutes(service))
    .route('/', allocationRoutes(service))
    .route('/', boardRoutes(service))
    .route('/', waitingRoutes(service))
    .route('/', overdueRoutes(service))
    .route('/', reportRoutes(service))
    .route('/', handoverRoutes(service))
    .route('/', exchangeRoutes(service))
    .route('/', printRoutes(service))
    .route('/', oversightRoutes(service))
    .route('/', changesRoutes(service, live.changes))
}

/** For a typed client: `hc<AppType>(address)`. */
export type AppType = ReturnType<typeof withApi>

const withApi = (app: OpenAPIHono<Env>, api: ReturnType<typeof apiOf>) => app.route('/api', api)

export function buildApp(needs: AppNeeds) {
  const { db, clock, version, stopwatch, onRequest, onBug, secrets, proxies, isDemonstration, isDrill } = needs
  const closing = new AbortController()
  const addressAt = addressReached(needs.origins)
  const metrics = new Metrics(db.triedAgain)
  const bug = (error: unknown, requestId: string) => {
    metrics.bug()
    onBug(error, requestId)
  }
  const live = { runs: new RunNews({ db, onBug: (error) => bug(error, 'stream') }), changes: new ChangeNews(db, (error) => bug(error, 'stream')) }
  const guards = { ...ACCESS_GUARDS, ...FACILITY_GUARDS, ...CASE_GUARDS, ...STAY_GUARDS, ...SUPPLY_GUARDS, ...ISOLATION_GUARDS, ...DISPATCH_GUARDS, ...DAY_GUARDS }
  // The tables name their rows; a body stands alone.
  const service: Service = {
    db, clock, isDrill, guards, diagnosisFault,
    faultsOf: (tx, now) => pictureFaults(tx, now, issuedAt), wantOf: (issue) => wantOf({ ...issue, path: ['', '', ...issue.path] }),
  }
  const grounds = { db, now: clock.now, held: heldGrants, isOwnOrigin: isOwnOrigin(needs) }
  const { identify = identifyBy(grounds), identify: still = stillBy(grounds) } = needs
  let operations: ReadonlyMap<string, string> = new Map()
  let tables: ReturnType<typeof listTables> = new Map()
  let kinds: ReturnType<typeof kindsOf> = new Map()
  let queries: ReturnType<typeof queriesOf> = new Map()
  const base = new OpenAPIHono<Env>()
  base.onError(answerFailure({ guards, isDrill, onBug: bug }))
  base.notFound(noSuchOperation(isDrill))
  base.use(sealed(isDrill))
  base.use(metrics.measure)
  base.use(introduce(clock))
  base.use(async (c, next) => {
    const from = stopwatch()
    await next()
    onRequest({ requestId: c.get('requestId'), method: c.req.method, operation: routePath(c, -1), status: c.res.status, milliseconds: Math.round(stopwatch() - from) })
  })
  base.use(onlyOwnHosts(needs))
  const whileOpen = createMiddleware<Env>(async (_, next) => {
    if (closing.signal.aborted) throw refuse('closing', '服务正在关闭，请稍后再试', 'the service is closing; try again shortly')
    await next()
  })
  base.use('/api/*', whileOpen)
  base.use('/readyz', whileOpen)
  base.use(authorise(() => operations, { identify, still, addressAt }))
  base.use('/api/*', listsAsCsv({ tables: () => tables, ask: (request, env) => base.fetch(request, env), isDrill }))
  base.use('/api/*', readAddress)
  base.use('/api/*', aboutWhat(() => kinds))
  base.use('/api/*', knownFields(() => queries))
  base.use('/api/*', knownFilters({ db, queries: () => queries }))
  base.use('/api/*', limitBodies)
  base.use('/api/*', readJson)
  base.get('/healthz', (c) => c.json({ status: 'ok' }))
  base.get('/readyz', async (c) => {
    await db.inSnapshot(isThere)
    return c.json({ status: 'ready', isDrill })
  })
  base.get('/metrics', async (c) => c.body(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType }))
  const signIn = new SignIn(db, clock, secrets)
  const app = withApi(base, apiOf(service, live, { signIn, secrets, isDemonstration, proxies }))
  app.get('/', (c) => c.redirect('/docs'))
  const described = describedBy(app)
  app.route('/', docsRoutes(() => documentOf(described, { version, isDrill }), { isDrill, addressAt }))
  operations = operationsOf(app, described)
  checkPolicy(operations)
  tables = listTables(described)
  queries = queriesOf(described)
  kinds = kindsOf(described)
  return {
    app,
    answerUnread: answerUnread({ clock, isDrill }),
    service,
    signIn,
    operations,
    /** No new requests of the API; streams end. */
    close: async () => {
      closing.abort()
      live.changes.close()
      await live.runs.close()
    },
  }
}

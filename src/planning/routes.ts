import { createRoute, z } from '@hono/zod-openapi'
import { etagOf } from '../db/act.js'
import { command } from '../http/command.js'
import { ABOUT, behind, cursorOf, pageShape } from '../http/lists.js'
import { both, jsonBody, jsonRequest, keyHeaders, otherBody, reads, readsOne, refused, told, writes, writesBody } from '../http/openapi.js'
import { idParams, ONE_PAGE, pageOf, send } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { streamed } from '../http/stream.js'
import { recordAt } from '../db/records.js'
import type { Tx } from '../db/database.js'
import { drillMember } from '../kernel/drill.js'
import { mergePatch } from '../kernel/mergePatch.js'
import { type Detail, DETAILS_MAX, notFound, refuse, refuseAt, Refused } from '../kernel/refusal.js'
import { type Text, text } from '../kernel/text.js'
import { dayOf, instantOf, instantOrNull, instantOrNullSchema, instantSchema, momentOf } from '../kernel/time.js'
import { whenOf } from '../kernel/when.js'
import { wordSchema } from '../kernel/vocabulary.js'
import type { Drafted } from './compare.js'
import type { RunNews } from './news.js'
import { planSchema } from './plan.js'
import { scenarioIn } from './scenario.js'
import { askFaults } from './faults/settings.js'
import { editFaults, type IssuedAt } from './snapshot.js'
import { type KeptRequest, requestIn, restsOnIn, restsOnSchema, RUN_STATES, type RunRequest, type RunState, runRequestSchema } from './runs.js'
import { cancelRun, CITY, howItEnded, listRuns, planOf, queueRun, type Run, runById, SETTINGS, waitingRunsOf } from './store.js'
import { type TrialBase, trialFaults, trialRequest } from './trial.js'

const tags = ['Plans 方案']
const textSchema = z.object({ zh: z.string(), en: z.string() })
export const RUN = text('计算', 'plan run')

const runSchema = z.object({
  id: z.string(), version: z.int(), state: wordSchema(RUN_STATES), request: runRequestSchema,
  requestedAt: instantSchema, requestedBy: z.string(), startedAt: instantOrNullSchema, finishedAt: instantOrNullSchema,
  progress: z.object({ done: z.int(), of: z.int(), title: textSchema.nullable() }),
  exit: z.int().nullable().describe(both('0：有方案；3：做不到，或所要求的目标达不到；4：超时，给出目前最好的方案', '0: a plan; 3: impossible, or a demanded need fails; 4: out of time, with the best plan found')),
  snapshotHash: z.string().nullable(), planHash: z.string().nullable().describe(both('方案各字节的 SHA-256', 'SHA-256 of the bytes of the plan')),
  milliseconds: z.record(z.string(), z.number()).nullable(),
  restsOn: z.array(restsOnSchema).describe(both('方案据以算出而尚未落实的出路；有则不能批准，先上报落实，再求方案', 'Ways out that it was planned with and that are not so yet: it is not approved; whoever has reported them asks for a plan anew')),
  reasons: z.array(textSchema).nullable().describe(both('失败的原因', 'Why it failed')),
}).meta({ id: 'PlanRun' })

const requestBody = jsonRequest(runRequestSchema.meta({ id: 'PlanRequest' }), {
  asOf: null, planDay: '2020-01-30', policy: { safeFillPerMille: 850 }, require: ['critical', 'severe'], engine: 'highs', seconds: 60, secondOpinion: true,
  edits: [{ kind: 'stay', patient: '万州区-0017', reason: '家属要求暂缓一日' }], basedOn: null, wayOut: null,
})

const ask = createRoute({
  method: 'post', path: '/plan-runs', tags, operationId: 'askForPlan',
  ...told(text('求一份转运方案', 'Ask for a transfer plan'), text(
    '排入队列，由计算进程计算，各账号轮流；一个账号排队的最多 5 次，再多为 429。按 asOf 的数据、planDay 那天执行。policy 覆盖常设假定，require 列出必须满足的需要。抽签种子当日固定，不由求者选。planDay 须在 asOf 前 1 天至后 14 天之间，且当日有政策版本，否则 422。'
      + 'edits 列出全部人工决定：指定去向 pin、不去某处 forbid、留在原处 stay，各有理由；方案照办其余另求，照办不了的为 exit 3，写明与哪条规则冲突、撤销的代价。编辑已有方案时 basedOn 写明那次计算；两者的提出者都不能批准。决定有误为 422，指到 /edits/0/…。'
      + 'basedOn 与 wayOut 试那次计算的一条出路（如 w1）：按那次的快照，照出路改后再排，asOf、planDay、policy、require、edits 都沿用，不另写。这样的方案据尚未落实的事算出，restsOn 写明，不能批准（只撤销人工决定的除外）；落实并上报后再求方案。',
    'It is queued and computed in its turn, account by account; more than five that wait for one account are 429. It is planned from what was so at asOf, to be carried out on planDay; policy is laid over the standing assumptions, '
      + 'require lists the needs that must hold. The lot is fixed for the day and not the asker’s to choose. A planDay more than a day before asOf or 14 days after it, or without a policy edition, is 422. '
      + 'edits lists all that is decided by hand: pin to a place, forbid a place, stay, each with its reason. The plan carries them out and is best around them; '
      + 'where one cannot be it is exit 3, with the rule that it clashes with and the price of withdrawing it. Whoever edits a draft names its run by basedOn; '
      + 'neither of the two who asked may approve. A decision that is wrong is 422 at /edits/0/…. '
      + 'basedOn with wayOut tries a way out of that run (w1): planned from the snapshot of that run as it would be then, with its asOf, planDay, policy, require and edits, which are left out here. '
      + 'Such a plan rests on what is not so yet, as restsOn says, and is not approved: carry it out, report it, and ask for a plan anew.',
  )),
  request: { headers: keyHeaders, body: requestBody },
  responses: { 202: jsonBody(runSchema, text('已排队；到 Location 去看', 'Queued; Location says where to look')), ...writesBody, 429: refused[429] },
})
const list = createRoute({
  method: 'get', path: '/plan-runs', tags, operationId: 'listPlanRuns',
  ...told(text('方案计算一览', 'List plan runs'), text('新的在前；可按状态筛选。', 'The newest first; by state where asked.')),
  request: { query: z.strictObject({ ...pageShape, state: wordSchema(RUN_STATES).optional() }) },
  responses: { 200: jsonBody(pageOf(runSchema), ONE_PAGE), ...reads },
})
const get = createRoute({
  method: 'get', path: '/plan-runs/{id}', tags, operationId: 'getPlanRun', [ABOUT]: RUN,
  ...told(text('一次计算的状态', 'State and progress of one run'), text('排队、计算中（第几级、共几级）、已有方案、失败（附原因）或已取消。', 'Queued, running (which level of how many), done, failed with its reasons, or cancelled.')),
  request: { params: idParams }, responses: { 200: jsonBody(runSchema, text('这次计算', 'The run')), ...readsOne },
})
const cancel = createRoute({
  method: 'post', path: '/plan-runs/{id}/cancel', tags, operationId: 'cancelPlanRun',
  ...told(text('取消计算', 'Cancel a run'), text('状态立即改为已取消，计算随即停下；已结束的为 409 runIsOver。', 'Its state is cancelled at once and the computing stops; one that is over is 409 runIsOver.')),
  request: { params: idParams, headers: keyHeaders }, responses: { 200: jsonBody(runSchema, text('已取消', 'Cancelled')), ...writes, 404: refused[404], 409: refused[409] },
})
const events = createRoute({
  method: 'get', path: '/plan-runs/{id}/events', tags, operationId: 'watchPlanRun',
  ...told(text('计算进展（服务器推送事件）', 'Progress as server-sent events'), text(
    '从第一次变化起，或从 Last-Event-ID 之后起，每次变化恰好一次；计算结束即止。',
    'Every change exactly once, from the first or from behind Last-Event-ID; it ends when the run is over.',
  )),
  request: { params: idParams, headers: z.object({ 'last-event-id': z.string().optional().describe(both('听到的最后一个事件的编号', 'The id of the last event heard')) }) },
  responses: { 200: otherBody('text/event-stream', text('事件 queued、running、done、failed、cancelled', 'Events queued, running, done, failed, cancelled')), ...readsOne },
})
const json = (operationId: string, path: string, summary: Text, description: Text) => createRoute({
  method: 'get', path, tags, operationId, ...told(summary, description), request: { params: idParams },
  responses: { 200: jsonBody(z.looseObject({}), text('与算出时逐字节相同', 'As computed, to the byte')), ...readsOne, 409: refused[409] },
})
const plan = json('getPlan', '/plan-runs/{id}/plan', text('方案', 'The plan'), text(
  '算出的方案，与命令 plan --json 的输出逐字节相同；结构见命令 schema plan。没有方案时为 409 noPlan。',
  'The plan as the command plan --json prints it, to the byte; the command schema plan says its form. Without a plan it is 409 noPlan.',
))
const snapshot = json('getSnapshot', '/plan-runs/{id}/snapshot', text('快照', 'The snapshot'), text(
  '方案据以算出的情景；其 SHA-256 即 snapshotHash。', 'The scenario that the plan was computed from; its SHA-256 is snapshotHash.',
))


const runOut = (run: Run): z.infer<typeof runSchema> => ({
  id: run.id, version: run.version, state: run.state as RunState, request: requestIn(run.request),
  requestedAt: instantOf(run.requestedAt), requestedBy: run.requestedBy, startedAt: instantOrNull(run.claimedAt), finishedAt: instantOrNull(run.finishedAt),
  progress: { done: run.done, of: run.of, title: run.title }, exit: run.exit,
  snapshotHash: run.snapshotHash, planHash: run.planHash, milliseconds: run.milliseconds, restsOn: restsOnIn(run.request), reasons: run.reasons,
})

/** The plan that a run has come to and its scenario, for whoever shows them in another form. Refused while there is none. */
export const drafted = async ({ db }: Service, id: string): Promise<Drafted> => draftIn(await db.inSnapshot((tx) => planBytes(tx, id)))

export const draftIn = ({ plan, snapshot }: { plan: string; snapshot: string }): Drafted =>
  ({ plan: planSchema.parse(JSON.parse(plan)), scenario: scenarioIn(snapshot) })

/** A run with the bytes that it has come to. Refuses: notFound, noPlan. */
export async function planBytes(tx: Tx, id: string): Promise<{ run: Run; plan: string; snapshot: string }> {
  const run = await runById(tx, id)
  if (run === null) throw notFound(id, RUN)
  const found = await planOf(tx, id)
  if (found === null) throw refuse('noPlan', `此次计算${RUN_STATES[run.state as RunState].zh}，没有方案`, `the run is ${RUN_STATES[run.state as RunState].en}; there is no plan`)
  return { run, ...found }
}

/** Refuses at the door what would only fail later, whatever the figures are. */
async function mustBePlannable(tx: Tx, request: RunRequest, now: Date): Promise<void> {
  const asOf = request.asOf === null ? now : momentOf(request.asOf)
  const settings = (await recordAt(tx, SETTINGS, CITY, request.asOf === null ? null : { asOf, knownAt: now }))?.body
  const policy = mergePatch(settings?.policy ?? {}, request.policy) as Readonly<Record<string, unknown>>
  const faults = askFaults({ asOf: instantOf(asOf), planDay: request.planDay ?? dayOf(asOf), policy })
  const [first] = faults
  if (first === undefined) return
  const details = faults.map(({ table, field, want }) =>
    ({ pointer: table === 'policy' ? `/policy${field === null ? '' : `/${field.replaceAll('.', '/')}`}` : '/planDay', want }))
  throw new Refused({ code: 'wrongReference', text: first.want, details })
}

/** The request as it is kept. Refuses decisions by hand that are wrong in the picture as it is now, a draft to edit that is none, and a way out that it does not have. */
async function mustBeDecidable(tx: Tx, request: RunRequest, now: Date, issuedAt: IssuedAt): Promise<KeptRequest> {
  const base = request.basedOn === null ? null : await runById(tx, request.basedOn)
  const details: Detail[] = request.basedOn === null || base?.state === 'done' ? [] : [{ pointer: '/basedOn', want: base === null
    ? text('没有这次计算', 'there is no such plan run')
    : text('此次计算没有方案可编辑', 'the run has no plan that could be edited') }]
  const trial = base === null || request.wayOut === null ? null : await trialBaseOf(tx, base)
  const wrong = [...details, ...trialFaults(request, trial), ...await editFaults(tx, request, now, issuedAt)]
  const [first] = wrong
  if (first !== undefined) throw new Refused({ code: 'wrongReference', text: first.want, details: wrong.slice(0, DETAILS_MAX) })
  return trial === null ? request : trialRequest(request, trial)
}

async function trialBaseOf(tx: Tx, { id, request }: Run): Promise<TrialBase | null> {
  const found = await planOf(tx, id)
  return found === null ? null : { id, request, ...found }
}

/** Nobody needs more plans at once, and all of them are computed by the same few machines. */
const WAITING_MAX = 5

async function mustHaveRoom(tx: Tx, by: string): Promise<void> {
  if (await waitingRunsOf(tx, by) < WAITING_MAX) return
  throw refuse('tooManyTries',
    `此账号或密钥已有 ${WAITING_MAX} 次计算在排队；请等其中一次开始计算或取消一次，再用新键提出`,
    `${WAITING_MAX} runs of this account or key wait already; once one of them is computed or cancelled ask again, with a new key`)
}

/** Plan runs over HTTP. */
export function planRoutes(service: Service, news: RunNews, issuedAt: IssuedAt) {
  const { db } = service
  const app = routesOf(service)
  for (const route of [events, plan, snapshot]) app.openAPIRegistry.registerPath(route)
  return app
    .openapi(ask, async (c) => {
      const request = c.req.valid('json')
      return send(c, await command(c, service, async (act) => {
        whenOf(request.asOf, act.at)
        if (request.wayOut === null) await mustBePlannable(act.tx, request, act.at)
        const kept = await mustBeDecidable(act.tx, request, act.at, issuedAt)
        await mustHaveRoom(act.tx, act.by)
        const run = await queueRun(act.tx, { id: act.newId(), request: kept, by: act.by, at: act.at })
        await act.journal({ action: 'plan.asked', kind: 'plan-runs', subject: run.id, details: { request: kept } })
        return { status: 202 as const, body: runOut(run), headers: { location: `/api/plan-runs/${run.id}`, etag: etagOf(run.version) } }
      }))
    })
    .openapi(list, async (c) => {
      const { limit, cursor, state } = c.req.valid('query')
      const found = await db.inSnapshot((tx) => listRuns(tx, { state, after: behind(cursor, 'runs')?.id ?? null, limit: limit + 1 }))
      const page = found.slice(0, limit)
      const last = found.length > limit ? page.at(-1) : undefined
      return c.json({ items: page.map(runOut), next: cursorOf(last === undefined ? null : { key: '', id: last.id }, 'runs') }, 200)
    })
    .openapi(get, async (c) => {
      const { id } = c.req.valid('param')
      const run = await db.inSnapshot((tx) => runById(tx, id))
      if (run === null) throw notFound(id, RUN)
      c.header('ETag', etagOf(run.version))
      return c.json(runOut(run), 200)
    })
    .openapi(cancel, async (c) => {
      const { id } = c.req.valid('param')
      return send(c, await command(c, service, async (act) => {
        const before = await runById(act.tx, id)
        if (before === null) throw notFound(id, RUN)
        const run = await cancelRun(act.tx, id, act.at)
        if (run === null) {
          const { zh, en } = await howItEnded(act.tx, await runById(act.tx, id) ?? before)
          throw refuse('runIsOver', `此次计算${zh}，不能取消`, `the run is ${en} and cannot be cancelled`)
        }
        await act.journal({ action: 'plan.cancelled', kind: 'plan-runs', subject: id, details: { was: before.state } })
        return { status: 200 as const, body: runOut(run), headers: { etag: etagOf(run.version) } }
      }))
    })
    .get('/plan-runs/:id/plan', async (c) => c.body((await db.inSnapshot((tx) => planBytes(tx, c.req.param('id')))).plan, 200, { 'content-type': 'application/json; charset=utf-8' }))
    .get('/plan-runs/:id/snapshot', async (c) => c.body((await db.inSnapshot((tx) => planBytes(tx, c.req.param('id')))).snapshot, 200, { 'content-type': 'application/json; charset=utf-8' }))
    .get('/plan-runs/:id/events', async (c) => {
      const id = c.req.param('id')
      const run = await db.inSnapshot((tx) => runById(tx, id))
      if (run === null) throw notFound(id, RUN)
      const heard = c.req.header('last-event-id') ?? '0'
      if (!/^\d{1,15}$/.test(heard)) throw refuseAt('header:/last-event-id', 'Last-Event-ID 应为听到的最后一个事件的编号', 'Last-Event-ID must be the id of the last event heard')
      // Who asks for the head only would otherwise be listened for without end.
      if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' })
      // Nobody has heard what has not happened; whoever says so would keep it from those who share their look.
      return streamed(c, {
        from: Math.min(Number(heard), run.version), follow: (from, listener) => news.follow(id, from, listener), idOf: String,
        eventOf: (event) => ({ id: String(event.seq), event: event.kind, data: JSON.stringify({ ...event.data, ...drillMember(service.isDrill) }) }),
      })
    })
}

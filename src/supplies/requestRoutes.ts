import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { type Act, etagOf } from '../db/act.js'
import { command } from '../http/command.js'
import { behind, cursorOf, filterBy, pageShape } from '../http/lists.js'
import { changes, jsonBody, jsonRequest, keyHeaders, reads, readsOne, refused, told, unsafeHeaders, writes, writesBody } from '../http/openapi.js'
import { idParams, ONE_PAGE, pageOf, send } from '../http/records.js'
import { type Env, routesOf, type Service } from '../http/service.js'
import { notFound } from '../kernel/refusal.js'
import { type Text, text } from '../kernel/text.js'
import { instantOf, instantOrNull, instantOrNullSchema, instantSchema } from '../kernel/time.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { URGENCIES } from './receivers.js'
import { approveRequest, askForMaterial, isTheirs, recommend, refuseRequest, REQUEST, withdrawMaterial } from './requestCommands.js'
import { approvalSchema, recommendationSchema, refusalSchema, REQUEST_STATES, requestAskSchema } from './requests.js'
import { listRequests, type Request, requestById, type Sent, sentFor } from './requestStore.js'

const tags = ['Stock 库存']
const post = z.string().nullable()
const figure = z.int().nullable()

const requestSchema = z.object({
  id: z.string(), version: z.int(), state: wordSchema(REQUEST_STATES), place: z.string(), item: z.string(), urgency: wordSchema(URGENCIES), reason: z.string().nullable(),
  asked: z.int(), askedAt: instantSchema, askedBy: z.string(),
  need: figure, recommended: figure, recommendedAt: instantOrNullSchema, recommendedBy: post,
  approved: figure, answeredAt: instantOrNullSchema, answeredBy: post, answer: z.string().nullable(),
  shipped: z.int(), shippedAt: instantOrNullSchema, shippedBy: post, received: z.int(), receivedAt: instantOrNullSchema, receivedBy: post,
  recordedAt: instantSchema,
}).meta({ id: 'MaterialRequest' })

const ok = (done: Text) => jsonBody(requestSchema, done)

const list = createRoute({
  method: 'get', path: '/material-requests', tags, operationId: 'listMaterialRequests',
  ...told(text('申领一览', 'List requests for material'), text(
    '待批的紧急申领在前，其余新的在前。申请、测算、建议、核定、实发、实收各列其数，由谁、何时。',
    'Urgent ones that are open come first, then the newest. What was asked, is needed, was recommended, approved, shipped and received stand side by side, each with who and when.',
  )),
  request: { query: z.strictObject({ ...pageShape, place: filterBy('places'), item: filterBy('items'), state: wordSchema(REQUEST_STATES).optional(), urgency: wordSchema(URGENCIES).optional() }) },
  responses: { 200: jsonBody(pageOf(requestSchema), ONE_PAGE), ...reads },
})
const get = createRoute({
  method: 'get', path: '/material-requests/{id}', tags, operationId: 'getMaterialRequest',
  ...told(text('一份申领', 'One request for material'), text(
    '实发、实收由写明此申领的调拨单算出，替代品一并计入。', 'What was shipped and received is counted from the allocation orders that name the request, with what stands in for the item.',
  )),
  request: { params: idParams }, responses: { 200: ok(text('这份申领；ETag 为其版本', 'The request, its version as ETag')), ...readsOne },
})
const asking = createRoute({
  method: 'post', path: '/material-requests', tags, operationId: 'askForMaterial',
  ...told(text('申领物资', 'Ask for material'), text(
    '按基本单位，或按包装与件数。申请数量只列在需求旁边，不参与测算；紧急只是先看先答，超过 60 分钟未答即逾期。同一场所同一品目只有一份待批（409 alreadyExists）。',
    'In base units, or packings and how many. What is asked for stands beside what is needed and is never planned with; an urgent request is looked at first, and rings when nobody has answered in 60 minutes. '
      + 'A place has one open request for an item (409 alreadyExists).',
  )),
  request: { headers: keyHeaders, body: jsonRequest(requestAskSchema.meta({ id: 'MaterialAsked' }), { place: 'phc', item: 'respirator', units: 2400, urgency: 'urgent', reason: '重症病区扩开 20 张床' }) },
  responses: { 201: ok(text('已登记', 'Kept')), ...writesBody, 409: refused[409] },
})

const NAMED = { params: idParams, headers: unsafeHeaders }
const recommending = createRoute({
  method: 'post', path: '/material-requests/{id}/recommend', tags, operationId: 'recommendMaterial',
  ...told(text('填测算与建议数量', 'Put down what was computed'), text('需求测算与建议数量记在申请旁边，可再填；不约束核定。', 'The computed need and what is recommended are kept beside what was asked, may be put down again, and bind nobody.')),
  request: { ...NAMED, body: jsonRequest(recommendationSchema.meta({ id: 'MaterialRecommended' }), { need: 2150, recommended: 2000 }) },
  responses: { 200: ok(text('已填', 'Put down')), ...changes },
})
const approving = createRoute({
  method: 'post', path: '/material-requests/{id}/approve', tags, operationId: 'approveMaterial',
  ...told(text('批准申领', 'Approve a request'), text(
    '由全市的物资保障组或指挥长。核定数量不多于申请，不少于凭电话已下达的（422 wrongFigure）；提出者不能自己批（403 ownRequest）。货由调拨单发出。',
    'By the supplies group or the commander of the whole city. No more than was asked for is approved, and no less than was ordered by phone (422 wrongFigure); nobody approves what they asked for (403 ownRequest). The goods go out by allocation orders.',
  )),
  request: { ...NAMED, body: jsonRequest(approvalSchema.meta({ id: 'MaterialApproved' }), { units: 2000, answer: '先发 2000，其余待下批到货' }) },
  responses: { 200: ok(text('已批', 'Approved')), ...changes },
})
const refusing = createRoute({
  method: 'post', path: '/material-requests/{id}/refuse', tags, operationId: 'refuseMaterial',
  ...told(text('不批申领', 'Refuse a request'), text(
    '由全市的物资保障组或指挥长；须说明缘由。凭电话已为其下达调拨单的，不能不批（409 stepOutOfOrder）。',
    'By the supplies group or the commander of the whole city, with a word why. What an order by phone answers is not turned down (409 stepOutOfOrder).',
  )),
  request: { ...NAMED, body: jsonRequest(refusalSchema.meta({ id: 'MaterialRefused' }), { answer: '现存可用 9 天，暂不增发' }) },
  responses: { 200: ok(text('未批', 'Refused')), ...changes },
})
const withdrawing = createRoute({
  method: 'post', path: '/material-requests/{id}/withdraw', tags, operationId: 'withdrawMaterial',
  ...told(text('撤回申领', 'Withdraw a request'), text(
    '由提出者或该场所撤回；已答复的、凭电话已为其下达调拨单的不能撤回（409 stepOutOfOrder）。物资保障组不撤回，只批或不批。',
    'By who asked, or by the place; what was answered, or has an order by phone, is not withdrawn (409 stepOutOfOrder). The supplies group does not withdraw: it approves or refuses.',
  )),
  request: NAMED, responses: { 200: ok(text('已撤回', 'Withdrawn')), ...writes, 404: refused[404], 409: refused[409], 412: refused[412] },
})


function requestOut(request: Request, { shipped, received }: Sent): z.infer<typeof requestSchema> {
  const { brought: _, askedAt, recommendedAt, answeredAt, recordedAt, ...rest } = request
  return {
    ...rest, askedAt: instantOf(askedAt), recommendedAt: instantOrNull(recommendedAt), answeredAt: instantOrNull(answeredAt), recordedAt: instantOf(recordedAt),
    shipped: shipped.units, shippedAt: instantOrNull(shipped.at), shippedBy: shipped.by,
    received: received.units, receivedAt: instantOrNull(received.at), receivedBy: received.by,
  }
}

/** Requests for material over HTTP: asked, computed, answered, and what came of them. */
export function requestRoutes(service: Service) {
  const { db } = service
  const done = <S extends 200 | 201>(c: Context<Env>, status: S, work: (act: Act) => Promise<Request>) => command(c, service, async (act) => {
    const request = await work(act)
    return { status, body: requestOut(request, (await sentFor(act.tx, [request.id]))(request.id)), headers: { etag: etagOf(request.version) } }
  })
  return routesOf(service)
    .openapi(list, async (c) => {
      const { limit, cursor, ...query } = c.req.valid('query')
      const equal = { place: query.place, item: query.item, state: query.state, urgency: query.urgency }
      const ask = { equal, reach: c.get('reach'), by: c.get('who').id, after: behind(cursor, 'material-requests'), limit }
      const { requests, next, sent } = await db.inSnapshot(async (tx) => {
        const page = await listRequests(tx, ask)
        return { ...page, sent: await sentFor(tx, page.requests.map((request) => request.id)) }
      })
      return c.json({ items: requests.map((request) => requestOut(request, sent(request.id))), next: cursorOf(next, 'material-requests') }, 200)
    })
    .openapi(get, async (c) => {
      const { id: number } = c.req.valid('param')
      const { request, sent } = await db.inSnapshot(async (tx) => {
        const request = await requestById(tx, number)
        if (request === null || !isTheirs({ reach: c.get('reach'), by: c.get('who').id }, request)) throw notFound(number, REQUEST)
        return { request, sent: (await sentFor(tx, [number]))(number) }
      })
      c.header('ETag', etagOf(request.version))
      return c.json(requestOut(request, sent), 200)
    })
    .openapi(asking, async (c) => send(c, await done(c, 201, (act) => askForMaterial(act, c.req.valid('json')))))
    .openapi(recommending, async (c) => send(c, await done(c, 200, (act) => recommend(act, c.req.valid('param').id, c.req.valid('json')))))
    .openapi(approving, async (c) => send(c, await done(c, 200, (act) => approveRequest(act, c.req.valid('param').id, c.req.valid('json')))))
    .openapi(refusing, async (c) => send(c, await done(c, 200, (act) => refuseRequest(act, c.req.valid('param').id, c.req.valid('json')))))
    .openapi(withdrawing, async (c) => send(c, await done(c, 200, (act) => withdrawMaterial(act, c.req.valid('param').id))))
}

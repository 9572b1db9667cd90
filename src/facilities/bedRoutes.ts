import { createRoute, z } from '@hono/zod-openapi'
import { etagOf } from '../db/act.js'
import { command } from '../http/command.js'
import { filterBy, recordedOut, recordedShape } from '../http/lists.js'
import { both, changes, jsonBody, jsonRequest, keyHeaders, refused, told, unsafeHeaders, writesBody } from '../http/openapi.js'
import { historyOut, idParams, listOut, oneOut, putAnswer, recordRoutes, send } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { soundCommand } from '../http/soundly.js'
import { text } from '../kernel/text.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { definePool, reportBeds, type Reported, reportPlace } from './bedCommands.js'
import { definitionSchema, placeReportSchema, poolSchema, REPORTED_FIGURES, reportSchema, unknownFigures } from './beds.js'
import { REMARKS } from './reportRemarks.js'
import { POOLS } from './store.js'

const tag = 'Beds 床位'

const poolOut = z.object({ ...recordedShape, ...poolSchema.shape }).meta({ id: 'PoolOfBeds' })
const pools = recordRoutes({
  path: '/pools', one: 'PoolOfBeds', many: 'PoolsOfBeds', tag, out: poolOut, body: definitionSchema,
  filters: { place: filterBy('places'), block: filterBy('blocks'), careLevel: poolSchema.shape.careLevel.optional() },
  named: {
    zh: '床位', one: 'pool of beds', many: 'pools of beds',
    about: text('一处同级别、同属性的一组床位。', 'Beds of one care level and one set of attributes at one place.'),
  },
  example: {
    id: 'sanxia/severe',
    body: {
      place: 'sanxia', block: null, careLevel: 'severe', attributes: ['negativePressure'], protected: 2, oxygenBeds: 'notTracked',
      source: '三峡中心医院床位登记 2020-01-30',
    },
  },
})

const reportedOut = poolOut.extend({
  unknown: z.array(wordSchema(REPORTED_FIGURES)).describe(both(
    '仍无人报过的数字：是未知，不是 0；还有一项，空床数就不知道。没有许给他人的床位，held 报 0',
    'Figures that nobody has reported yet: unknown, not 0; while there is one, nobody knows how many beds are free. Where no beds are promised report held as 0',
  )),
  remarks: z.array(z.object({
    kind: wordSchema(REMARKS), count: z.int().describe(both('多少人或多少张床', 'How many people or beds')), text: z.object({ zh: z.string(), en: z.string() }),
  })).describe(both('请再核对之处；数字已照报记入', 'What should be looked at again; the figures are kept as they were told')),
}).meta({ id: 'BedsReported' })
const reportedAs = ({ record, remarks }: Reported): z.infer<typeof reportedOut> => ({ ...recordedOut(record), unknown: unknownFigures(record.body), remarks: [...remarks] })

const report = createRoute({
  method: 'put', path: '/pools/{id}/report', tags: [tag], operationId: 'reportBeds',
  ...told(text('报床位数', 'Report the beds of one pool'), text(
    '按清点的开放床位与在院人数填报。与账上之差记为清点；清点不会结束任何人的住院，也不会使人数少于列名者。无人报过的数字是 unknown，不是 0：没有许给他人的床位，也要报一次 held 为 0，否则空床数未知。不大可能的数字照记，并在 remarks 里请再核对。',
    'Staffed and occupied beds as counted. The difference to what the ledger holds is posted as a count; a census never ends anybody’s stay, '
      + 'and never makes fewer people than are named. A figure that nobody reported is unknown, not 0: where no beds are promised, report held as 0 once, or how many are free stays unknown. What is unlikely is taken and said back in remarks.',
  )),
  request: {
    params: idParams.extend({ id: idParams.shape.id.openapi({ example: 'phc/severe' }) }), headers: unsafeHeaders,
    body: jsonRequest(reportSchema, {
      physical: 60, staffed: 48, occupied: 9, held: 1, source: '公卫中心值班记录',
      onBehalf: { calledPost: 'night-desk', answeredPost: 'phc-duty' },
    }),
  },
  responses: { 200: jsonBody(reportedOut, text('已记入', 'Reported')), ...changes },
})

const placeReport = createRoute({
  method: 'put', path: '/places/{id}/report', tags: [tag], operationId: 'reportPlace',
  ...told(text('报全院床位数', 'Report every pool of one place'), text(
    '一次报齐该处各组床位，要么全部记入，要么一组也不记；各组不能缺，不知道的填 unknown。问题按组列出。代为电话填报的写明哪个岗位去电、哪个岗位接听。',
    'All pools of the place in one request: all are taken, or none. None may be missing; where nobody knows it says unknown. What is wrong is listed by pool. '
      + 'Whoever enters it by telephone says which post called and which answered.',
  )),
  request: {
    params: idParams.extend({ id: idParams.shape.id.openapi({ example: 'yongchuan' }) }), headers: keyHeaders,
    body: jsonRequest(placeReportSchema, {
      pools: { 'yongchuan/intensive': { staffed: 'unknown', occupied: 'unknown' }, 'yongchuan/severe': { staffed: 28, occupied: 4 }, 'yongchuan/ordinary': { staffed: 150, occupied: 16 } },
      onBehalf: { calledPost: 'night-desk', answeredPost: 'yongchuan-duty' },
    }),
  },
  responses: {
    200: jsonBody(z.object({ pools: z.array(reportedOut) }), text('已全部记入', 'All reported')), ...writesBody, 404: refused[404], 409: refused[409],
  },
})

/** Beds over HTTP: what a pool is, and what is counted in it. */
export const bedRoutes = (service: Service) => routesOf(service)
  .openapi(pools.list, async (c) => c.json(await listOut(c, service, POOLS, ['place', 'block', 'careLevel'], c.req.valid('query')), 200))
  .openapi(pools.get, async (c) => c.json(await oneOut(c, service, POOLS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(pools.history, async (c) => c.json(await historyOut(c, service, POOLS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(pools.put, async (c) => send(c, await soundCommand(c, service, async (act) => {
    const { record, isNew } = await definePool(act, c.req.valid('param').id, c.req.valid('json'))
    return putAnswer(record, isNew)
  })))
  .openapi(report, async (c) => send(c, await command(c, service, async (act) => {
    const reported = await reportBeds(act, c.req.valid('param').id, c.req.valid('json'))
    return { status: 200 as const, body: reportedAs(reported), headers: { etag: etagOf(reported.record.version) } }
  })))
  .openapi(placeReport, async (c) => send(c, await command(c, service, async (act) => {
    const reported = await reportPlace(act, c.req.valid('param').id, c.req.valid('json'))
    return { status: 200 as const, body: { pools: reported.map(reportedAs) } }
  })))

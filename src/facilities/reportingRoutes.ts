import { createRoute, z } from '@hono/zod-openapi'
import { allRecords } from '../db/records.js'
import { pageInOrder, pageShape } from '../http/lists.js'
import { both, jsonBody, reads, told } from '../http/openapi.js'
import { pageOf } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { nameSchema } from '../kernel/names.js'
import { refuseAt } from '../kernel/refusal.js'
import { isWithin } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import { instantOf, instantOrNull, instantOrNullSchema, instantSchema } from '../kernel/time.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { complianceOf, compliedIn, isCutOff, lastCutOff, REPORTING_STATES, spanUntil } from './compliance.js'
import { placeSchema } from './places.js'
import { firstCounts, PLACES, POOLS } from './store.js'

const complianceSchema = z.object({
  place: z.string(), name: nameSchema, unit: z.string(), kind: placeSchema.shape.kind, underCommand: z.boolean(),
  state: wordSchema(REPORTING_STATES), pools: z.int(),
  reported: z.int().describe(both('其中已报几组', 'How many of them were reported')),
  missing: z.array(z.string()).describe(both('未报的床位组；旧数字不沿用', 'Pools that were not; what they had before is not carried on')),
  countedAt: instantOrNullSchema.describe(both('最晚一组何时清点', 'When the last of them was counted')),
  recordedAt: instantOrNullSchema.describe(both('最晚一组何时报来', 'When the last of them was told')),
  recordedBy: z.array(z.string()).describe(both('由哪些岗位报来', 'Which posts told it')),
  late: z.boolean().nullable().describe(both('是否在截止一小时之后才报；未报为 null', 'Whether any was told later than an hour after the cut-off; null when nothing was told')),
}).meta({ id: 'ReportingCompliance' })

const route = createRoute({
  method: 'get', path: '/reporting/compliance', tags: ['Beds 床位'], operationId: 'reportingCompliance',
  ...told(text('各处按时报数的情况', 'Who has reported for a cut-off'), text(
    '截止时点为每日 12 时与 24 时。一处在上一截止之后、本截止为止清点的数字算本次所报；没有就是未报，不是 0，也不沿用旧数字。各处的床位组以截止时为准，此后新设的不算；还没到的截止时点为 400。',
    'Figures are cut off at noon and at midnight. A place has reported when it counted after the cut-off before and until this one; what it did not '
      + 'count is missing: it is not nought, and no older figure stands for it. Its pools are those of the cut-off, without any that came since; a cut-off that has not come is 400.',
  )),
  request: {
    query: z.object({
      ...pageShape, state: wordSchema(REPORTING_STATES).optional(),
      cutOff: instantSchema.optional().describe(both('12:00 或 24:00（写作次日 00:00）；不填即最近已过的', 'Noon, or midnight as 00:00 of the next day; the last one when left out')),
    }),
  },
  responses: {
    200: jsonBody(pageOf(complianceSchema).extend({
      cutOff: instantSchema, since: instantSchema,
      counts: z.object({ complete: z.int(), partly: z.int(), missing: z.int() }),
    }).meta({ id: 'ReportingCompliancePage' }), text('一页；counts 为权限范围内各处之数', 'One page; counts are of all places within reach')),
    ...reads,
  },
})

/** Whose figures are there for a cut-off, over HTTP. */
export const reportingRoutes = (service: Service) => routesOf(service)
  .openapi(route, async (c) => {
    const query = c.req.valid('query')
    const now = service.clock.now()
    const cutOff = query.cutOff ?? lastCutOff(now)
    if (!isCutOff(cutOff)) throw refuseAt('query:/cutOff', '截止时点应为 12:00 或 24:00（北京时间）', 'a cut-off is noon or midnight of Asia/Shanghai')
    const { from, to } = spanUntil(cutOff)
    if (to > now) throw refuseAt('query:/cutOff', `截止时点 ${instantOf(to)} 还没到；最近已过的是 ${lastCutOff(now)}`, `the cut-off ${instantOf(to)} has not come yet; the last that has passed is ${lastCutOff(now)}`)
    const { pools, places, counts } = await service.db.inSnapshot(async (tx) => ({
      pools: await allRecords(tx, POOLS, { asOf: to, knownAt: now }), places: await allRecords(tx, PLACES, null), counts: await firstCounts(tx, { from, to, knownAt: now }),
    }))
    const rows = complianceOf(pools, counts, cutOff).filter(({ id }) => isWithin(c.get('reach'), { place: id }))
    const wanted = rows.filter(({ state }) => query.state === undefined || state === query.state)
    const { items, next } = pageInOrder(wanted, query, 'compliance')
    return c.json({
      cutOff: instantOf(to), since: instantOf(from), counts: compliedIn(rows), next,
      items: items.flatMap(({ id, countedAt, recordedAt, missing, recordedBy, ...row }) => {
        const place = places[id]
        if (place === undefined) return []
        const { name, unit, kind, underCommand } = place
        return [{
          place: id, name, unit, kind, underCommand, ...row, missing: [...missing], recordedBy: [...recordedBy],
          countedAt: instantOrNull(countedAt), recordedAt: instantOrNull(recordedAt),
        }]
      }),
    }, 200)
  })

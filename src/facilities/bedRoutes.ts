import { createRoute, z } from '@hono/zod-openapi'
import { command, matchVersion, matchVersionIfGiven } from '../http/command.js'
import { recordedShape } from '../http/lists.js'
import { jsonBody, unsafeHeaders, writes } from '../http/openapi.js'
import { historyOut, idParams, listOut, notFound, oneOut, putAnswer, recordRoutes, send, whenOf } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { refuse } from '../kernel/refusal.js'
import { figureSchema } from '../kernel/quantity.js'
import { instantOf, instantSchema, momentOf } from '../kernel/time.js'
import { namedIn, NOT_COUNTED, withReport } from './bedBook.js'
import { poolSchema } from './beds.js'
import { keepPool, lockPools, POOLS } from './store.js'

const tag = 'Beds 床位'
const id = z.string().max(200).optional()

/** What a pool is; its figures change by reports and stays only. */
const definitionSchema = poolSchema.omit({ physical: true, staffed: true, occupied: true, held: true }).meta({ id: 'PoolDefinition' })
const poolOut = z.object({ ...recordedShape, ...poolSchema.shape }).meta({ id: 'PoolOfBeds' })
const pools = recordRoutes({
  path: '/pools', one: 'PoolOfBeds', many: 'PoolsOfBeds', tag, out: poolOut, body: definitionSchema,
  filters: { place: id, block: id, careLevel: poolSchema.shape.careLevel.optional() },
})

const reportSchema = z.strictObject({
  physical: figureSchema.optional().describe('Unchanged when left out'),
  staffed: figureSchema,
  occupied: figureSchema.describe('Everyone in the pool, named cases included'),
  held: figureSchema.optional().describe('Promised by the place itself; unchanged when left out'),
  asOf: instantSchema.optional().describe('Of when the figures are; now when left out'),
  source: poolSchema.shape.source.optional().describe('Where the figures come from; the post that reports when left out'),
}).meta({ id: 'BedReport' })

const report = createRoute({
  method: 'put', path: '/pools/{id}/report', tags: [tag], operationId: 'reportBeds', summary: 'Report the beds of one pool',
  description: 'Staffed and occupied beds as counted. The difference to what the ledger holds is posted as a count; a census never ends anybody’s stay.',
  request: { params: idParams, headers: unsafeHeaders, body: { content: { 'application/json': { schema: reportSchema } }, required: true } },
  responses: { 200: jsonBody(poolOut, 'Reported'), ...writes },
})

/** Beds over HTTP: what a pool is, and what is counted in it. */
export const bedRoutes = (service: Service) => routesOf(service)
  .openapi(pools.list, async (c) => c.json(await listOut(service, POOLS, ['place', 'block', 'careLevel'], c.req.valid('query')), 200))
  .openapi(pools.get, async (c) => c.json(await oneOut(c, service, POOLS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(pools.history, async (c) => c.json(await historyOut(service, POOLS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(pools.put, async (c) => {
    const { id: pool } = c.req.valid('param')
    const definition = c.req.valid('json')
    return send(c, await command(c, service, async (act) => {
      const before = (await lockPools(act.tx, [pool])).get(pool) ?? null
      if (before !== null) matchVersion(c, before.record.version)
      const { physical, staffed, occupied, held, asOf } = before?.record.body ?? { ...NOT_COUNTED, asOf: null }
      // `asOf` of a pool is that of its last count, whatever else is put down.
      const after = { ...definition, physical, staffed, occupied, held, asOf }
      const effectiveAt = whenOf(definition.asOf, act.at)
      const record = await keepPool(act, { id: pool, before, after, named: namedIn(before?.book ?? {}), reason: 'count', effectiveAt })
      await act.journal({ action: 'put', kind: POOLS.kind, subject: pool, details: { version: record.version, before: before?.record.body ?? null, after } })
      return putAnswer(record, before === null)
    }))
  })
  .openapi(report, async (c) => {
    const { id: pool } = c.req.valid('param')
    const figures = c.req.valid('json')
    return send(c, await command(c, service, async (act) => {
      const before = (await lockPools(act.tx, [pool])).get(pool)
      if (before === undefined) throw notFound(pool)
      matchVersionIfGiven(c, before.record.version)
      const { body } = before.record
      const countedAt = whenOf(figures.asOf, act.at)
      if (body.asOf !== null && momentOf(body.asOf) > countedAt) {
        throw refuse('figureIsOlder',
          `已有 ${body.asOf} 的数字，不能再报 ${instantOf(countedAt)} 的`,
          `there is a figure of ${body.asOf} already; one of ${instantOf(countedAt)} comes too late`)
      }
      const after = {
        ...withReport(body, figures),
        // What was assumed is not, once it is counted.
        assumed: body.assumed.filter((field) => !(field in figures)),
        source: figures.source ?? `report by ${act.by}`,
        asOf: instantOf(countedAt),
      }
      const record = await keepPool(act, { id: pool, before, after, named: namedIn(before.book), reason: 'count', effectiveAt: countedAt })
      const named = namedIn(before.book)
      await act.journal({
        action: 'beds.reported', kind: POOLS.kind, subject: pool,
        details: { version: record.version, figures, before: { physical: body.physical, staffed: body.staffed, occupied: body.occupied, held: body.held }, named },
      })
      return { ...putAnswer(record, false), status: 200 as const }
    }))
  })

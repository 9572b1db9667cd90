import { createRoute, z } from '@hono/zod-openapi'
import { command } from '../http/command.js'
import { recordedShape } from '../http/lists.js'
import { jsonBody, unsafeHeaders, writes } from '../http/openapi.js'
import { historyOut, idParams, listOut, oneOut, putAnswer, recordRoutes, send } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { definePool, reportBeds } from './bedCommands.js'
import { definitionSchema, poolSchema, reportSchema } from './beds.js'
import { POOLS } from './store.js'

const tag = 'Beds 床位'
const id = z.string().max(200).optional()

const poolOut = z.object({ ...recordedShape, ...poolSchema.shape }).meta({ id: 'PoolOfBeds' })
const pools = recordRoutes({
  path: '/pools', one: 'PoolOfBeds', many: 'PoolsOfBeds', tag, out: poolOut, body: definitionSchema,
  filters: { place: id, block: id, careLevel: poolSchema.shape.careLevel.optional() },
})

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
  .openapi(pools.put, async (c) => send(c, await command(c, service, async (act) => {
    const { record, isNew } = await definePool(act, c.req.valid('param').id, c.req.valid('json'))
    return putAnswer(record, isNew)
  })))
  .openapi(report, async (c) => send(c, await command(c, service, async (act) => {
    const record = await reportBeds(act, c.req.valid('param').id, c.req.valid('json'))
    return { ...putAnswer(record, false), status: 200 as const }
  })))

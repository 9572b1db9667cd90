import { z } from '@hono/zod-openapi'
import { recordedShape } from '../http/lists.js'
import { historyOut, listOut, oneOut, putOut, recordRoutes, send } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { blockSchema } from './blocks.js'
import { placeSchema, teamSchema, unitSchema } from './places.js'
import { BLOCKS, PLACES, TEAMS, TRAVEL, UNITS, VEHICLES } from './store.js'
import { travelSchema, vehicleSchema } from './transport.js'

const tag = 'Places 场所'
const id = z.string().max(200).optional()
/** A row as it goes out, under its name in the documentation. */
const out = <S extends z.ZodRawShape>(name: string, schema: z.ZodObject<S>) => z.object({ ...recordedShape, ...schema.shape }).meta({ id: name })

const units = recordRoutes({
  path: '/reporting-units', one: 'ReportingUnit', many: 'ReportingUnits', tag,
  out: out('ReportingUnit', unitSchema), body: unitSchema, filters: {},
})
const places = recordRoutes({
  path: '/places', one: 'Place', many: 'Places', tag,
  out: out('Place', placeSchema), body: placeSchema, filters: { unit: id, kind: placeSchema.shape.kind.optional() },
})
const blocks = recordRoutes({
  path: '/reserve-blocks', one: 'ReserveBlock', many: 'ReserveBlocks', tag,
  out: out('ReserveBlock', blockSchema), body: blockSchema, filters: { place: id },
})
const teams = recordRoutes({
  path: '/expert-teams', one: 'ExpertTeam', many: 'ExpertTeams', tag,
  out: out('ExpertTeam', teamSchema), body: teamSchema, filters: { station: id },
})
const vehicles = recordRoutes({
  path: '/vehicles', one: 'Vehicle', many: 'Vehicles', tag,
  out: out('Vehicle', vehicleSchema), body: vehicleSchema, filters: { fleet: id, base: id },
})
const travel = recordRoutes({
  path: '/travel', one: 'TravelTime', many: 'TravelTimes', tag,
  out: out('TravelTime', travelSchema), body: travelSchema, filters: { from: id, to: id },
})

/** Places, and what moves between them, over HTTP. */
export const placeRoutes = (service: Service) => routesOf(service)
  .openapi(units.list, async (c) => c.json(await listOut(service, UNITS, [], c.req.valid('query')), 200))
  .openapi(units.get, async (c) => c.json(await oneOut(c, service, UNITS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(units.history, async (c) => c.json(await historyOut(service, UNITS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(units.put, async (c) => send(c, await putOut(c, service, UNITS, { id: c.req.valid('param').id, body: c.req.valid('json') })))
  .openapi(places.list, async (c) => c.json(await listOut(service, PLACES, ['unit', 'kind'], c.req.valid('query')), 200))
  .openapi(places.get, async (c) => c.json(await oneOut(c, service, PLACES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(places.history, async (c) => c.json(await historyOut(service, PLACES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(places.put, async (c) => send(c, await putOut(c, service, PLACES, { id: c.req.valid('param').id, body: c.req.valid('json') })))
  .openapi(blocks.list, async (c) => c.json(await listOut(service, BLOCKS, ['place'], c.req.valid('query')), 200))
  .openapi(blocks.get, async (c) => c.json(await oneOut(c, service, BLOCKS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(blocks.history, async (c) => c.json(await historyOut(service, BLOCKS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(blocks.put, async (c) => send(c, await putOut(c, service, BLOCKS, { id: c.req.valid('param').id, body: c.req.valid('json') })))
  .openapi(teams.list, async (c) => c.json(await listOut(service, TEAMS, ['station'], c.req.valid('query')), 200))
  .openapi(teams.get, async (c) => c.json(await oneOut(c, service, TEAMS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(teams.history, async (c) => c.json(await historyOut(service, TEAMS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(teams.put, async (c) => send(c, await putOut(c, service, TEAMS, { id: c.req.valid('param').id, body: c.req.valid('json') })))
  .openapi(vehicles.list, async (c) => c.json(await listOut(service, VEHICLES, ['fleet', 'base'], c.req.valid('query')), 200))
  .openapi(vehicles.get, async (c) => c.json(await oneOut(c, service, VEHICLES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(vehicles.history, async (c) => c.json(await historyOut(service, VEHICLES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(vehicles.put, async (c) => send(c, await putOut(c, service, VEHICLES, { id: c.req.valid('param').id, body: c.req.valid('json') })))
  .openapi(travel.list, async (c) => c.json(await listOut(service, TRAVEL, ['from', 'to'], c.req.valid('query')), 200))
  .openapi(travel.get, async (c) => c.json(await oneOut(c, service, TRAVEL, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(travel.history, async (c) => c.json(await historyOut(service, TRAVEL, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(travel.put, async (c) => send(c, await putOut(c, service, TRAVEL, { id: c.req.valid('param').id, body: c.req.valid('json') })))

import { z } from '@hono/zod-openapi'
import { checkAuthority } from '../access/authority.js'
import { filterBy, idFilter, recordedShape } from '../http/lists.js'
import { refused } from '../http/openapi.js'
import { historyOut, listOut, oneOut, putOut, recordRoutes, send } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { text } from '../kernel/text.js'
import { blockSchema } from './blocks.js'
import { placeSchema, teamSchema, unitSchema } from './places.js'
import { BLOCKS, PLACES, TEAMS, TRAVEL, UNITS, VEHICLES } from './store.js'
import { travelSchema, vehicleSchema } from './transport.js'

const tag = 'Places 场所'
const source = '市卫健委 2020-01-30 例会'
/** A row as it goes out, under its name in the documentation. */
const out = <S extends z.ZodRawShape>(name: string, schema: z.ZodObject<S>) => z.object({ ...recordedShape, ...schema.shape }).meta({ id: name })

const units = recordRoutes({
  path: '/reporting-units', one: 'ReportingUnit', many: 'ReportingUnits', tag,
  out: out('ReportingUnit', unitSchema), body: unitSchema, filters: {}, also: { 409: refused[409] },
  named: {
    zh: '报告单位', one: 'reporting unit', many: 'reporting units',
    about: text('通报中单独计数的区县或功能区。', 'A district, county or functional zone that bulletins count separately.'),
  },
  example: { id: '万州区', body: { name: { zh: '万州区', en: 'Wanzhou District' }, gbt2260: '500101', aliases: ['万州'], longitude: 108.380246, latitude: 30.807807, source } },
})
const places = recordRoutes({
  path: '/places', one: 'Place', many: 'Places', tag,
  out: out('Place', placeSchema), body: placeSchema, filters: { unit: filterBy('units'), kind: placeSchema.shape.kind.optional() },
  named: {
    zh: '场所', one: 'place', many: 'places',
    about: text('收治或隔离的地方；不归本委调度的照列，但不排入方案。', 'Where people are cared for or kept apart; one that is not under the command is shown and never planned.'),
  },
  example: {
    id: 'sanxia',
    body: {
      name: { zh: '重庆三峡中心医院', en: 'Chongqing Three Gorges Central Hospital' }, kind: 'centralisedTreatmentHospital', unit: '万州区', underCommand: true,
      longitude: 108.38, latitude: 30.81, arrivalsPerHour: 4, ventilatorsFree: 'unknown', source, assumed: ['longitude', 'latitude'],
    },
  },
})
const blocks = recordRoutes({
  path: '/reserve-blocks', one: 'ReserveBlock', many: 'ReserveBlocks', tag,
  out: out('ReserveBlock', blockSchema), body: blockSchema, filters: { place: filterBy('places') }, also: { 409: refused[409] },
  named: {
    zh: '后备分区', one: 'reserve block', many: 'reserve blocks',
    about: text('后备医院里整体启用的一部分；各步签齐才收病人。启用与停用（opened）只由指挥长改。', 'A part of a reserve hospital that opens as a whole; it takes patients once every step is signed. Whether it is opened (opened) only the commander changes.'),
  },
  example: {
    id: 'renmin-liangjiang#1',
    body: {
      place: 'renmin-liangjiang', sequence: 1, opened: false, clearing: 'signed', conversion: 'signed', oxygen: 'notSigned', staff: 'signed', critical: 'notSigned',
      leadDays: 2, source,
    },
  },
})
const teams = recordRoutes({
  path: '/expert-teams', one: 'ExpertTeam', many: 'ExpertTeams', tag,
  out: out('ExpertTeam', teamSchema), body: teamSchema, filters: { station: filterBy('places') },
  named: {
    zh: '专家组', one: 'expert team', many: 'expert teams',
    about: text('驻在某家医院的市级专家组。', 'A municipal expert team and the hospital where it is stationed.'),
  },
  example: { id: 'team-2', body: { name: { zh: '市级专家组第二组', en: 'Municipal expert team 2' }, station: 'sanxia', underCommand: true, source } },
})
const vehicles = recordRoutes({
  path: '/vehicles', one: 'Vehicle', many: 'Vehicles', tag,
  out: out('Vehicle', vehicleSchema), body: vehicleSchema, filters: { fleet: idFilter, base: idFilter },
  named: { zh: '车辆', one: 'ambulance', many: 'ambulances', about: text('一辆救护车及其班组。', 'One ambulance with its crews.') },
  example: {
    id: 'v-sanxia-1',
    body: { fleet: 'sanxia', base: 'sanxia', negativePressure: true, lifeSupport: true, crews: 3, availableFrom: '06:00', availableTo: '24:00', source },
  },
})
const travel = recordRoutes({
  path: '/travel', one: 'TravelTime', many: 'TravelTimes', tag,
  out: out('TravelTime', travelSchema), body: travelSchema, filters: { from: idFilter, to: idFilter }, also: { 409: refused[409] },
  named: {
    zh: '行车时间', one: 'travel time', many: 'travel times',
    about: text('两地间的行车分钟数；没有的按坐标估计，并列入假定。', 'Road minutes between two places; where there are none they are estimated from coordinates, and said to be.'),
  },
  example: { id: '忠县→sanxia', body: { from: '忠县', to: 'sanxia', minutes: 95, source } },
})

/** Places, and what moves between them, over HTTP. */
export const placeRoutes = (service: Service) => routesOf(service)
  .openapi(units.list, async (c) => c.json(await listOut(c, service, UNITS, [], c.req.valid('query')), 200))
  .openapi(units.get, async (c) => c.json(await oneOut(c, service, UNITS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(units.history, async (c) => c.json(await historyOut(c, service, UNITS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(units.put, async (c) => send(c, await putOut(c, service, UNITS, { id: c.req.valid('param').id, body: c.req.valid('json') })))
  .openapi(places.list, async (c) => c.json(await listOut(c, service, PLACES, ['unit', 'kind'], c.req.valid('query')), 200))
  .openapi(places.get, async (c) => c.json(await oneOut(c, service, PLACES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(places.history, async (c) => c.json(await historyOut(c, service, PLACES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(places.put, async (c) => send(c, await putOut(c, service, PLACES, { id: c.req.valid('param').id, body: c.req.valid('json') })))
  .openapi(blocks.list, async (c) => c.json(await listOut(c, service, BLOCKS, ['place'], c.req.valid('query')), 200))
  .openapi(blocks.get, async (c) => c.json(await oneOut(c, service, BLOCKS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(blocks.history, async (c) => c.json(await historyOut(c, service, BLOCKS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(blocks.put, async (c) => {
    const body = c.req.valid('json')
    return send(c, await putOut(c, service, BLOCKS, {
      id: c.req.valid('param').id, body,
      mayChange: ({ who }, before) => {
        if ((before?.opened ?? false) !== body.opened) checkAuthority(who, ['reserve'], { byPhone: false })
      },
    }))
  })
  .openapi(teams.list, async (c) => c.json(await listOut(c, service, TEAMS, ['station'], c.req.valid('query')), 200))
  .openapi(teams.get, async (c) => c.json(await oneOut(c, service, TEAMS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(teams.history, async (c) => c.json(await historyOut(c, service, TEAMS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(teams.put, async (c) => send(c, await putOut(c, service, TEAMS, { id: c.req.valid('param').id, body: c.req.valid('json') })))
  .openapi(vehicles.list, async (c) => c.json(await listOut(c, service, VEHICLES, ['fleet', 'base'], c.req.valid('query')), 200))
  .openapi(vehicles.get, async (c) => c.json(await oneOut(c, service, VEHICLES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(vehicles.history, async (c) => c.json(await historyOut(c, service, VEHICLES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(vehicles.put, async (c) => send(c, await putOut(c, service, VEHICLES, { id: c.req.valid('param').id, body: c.req.valid('json') })))
  .openapi(travel.list, async (c) => c.json(await listOut(c, service, TRAVEL, ['from', 'to'], c.req.valid('query')), 200))
  .openapi(travel.get, async (c) => c.json(await oneOut(c, service, TRAVEL, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(travel.history, async (c) => c.json(await historyOut(c, service, TRAVEL, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(travel.put, async (c) => send(c, await putOut(c, service, TRAVEL, { id: c.req.valid('param').id, body: c.req.valid('json') })))

import { z } from '@hono/zod-openapi'
import { type Act, mustReach } from '../db/act.js'
import { filterBy, idFilter, recordedShape } from '../http/lists.js'
import { refused } from '../http/openapi.js'
import { historyOut, listOut, oneOut, putOut, recordRoutes, send } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { text } from '../kernel/text.js'
import { daySchema } from '../kernel/time.js'
import { equipmentSchema } from './equipment.js'
import { staffSchema, useSchema } from './norms.js'
import { SUPPLIES_GROUP } from './noteLines.js'
import { receiverSchema } from './receivers.js'
import { checkEquipment, checkSupply } from './recordRules.js'
import { sourceSchema, supplySchema } from './stock.js'
import { EQUIPMENT, RECEIVERS, SOURCES, STAFF, SUPPLIES, USES } from './store.js'

const tag = 'Material 物资'
const source = '物资保障组登记 2020-01-30'
/** A row as it goes out, under its name in the documentation. */
const out = <S extends z.ZodRawShape>(name: string, schema: z.ZodObject<S>) => z.object({ ...recordedShape, ...schema.shape }).meta({ id: name })

const receivers = recordRoutes({
  path: '/receivers', one: 'MaterialReceiver', many: 'MaterialReceivers', tag, out: out('MaterialReceiver', receiverSchema), body: receiverSchema,
  filters: { place: filterBy('places'), suppliedBy: idFilter }, also: { 409: refused[409] },
  named: {
    zh: '受领场所', one: 'receiver of material', many: 'receivers of material',
    about: text('物资方案为之安排的场所；由市级直接供应，或由报告单位分配其份额。', 'A place that material is planned for; the city gives to it directly, or its reporting unit splits its own part.'),
  },
  example: { id: 'sanxia', body: { place: 'sanxia', suppliedBy: null, opensOn: null, source } },
})
const staff = recordRoutes({
  path: '/staff', one: 'StaffOnShift', many: 'StaffOnShifts', tag, out: out('StaffOnShift', staffSchema), body: staffSchema,
  filters: { place: filterBy('places'), area: staffSchema.shape.area.optional(), zone: staffSchema.shape.zone.optional() }, also: { 409: refused[409] },
  named: {
    zh: '在岗人数', one: 'staff on shift', many: 'staff on shifts',
    about: text('某场所某区域某岗位每班几人、每日几班；由该场所填报。', 'How many people of one role are on a shift in one zone of one area of a place, and how many shifts a day has; the place itself puts it down.'),
  },
  example: {
    id: 'sanxia/intensiveCare/red/nurse',
    body: { place: 'sanxia', area: 'intensiveCare', zone: 'red', role: 'nurse', peoplePerShift: 6, shiftsPerDay: 6, source: '三峡中心医院护理部 2020-01-30' },
  },
})
const uses = recordRoutes({
  path: '/uses', one: 'MeasuredUse', many: 'MeasuredUses', tag, out: out('MeasuredUse', useSchema), body: useSchema, filters: { place: filterBy('places'), item: filterBy('items') }, also: { 409: refused[409] },
  named: {
    zh: '实际用量', one: 'measured use', many: 'measured uses',
    about: text('某场所近几日某品目用了多少；按政策限幅修正定额。由该场所填报。', 'What a place used up of an item in some days by its own count; it corrects the norm within the cap of the policy. The place itself puts it down.'),
  },
  example: { id: 'sanxia/respirator', body: { place: 'sanxia', item: 'respirator', days: 4, units: 620, source: '三峡中心医院库房 2020-01-30' } },
})
const sources = recordRoutes({
  path: '/sources', one: 'StockSource', many: 'StockSources', tag, out: out('StockSource', sourceSchema), body: sourceSchema, filters: { place: filterBy('places') }, also: { 409: refused[409] },
  named: {
    zh: '供货点', one: 'source of material', many: 'sources of material',
    about: text('发出物资的场所，留多少不发、车辆一天运多少升；不能同时是受领场所。', 'A place from which material goes out: what it keeps back, and how many litres its vehicles carry a day. It is no receiver as well.'),
  },
  example: { id: 'warehouse', body: { place: 'warehouse', keepBackPerMille: 100, litresPerDay: 'notTracked', source } },
})
const supplies = recordRoutes({
  path: '/expected-supplies', one: 'ExpectedSupply', many: 'ExpectedSupplies', tag, out: out('ExpectedSupply', supplySchema), body: supplySchema,
  filters: { place: filterBy('places'), item: filterBy('items'), day: daySchema.optional() }, also: { 409: refused[409] },
  named: {
    zh: '预计到货', one: 'expected supply', many: 'expected supplies',
    about: text('哪天有多少到供货点：企业产量，或已确认的到货。到了以后登记入库单，并把此项数量改为 0。调拨单运来的不在此登记，自会计入。', 'What comes to a source on a day: a producer’s output, or an arrival that is confirmed. Once it has come it is a receipt, and this says 0. What an allocation order brings is not put down here: it is counted anyway.'),
  },
  example: {
    id: 'warehouse/respirator/02-02',
    body: { item: 'respirator', place: 'warehouse', day: '2020-02-02', units: 4800, authority: 'purchase', released: true, source },
  },
})
const equipment = recordRoutes({
  path: '/equipment', one: 'PieceOfEquipment', many: 'PiecesOfEquipment', tag, out: out('PieceOfEquipment', equipmentSchema), body: equipmentSchema,
  filters: { place: filterBy('places'), kind: equipmentSchema.shape.kind.optional(), state: equipmentSchema.shape.state.optional(), onLoanFrom: idFilter }, also: { 409: refused[409] },
  named: {
    zh: '设备', one: 'piece of equipment', many: 'pieces of equipment',
    about: text('一台设备在何处、什么状态、是否借用；在它所在之处可见，由该处登记。移往别处由物资保障组办理。', 'Where one machine stands, in what state, and whose it is when it is on loan; it is seen and put down where it stands. The supplies group moves it elsewhere.'),
  },
  example: {
    id: 'sanxia-ventilator-07',
    body: { kind: 'ventilator', name: { zh: '有创呼吸机 7 号', en: 'Ventilator 7' }, serial: 'SN-2019-0417', place: 'sanxia', state: 'ready', onLoanFrom: null, source: '三峡中心医院设备科' },
  },
})

/** What is of a place is put down within reach of it, and does not go where the asker does not reach. */
const ofPlace = <Body extends { place: string }>(body: Body, check: (act: Act, body: Body) => Promise<void> = async () => undefined) => ({
  body,
  mayBegin: (act: Act) => mustReach(act, { place: body.place }, SUPPLIES_GROUP),
  mayChange: (act: Act) => {
    mustReach(act, { place: body.place }, SUPPLIES_GROUP)
    return check(act, body)
  },
})

/** Records of material that belong to a place, over HTTP: who receives and gives out, staff, use, what is expected, machines. */
export const placeRecordRoutes = (service: Service) => routesOf(service)
  .openapi(receivers.list, async (c) => c.json(await listOut(c, service, RECEIVERS, ['place', 'suppliedBy'], c.req.valid('query')), 200))
  .openapi(receivers.get, async (c) => c.json(await oneOut(c, service, RECEIVERS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(receivers.history, async (c) => c.json(await historyOut(c, service, RECEIVERS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(receivers.put, async (c) => send(c, await putOut(c, service, RECEIVERS, { id: c.req.valid('param').id, body: c.req.valid('json') })))
  .openapi(staff.list, async (c) => c.json(await listOut(c, service, STAFF, ['place', 'area', 'zone'], c.req.valid('query')), 200))
  .openapi(staff.get, async (c) => c.json(await oneOut(c, service, STAFF, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(staff.history, async (c) => c.json(await historyOut(c, service, STAFF, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(staff.put, async (c) => send(c, await putOut(c, service, STAFF, { id: c.req.valid('param').id, ...ofPlace(c.req.valid('json')) })))
  .openapi(uses.list, async (c) => c.json(await listOut(c, service, USES, ['place', 'item'], c.req.valid('query')), 200))
  .openapi(uses.get, async (c) => c.json(await oneOut(c, service, USES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(uses.history, async (c) => c.json(await historyOut(c, service, USES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(uses.put, async (c) => send(c, await putOut(c, service, USES, { id: c.req.valid('param').id, ...ofPlace(c.req.valid('json')) })))
  .openapi(sources.list, async (c) => c.json(await listOut(c, service, SOURCES, ['place'], c.req.valid('query')), 200))
  .openapi(sources.get, async (c) => c.json(await oneOut(c, service, SOURCES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(sources.history, async (c) => c.json(await historyOut(c, service, SOURCES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(sources.put, async (c) => send(c, await putOut(c, service, SOURCES, { id: c.req.valid('param').id, body: c.req.valid('json') })))
  .openapi(supplies.list, async (c) => c.json(await listOut(c, service, SUPPLIES, ['place', 'item', 'day'], c.req.valid('query')), 200))
  .openapi(supplies.get, async (c) => c.json(await oneOut(c, service, SUPPLIES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(supplies.history, async (c) => c.json(await historyOut(c, service, SUPPLIES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(supplies.put, async (c) => send(c, await putOut(c, service, SUPPLIES, { id: c.req.valid('param').id, ...ofPlace(c.req.valid('json'), checkSupply) })))
  .openapi(equipment.list, async (c) => c.json(await listOut(c, service, EQUIPMENT, ['place', 'kind', 'state', 'onLoanFrom'], c.req.valid('query')), 200))
  .openapi(equipment.get, async (c) => c.json(await oneOut(c, service, EQUIPMENT, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(equipment.history, async (c) => c.json(await historyOut(c, service, EQUIPMENT, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(equipment.put, async (c) => send(c, await putOut(c, service, EQUIPMENT, { id: c.req.valid('param').id, ...ofPlace(c.req.valid('json'), checkEquipment) })))

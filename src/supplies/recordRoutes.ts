import { z } from '@hono/zod-openapi'
import { filterBy, idFilter, recordedShape } from '../http/lists.js'
import { refused } from '../http/openapi.js'
import { historyOut, listOut, oneOut, putOut, recordRoutes, send } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { text } from '../kernel/text.js'
import { itemCodeSchema, itemSchema, kitPartSchema, packingSchema, substituteSchema } from './items.js'
import { normSchema } from './norms.js'
import { checkItem, checkItemCode, checkPacking, checkSubstitute } from './recordRules.js'
import { ITEM_CODES, ITEMS, KIT_PARTS, NORMS, PACKINGS, SUBSTITUTES } from './store.js'

const tag = 'Material 物资'
/** A row as it goes out, under its name in the documentation. */
const out = <S extends z.ZodRawShape>(name: string, schema: z.ZodObject<S>) => z.object({ ...recordedShape, ...schema.shape }).meta({ id: name })

const items = recordRoutes({
  path: '/items', one: 'Item', many: 'Items', tag, out: out('Item', itemSchema), body: itemSchema, filters: { unit: itemSchema.shape.unit.optional() },
  named: {
    zh: '品目', one: 'item', many: 'items',
    about: text(
      '一种耗材；级别（标准号）不同的就是不同的品目。按基本单位计数，已有批次、包装等之后单位不能改。最小发运包装须是其登记过的包装，故新品目先不填，登记包装后再填。',
      'One kind of consumable; another grade, by the standard on the label, is another item. It is counted in base units, and keeps its unit once there are lots, packings or the like. '
        + 'What it ships by is a packing of its own, so a new item is put down without it first.',
    ),
  },
  example: {
    id: 'respirator',
    body: {
      name: { zh: '医用防护口罩', en: 'Medical respirator' }, unit: 'piece', grade: 'GB 19083-2010', zones: ['red', 'buffer'], shipsBy: null, cubicCentimetres: 250,
      source: '国卫办医函〔2020〕75号', assumed: ['cubicCentimetres'],
    },
  },
})
const codes = recordRoutes({
  path: '/item-codes', one: 'ItemCode', many: 'ItemCodes', tag, out: out('ItemCode', itemCodeSchema), body: itemCodeSchema,
  filters: { item: filterBy('items'), system: itemCodeSchema.shape.system.optional() }, also: { 409: refused[409] },
  named: {
    zh: '品目编码', one: 'code of an item', many: 'codes of items',
    about: text(
      '某一编码系统里的一个编码指哪个品目的哪种包装，扫码入库据此认货。GTIN 写成 14 位，校验码要对。',
      'Which packing of which item a code means in some system of codes; a scan at the door of a store is read by it. A GTIN is put down in 14 digits, and its check digit must be right.',
    ),
  },
  example: { id: 'gtin/06932876543012', body: { item: 'respirator', system: 'gtin', code: '06932876543012', packing: 'carton', source: '箱上条码' } },
})
const packings = recordRoutes({
  path: '/packings', one: 'Packing', many: 'Packings', tag, out: out('Packing', packingSchema), body: packingSchema, filters: { item: filterBy('items') }, also: { 409: refused[409] },
  named: { zh: '包装', one: 'packing', many: 'packings', about: text('一个品目的一种包装含多少基本单位，如一箱。', 'How many base units of one item are in a packing, such as a carton.') },
  example: { id: 'respirator/carton', body: { item: 'respirator', packing: 'carton', units: 480, source: '箱上标识' } },
})
const substitutes = recordRoutes({
  path: '/substitutes', one: 'Substitute', many: 'Substitutes', tag, out: out('Substitute', substituteSchema), body: substituteSchema,
  filters: { item: filterBy('items'), substitute: filterBy('items') }, also: { 409: refused[409] },
  named: {
    zh: '替代', one: 'substitute', many: 'substitutes',
    about: text('某品目没有时以何代之，一对一，按次序；基本单位须相同，不能成环。', 'What may be used instead of an item when none is left, one for one and in order; counted in the same base unit, and never in a circle.'),
  },
  example: { id: 'respirator/n95', body: { item: 'respirator', order: 1, substitute: 'n95', source: '医疗救治组 2020-01-29' } },
})
const parts = recordRoutes({
  path: '/kit-parts', one: 'KitPart', many: 'KitParts', tag, out: out('KitPart', kitPartSchema), body: kitPartSchema, filters: { kit: idFilter, item: filterBy('items') }, also: { 409: refused[409] },
  named: {
    zh: '成套用品', one: 'part of a kit', many: 'parts of kits',
    about: text('一套防护用品里的一个品目；缺一样就不能上岗。同一套的各行套名相同。', 'One item of a set of protection; nobody works a shift with less. A kit is all rows of its name.'),
  },
  example: { id: 'red-shift/respirator', body: { kit: 'red-shift', item: 'respirator', units: 1, source: '国卫办医函〔2020〕75号' } },
})
const norms = recordRoutes({
  path: '/norms', one: 'Norm', many: 'Norms', tag, out: out('Norm', normSchema), body: normSchema, filters: { item: filterBy('items'), per: normSchema.shape.per.optional() },
  named: {
    zh: '消耗定额', one: 'consumption norm', many: 'consumption norms',
    about: text(
      '每患者每日、每人每班或每车次用多少，分常规、应急、危机三档，以千分之一基本单位计；单位须是该品目的，同一用途的有效期不能重叠。',
      'How much of an item is used up per patient and day, per person and shift or per trip, in three tiers, in thousandths of a base unit; in the unit of its item, and norms of one use do not overlap in time.',
    ),
  },
  example: {
    id: 'respirator/red',
    body: {
      item: 'respirator', unit: 'piece', per: 'staffShift', severity: null, zone: 'red', role: null, conventionalPerMille: 1000, contingencyPerMille: 1000, crisisPerMille: 500,
      effectiveFrom: '2020-01-26', effectiveUntil: null, source: '国卫办医函〔2020〕75号', assumed: ['crisisPerMille'],
    },
  },
})

/** What everybody who plans or keeps material has to know, over HTTP: items, their codes and packings, what stands in for them, and norms. */
export const itemRoutes = (service: Service) => routesOf(service)
  .openapi(items.list, async (c) => c.json(await listOut(c, service, ITEMS, ['unit'], c.req.valid('query')), 200))
  .openapi(items.get, async (c) => c.json(await oneOut(c, service, ITEMS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(items.history, async (c) => c.json(await historyOut(c, service, ITEMS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(items.put, async (c) => {
    const [{ id }, body] = [c.req.valid('param'), c.req.valid('json')]
    return send(c, await putOut(c, service, ITEMS, { id, body, mayChange: (act, before) => checkItem(act, id, body, before) }))
  })
  .openapi(codes.list, async (c) => c.json(await listOut(c, service, ITEM_CODES, ['item', 'system'], c.req.valid('query')), 200))
  .openapi(codes.get, async (c) => c.json(await oneOut(c, service, ITEM_CODES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(codes.history, async (c) => c.json(await historyOut(c, service, ITEM_CODES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(codes.put, async (c) => {
    const body = c.req.valid('json')
    return send(c, await putOut(c, service, ITEM_CODES, { id: c.req.valid('param').id, body, mayChange: (act) => checkItemCode(act, c.req.valid('param').id, body) }))
  })
  .openapi(packings.list, async (c) => c.json(await listOut(c, service, PACKINGS, ['item'], c.req.valid('query')), 200))
  .openapi(packings.get, async (c) => c.json(await oneOut(c, service, PACKINGS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(packings.history, async (c) => c.json(await historyOut(c, service, PACKINGS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(packings.put, async (c) => {
    const body = c.req.valid('json')
    return send(c, await putOut(c, service, PACKINGS, { id: c.req.valid('param').id, body, mayChange: (act, before) => checkPacking(act, body, before) }))
  })
  .openapi(substitutes.list, async (c) => c.json(await listOut(c, service, SUBSTITUTES, ['item', 'substitute'], c.req.valid('query')), 200))
  .openapi(substitutes.get, async (c) => c.json(await oneOut(c, service, SUBSTITUTES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(substitutes.history, async (c) => c.json(await historyOut(c, service, SUBSTITUTES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(substitutes.put, async (c) => {
    const body = c.req.valid('json')
    return send(c, await putOut(c, service, SUBSTITUTES, { id: c.req.valid('param').id, body, mayChange: (act) => checkSubstitute(act, body) }))
  })
  .openapi(parts.list, async (c) => c.json(await listOut(c, service, KIT_PARTS, ['kit', 'item'], c.req.valid('query')), 200))
  .openapi(parts.get, async (c) => c.json(await oneOut(c, service, KIT_PARTS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(parts.history, async (c) => c.json(await historyOut(c, service, KIT_PARTS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(parts.put, async (c) => send(c, await putOut(c, service, KIT_PARTS, { id: c.req.valid('param').id, body: c.req.valid('json') })))
  .openapi(norms.list, async (c) => c.json(await listOut(c, service, NORMS, ['item', 'per'], c.req.valid('query')), 200))
  .openapi(norms.get, async (c) => c.json(await oneOut(c, service, NORMS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(norms.history, async (c) => c.json(await historyOut(c, service, NORMS, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(norms.put, async (c) => send(c, await putOut(c, service, NORMS, { id: c.req.valid('param').id, body: c.req.valid('json') })))

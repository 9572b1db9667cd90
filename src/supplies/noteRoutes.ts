import { createRoute, z } from '@hono/zod-openapi'
import type { Act } from '../db/act.js'
import type { Tx } from '../db/database.js'
import { allRecords } from '../db/records.js'
import { type Answer, command } from '../http/command.js'
import { behind, cursorOf, filterBy, pageShape } from '../http/lists.js'
import { both, jsonBody, jsonRequest, keyHeaders, reads, readsOne, refused, told, writesBody } from '../http/openapi.js'
import { idParams, ONE_PAGE, pageOf, send } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { invariant } from '../kernel/invariant.js'
import { notFound } from '../kernel/refusal.js'
import { isWithin } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import { daySchema, instantOf, instantSchema } from '../kernel/time.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { NOTE_KINDS, outSchema, receiptSchema, reversalSchema, stocktakeSchema } from './notes.js'
import { NOTE, type Noted, receive, reverse, takeOut, takeStock } from './noteCommands.js'
import type { LotRecord } from './stock.js'
import { linesOf, listNotes, noteById, type NoteLine, reversalOf, reversalsOf } from './noteStore.js'
import { LOTS } from './store.js'

const tags = ['Stock 库存']

const noteSchema = z.object({
  id: z.string(), kind: wordSchema(NOTE_KINDS), place: z.string(), item: z.string().nullable(), party: z.string().nullable(), note: z.string().nullable(),
  reverses: z.string().nullable().describe(both('所冲销的单据', 'The note that it reverses')),
  reversedBy: z.string().nullable().describe(both('冲销它的单据；没有为 null', 'The note that reverses it; null: none')),
  effectiveAt: instantSchema, recordedAt: instantSchema, recordedBy: z.string(),
  lines: z.array(z.object({
    lot: z.string(), item: z.string(), number: z.string().nullable(), expiresOn: daySchema.nullable(), units: z.int().describe(both('基本单位', 'Base units')),
    from: z.string().describe(both('出自哪个账户', 'Out of which account')), to: z.string().describe(both('进入哪个账户', 'Into which account')),
  }).meta({ id: 'StockNoteLine' })),
}).meta({ id: 'StockNote' })

const kept = { 201: jsonBody(noteSchema, text('已登记', 'Kept')), ...writesBody, 409: refused[409] } as const

const list = createRoute({
  method: 'get', path: '/stock-notes', tags, operationId: 'listStockNotes',
  ...told(text('库存单据一览', 'List notes of stock'), text('新的在前；可按场所和种类筛选。单据从不改动，只能冲销。', 'The newest first, by place and kind where asked. A note is never changed, only reversed.')),
  request: { query: z.strictObject({ ...pageShape, place: filterBy('places'), kind: wordSchema(NOTE_KINDS).optional() }) },
  responses: { 200: jsonBody(pageOf(noteSchema), ONE_PAGE), ...reads },
})
const get = createRoute({
  method: 'get', path: '/stock-notes/{id}', tags, operationId: 'getStockNote',
  ...told(text('一张库存单据', 'One note of stock'), text('每一批出入多少、由谁何时登记、有没有冲销。', 'What moved of each lot, who put it down when, and whether it was reversed.')),
  request: { params: idParams }, responses: { 200: jsonBody(noteSchema, text('这张单据', 'The note')), ...readsOne },
})
const receipt = createRoute({
  method: 'post', path: '/stock-notes/receipts', tags, operationId: 'receiveStock',
  ...told(text('入库', 'Stock comes in from outside'), text(
    '采购、捐赠、产出等到货。每行一批：扫描 GS1 条码（scan），或写品目、批号、有效期、包装与数量。有效期须由条码 (17) 或 (15) 给出，或写在 expiresOn，不过期的写 null；两处都没有的为 422。条码本身读不通（校验位不对、没有这样的日期或标识符）为 400；没有登记的 GTIN、条码与所写不符、已过期、包装不属该品目为 422；都写明何处。场所之间调拨不在此登记。',
    'What was bought, given or produced arrives. A line is a lot: a GS1 scan (scan), or the item with its lot, expiry, packing and count. The expiry is said by the code, (17) or (15), or by expiresOn, which is null of what does not expire; where neither says it, it is 422. A scan that cannot be read '
      + '(a wrong check digit, no such date or identifier) is 400; an unknown GTIN, a scan that contradicts what is written, an expiry in the past or a packing not of that item is 422; both say where. What comes from another place of the system is not put down here.',
  )),
  request: { headers: keyHeaders, body: jsonRequest(receiptSchema.meta({ id: 'StockReceipt' }), {
    place: 'warehouse', party: '省红十字会', authority: 'city', released: true, earmark: null,
    lines: [{ item: 'respirator', lot: '20200118', expiresOn: '2022-01-17', packing: null, count: 4000 }],
  }) },
  responses: kept,
})
const out = createRoute({
  method: 'post', path: '/stock-notes/outs', tags, operationId: 'takeOutStock',
  ...told(text('消耗、退回、丢失、损坏、过期', 'Stock is used up, sent back, lost, damaged or expired'), text(
    '不写批次的，先到期的先出；过期和封存的批次不会被使用。丢失、损坏须写事由（note），退回供方须写退给谁（party），否则为 400。不够为 409 notEnoughStock，什么都不改。最多补记七天。',
    'Where no lot is named, what expires first goes first; what has expired or is in quarantine is never used. What is lost or damaged says how (note), what is sent back says to whom (party); it is 400 otherwise. Too few is 409 notEnoughStock, and nothing changes. It may be told up to a week later.',
  )),
  request: { headers: keyHeaders, body: jsonRequest(outSchema.meta({ id: 'StockOut' }), { place: 'warehouse', kind: 'consumption', lines: [{ item: 'respirator', count: 120 }] }) },
  responses: kept,
})
const count = createRoute({
  method: 'post', path: '/stock-notes/stocktakes', tags, operationId: 'countStock',
  ...told(text('盘点', 'Count all of one item at one place'), text(
    '该处该品目的每一批都要写（按批次编号，没有了填 0；缺的、错的逐批说明批号与有效期）。差额记入“盘点差异”，列出待查。盘点之前的出入此后不能补记。少于已预占的为 409 doesNotAddUp，并列出相应的调拨单。',
    'Every lot of the item there by its id, 0 where none is left; what is missing or wrong is told lot by lot, with number and expiry. The difference goes to “unexplained” and is listed. What happened before the count cannot be told after it. Fewer than are promised is 409 doesNotAddUp, which names the allocation orders.',
  )),
  request: { headers: keyHeaders, body: jsonRequest(stocktakeSchema.meta({ id: 'Stocktake' }), { place: 'warehouse', item: 'respirator', counted: { 'L-20200118': 3870 } }) },
  responses: kept,
})
const reversal = createRoute({
  method: 'post', path: '/stock-notes/{id}/reverse', tags, operationId: 'reverseStockNote',
  ...told(text('冲销一张单据', 'Reverse a note'), text(
    '另开一张，数量相同、方向相反，余额恢复原样。冲销单不能再冲销，一张只冲销一次（409 stepOutOfOrder）；已经用掉的冲不回来（409 notEnoughStock）。',
    'Another note moves the same the other way, and the balances are as before. A reversal is not reversed, and a note only once (409 stepOutOfOrder); what has been used up meanwhile cannot be taken back (409 notEnoughStock).',
  )),
  request: { params: idParams, headers: keyHeaders, body: jsonRequest(reversalSchema.meta({ id: 'StockReversal' }), { note: '数量录错，多录一箱' }) },
  responses: { 201: jsonBody(noteSchema, text('已冲销', 'Reversed')), ...writesBody, 404: refused[404], 409: refused[409] },
})

interface Told extends Noted {
  readonly reversedBy: string | null
}

/** By which item, number and expiry people know the lots of some lines. */
const lotsOfLines = (tx: Tx, lines: readonly NoteLine[]): Promise<Readonly<Record<string, LotRecord>>> => allRecords(tx, LOTS, null, [...new Set(lines.map(({ lot }) => lot))])

const noteOut = ({ note, lines, reversedBy }: Told, lots: Readonly<Record<string, LotRecord>>): z.infer<typeof noteSchema> => ({
  id: note.id, kind: note.kind, place: note.place, item: note.item, party: note.party, note: note.note, reverses: note.reverses, reversedBy,
  effectiveAt: instantOf(note.effectiveAt), recordedAt: instantOf(note.recordedAt), recordedBy: note.recordedBy,
  lines: lines.map(({ lot, from, to, units }) => {
    const body = lots[lot]
    invariant(body !== undefined, 'what moved is of a lot that is there')
    const { item, lot: number, expiresOn } = body
    return { lot, item, number, expiresOn, units, from, to }
  }),
})

const answer = async ({ tx }: Act, kept: Noted): Promise<Answer<z.infer<typeof noteSchema>, 201>> =>
  ({ status: 201, body: noteOut({ ...kept, reversedBy: null }, await lotsOfLines(tx, kept.lines)) })

/** Notes of stock over HTTP: what comes in, goes out, is counted and taken back. */
export const noteRoutes = (service: Service) => routesOf(service)
  .openapi(list, async (c) => {
    const { limit, cursor, place, kind } = c.req.valid('query')
    const ask = { place, kind, reach: c.get('reach'), before: behind(cursor, 'stock-notes')?.id ?? null, limit: limit + 1 }
    const { page, lines, lots, reversed, next } = await service.db.inSnapshot(async (tx) => {
      const found = await listNotes(tx, ask)
      const page = found.slice(0, limit)
      const reversed = await reversalsOf(tx, page.map(({ id }) => id))
      const lines = await linesOf(tx, page.map(({ id }) => id))
      return { page, reversed, lines, lots: await lotsOfLines(tx, [...lines.values()].flat()), next: found.length > limit ? page.at(-1)?.id : undefined }
    })
    return c.json({
      items: page.map((note) => noteOut({ note, lines: lines.get(note.id) ?? [], reversedBy: reversed.get(note.id) ?? null }, lots)),
      next: cursorOf(next === undefined ? null : { key: '', id: next }, 'stock-notes'),
    }, 200)
  })
  .openapi(get, async (c) => {
    const { id } = c.req.valid('param')
    const body = await service.db.inSnapshot(async (tx) => {
      const note = await noteById(tx, id)
      if (note === null || !isWithin(c.get('reach'), { place: note.place })) throw notFound(id, NOTE)
      const lines = (await linesOf(tx, [id])).get(id) ?? []
      return noteOut({ note, lines, reversedBy: (await reversalOf(tx, id))?.id ?? null }, await lotsOfLines(tx, lines))
    })
    return c.json(body, 200)
  })
  .openapi(receipt, async (c) => {
    const body = c.req.valid('json')
    return send(c, await command(c, service, async (act) => answer(act, await receive(act, body))))
  })
  .openapi(out, async (c) => {
    const body = c.req.valid('json')
    return send(c, await command(c, service, async (act) => answer(act, await takeOut(act, body))))
  })
  .openapi(count, async (c) => {
    const body = c.req.valid('json')
    return send(c, await command(c, service, async (act) => answer(act, await takeStock(act, body))))
  })
  .openapi(reversal, async (c) => {
    const { id } = c.req.valid('param')
    const body = c.req.valid('json')
    return send(c, await command(c, service, async (act) => answer(act, await reverse(act, id, body))))
  })

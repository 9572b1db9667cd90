import { createRoute, z } from '@hono/zod-openapi'
import { currentRecord } from '../db/records.js'
import { cursorOf, numberBehind, pageShape } from '../http/lists.js'
import { both, jsonBody, readsOne, told } from '../http/openapi.js'
import { idParams, pageOf } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { notFound } from '../kernel/refusal.js'
import { isWithin } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import { instantOf, instantSchema } from '../kernel/time.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { bookOf, movementsOf } from '../ledger/store.js'
import { BED_ACCOUNTS, BED_REASONS, type BedAccount, bedsLeft, countedBelowNamed, heldOf, namedIn, peopleIn } from './bedBook.js'
import { POOLS } from './store.js'

const tags = ['Beds 床位']

const bookSchema = z.object({
  pool: z.string(),
  accounts: z.array(z.object({
    account: wordSchema(BED_ACCOUNTS), text: z.object({ zh: z.string(), en: z.string() }),
    balance: z.int(), counted: z.boolean().describe(both('false：无人清点，不是 0', 'false: nobody has counted it, and it is not nought')), held: z.int(),
  })),
  people: z.int().nullable().describe(both('全部在院人数；未清点为 null', 'Everyone in the pool; null while it is not counted')),
  named: z.int(),
  countedBelowNamed: z.int().describe(both('列名病例多于清点的人数；一致为 0', 'Named cases beyond what the last count found; nought when they agree')),
  bedsLeft: z.int().nullable().describe(both('还能给出的床位；超出时为负，未清点为 null', 'Beds that may still be given away; negative in an overfull pool, null while it is not counted')),
}).meta({ id: 'BookOfBeds' })

const movementSchema = z.object({
  id: z.int(), from: wordSchema(BED_ACCOUNTS), to: wordSchema(BED_ACCOUNTS), quantity: z.int(), reason: wordSchema(BED_REASONS),
  subject: z.string(), effectiveAt: instantSchema, recordedAt: instantSchema, recordedBy: z.string(),
}).meta({ id: 'MovementOfBeds' })

const book = createRoute({
  method: 'get', path: '/pools/{id}/book', tags, operationId: 'getBookOfBeds',
  ...told(text('一组床位的账', 'The book of one pool of beds'), text('各账户现有多少、预占多少；还能再给出几张。', 'What each account holds and promises, and how many beds may still be given away.')),
  request: { params: idParams }, responses: { 200: jsonBody(bookSchema, text('账', 'The book')), ...readsOne },
})
const movements = createRoute({
  method: 'get', path: '/pools/{id}/movements', tags, operationId: 'listMovementsOfBeds',
  ...told(text('床位账的各笔', 'Movements of the book of a pool'), text('最新的在前；每笔有来由、时间和经手岗位，从不改动。', 'The newest first; each with its reason, time and post, and never changed.')),
  request: { params: idParams, query: z.strictObject(pageShape) }, responses: { 200: jsonBody(pageOf(movementSchema), text('一页', 'One page')), ...readsOne },
})

/** The ledger of beds, for whoever wants to see how a figure came about. */
export const bookRoutes = (service: Service) => routesOf(service)
  .openapi(book, async (c) => {
    const { id } = c.req.valid('param')
    const { record, accounts } = await service.db.inSnapshot(async (tx) => ({ record: await currentRecord(tx, POOLS, id), accounts: await bookOf(tx, id) }))
    if (record === null || !isWithin(c.get('reach'), { place: record.body.place })) throw notFound(id)
    const state = { figures: record.body, named: namedIn(accounts), held: heldOf(accounts) }
    return c.json({
      pool: id,
      accounts: Object.entries(accounts).map(([name, { balance, counted, held }]) => {
        const account = name as BedAccount
        return { account, text: BED_ACCOUNTS[account], balance, counted, held }
      }),
      people: peopleIn(state), named: state.named,
      countedBelowNamed: countedBelowNamed(state),
      bedsLeft: bedsLeft(state),
    }, 200)
  })
  .openapi(movements, async (c) => {
    const { id } = c.req.valid('param')
    const { limit, cursor } = c.req.valid('query')
    const below = numberBehind(cursor, 'movements')
    const { record, found } = await service.db.inSnapshot(async (tx) => ({
      record: await currentRecord(tx, POOLS, id),
      found: await movementsOf(tx, id, { below, limit: limit + 1 }),
    }))
    if (record === null || !isWithin(c.get('reach'), { place: record.body.place })) throw notFound(id)
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    return c.json({
      items: page.map(({ id: number, from, to, quantity, reason, subject, effectiveAt, recordedAt, recordedBy }) => ({
        id: number, from: from as BedAccount, to: to as BedAccount, quantity, reason: reason as keyof typeof BED_REASONS, subject,
        effectiveAt: instantOf(effectiveAt), recordedAt: instantOf(recordedAt), recordedBy,
      })),
      next: cursorOf(last === undefined ? null : { key: String(last.id), id: '' }, 'movements'),
    }, 200)
  })

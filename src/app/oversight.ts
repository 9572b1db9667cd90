import { createRoute, z } from '@hono/zod-openapi'
import { checkIntegrity, INVARIANTS } from '../db/integrity.js'
import { readJournal } from '../db/journal.js'
import { cursorOf, idFilter, numberBehind, pageShape } from '../http/lists.js'
import { drillNote, jsonBody, reads, told } from '../http/openapi.js'
import { ONE_PAGE, pageOf } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { drillMember } from '../kernel/drill.js'
import { text } from '../kernel/text.js'
import { instantOf, instantSchema, momentOf } from '../kernel/time.js'
import { wordSchema } from '../kernel/vocabulary.js'

const tags = ['Oversight 监督']

const deedSchema = z.object({
  seq: z.int(), at: instantSchema, actor: z.string(), action: z.string(), kind: z.string(), subject: z.string(),
  request: z.string(), details: z.record(z.string(), z.unknown()), drill: drillNote,
}).meta({ id: 'Deed' })

const findingSchema = z.object({
  rule: wordSchema(INVARIANTS), text: z.object({ zh: z.string(), en: z.string() }), subject: z.string(), found: z.string(), expected: z.string(),
}).meta({ id: 'Finding' })

const journalRoute = createRoute({
  method: 'get', path: '/journal', tags, operationId: 'readJournal',
  ...told(text('日志', 'The journal'), text('谁在何时做了什么，新的在前；每一改动一行，不改不删。', 'Who did what when, the newest first: a line for every change, never altered or deleted.')),
  request: { query: z.strictObject({ ...pageShape, actor: idFilter, action: idFilter, kind: idFilter, subject: idFilter, from: instantSchema.optional(), until: instantSchema.optional() }) },
  responses: { 200: jsonBody(pageOf(deedSchema), ONE_PAGE), ...reads },
})
const integrityRoute = createRoute({
  method: 'get', path: '/integrity', tags, operationId: 'checkIntegrity',
  ...told(text('自检', 'Check the store'), text('列出库中不成立的每一条规则；健康时为空。', 'Every invariant of the store that does not hold; empty when it is healthy.')),
  responses: { 200: jsonBody(z.object({ findings: z.array(findingSchema) }), text('所见', 'The findings')), ...reads },
})

/** For auditors: the journal, and whether the store is sound. */
export const oversightRoutes = ({ db, ...service }: Service) => routesOf(service)
  .openapi(journalRoute, async (c) => {
    const { limit, cursor, from, until, ...equal } = c.req.valid('query')
    const found = await db.inSnapshot((tx) => readJournal(tx, {
      ...equal,
      from: from === undefined ? undefined : momentOf(from),
      until: until === undefined ? undefined : momentOf(until),
      below: numberBehind(cursor, 'journal'),
      limit: limit + 1,
    }))
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    const items = page.map(({ at, details, ...deed }) => ({ ...deed, at: instantOf(at), details: details as Record<string, unknown>, ...drillMember(service.isDrill) }))
    return c.json({ items, next: cursorOf(last === undefined ? null : { key: String(last.seq), id: '' }, 'journal') }, 200)
  })
  .openapi(integrityRoute, async (c) => {
    return c.json({ findings: await checkIntegrity(db) }, 200)
  })

import { createRoute, z } from '@hono/zod-openapi'
import { type Answer, command, etagOf } from '../http/command.js'
import { behind, cursorOf, pageShape, pastOf, pastShape } from '../http/lists.js'
import { jsonBody, reads, unsafeHeaders, writes } from '../http/openapi.js'
import { idParams, notFound, pageOf, send } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { instantOf, instantSchema } from '../kernel/time.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { admit, end, move } from './commands.js'
import { type Ending, ENDINGS } from './stays.js'
import { listStays, type Stay, stayById } from './store.js'

const tags = ['Stays 住院与隔离']
const bedShape = {
  place: z.string().min(1).max(200),
  pool: z.string().min(1).max(200).nullable().default(null).describe('Null where only the place is known'),
}
const at = instantSchema.optional().describe('When it happened; now when left out')

const staySchema = z.object({
  id: z.string(), version: z.int(), case: z.string(), place: z.string(), pool: z.string().nullable(),
  beganAt: instantSchema, beganRecordedAt: instantSchema, beganRecordedBy: z.string(),
  endedAt: instantSchema.nullable(), ending: wordSchema(ENDINGS).nullable(),
  endedRecordedAt: instantSchema.nullable(), endedRecordedBy: z.string().nullable(),
}).meta({ id: 'Stay' })

const admissionSchema = z.strictObject({ case: z.string().min(1).max(200), ...bedShape, at }).meta({ id: 'Admission' })
const moveSchema = z.strictObject({ ...bedShape, at }).meta({ id: 'MoveInside' })
const { moved: _byMoving, ...WAYS_TO_END } = ENDINGS
const endSchema = z.strictObject({ ending: wordSchema(WAYS_TO_END), at }).meta({ id: 'EndOfStay' })

const body = <S extends z.ZodType>(schema: S) => ({ content: { 'application/json': { schema } }, required: true })

const list = createRoute({
  method: 'get', path: '/stays', tags, operationId: 'listStays', summary: 'List stays',
  request: {
    query: z.object({
      ...pastShape, ...pageShape, sort: z.enum(['id', '-id']).default('id'),
      case: z.string().max(200).optional(), place: z.string().max(200).optional(), pool: z.string().max(200).optional(),
      open: z.enum(['true', 'false']).optional(),
    }),
  },
  responses: { 200: jsonBody(pageOf(staySchema), 'One page; with asOf those that were open then'), ...reads },
})
const get = createRoute({
  method: 'get', path: '/stays/{id}', tags, operationId: 'getStay', summary: 'One stay',
  request: { params: idParams }, responses: { 200: jsonBody(staySchema, 'The stay'), ...reads },
})
const admission = createRoute({
  method: 'post', path: '/stays', tags, operationId: 'admit', summary: 'Admit a case to a place and, where known, a pool of beds',
  request: { headers: unsafeHeaders, body: body(admissionSchema) },
  responses: { 201: jsonBody(staySchema, 'Admitted'), ...writes },
})
const moving = createRoute({
  method: 'post', path: '/stays/{id}/move', tags, operationId: 'move', summary: 'End a stay and begin the next elsewhere, in one step',
  request: { params: idParams, headers: unsafeHeaders, body: body(moveSchema) },
  responses: { 201: jsonBody(staySchema, 'The new stay'), ...writes },
})
const ending = createRoute({
  method: 'post', path: '/stays/{id}/end', tags, operationId: 'endStay', summary: 'Discharge, death, or leaving for elsewhere',
  request: { params: idParams, headers: unsafeHeaders, body: body(endSchema) },
  responses: { 200: jsonBody(staySchema, 'Ended'), ...writes },
})

const instantOrNull = (moment: Date | null) => (moment === null ? null : instantOf(moment))

const stayOut = (stay: Stay): z.infer<typeof staySchema> => ({
  id: stay.id, version: stay.version, case: stay.caseId, place: stay.place, pool: stay.pool,
  beganAt: instantOf(stay.beganAt), beganRecordedAt: instantOf(stay.beganRecordedAt), beganRecordedBy: stay.beganRecordedBy,
  endedAt: instantOrNull(stay.endedAt), ending: stay.ending as Ending | null,
  endedRecordedAt: instantOrNull(stay.endedRecordedAt), endedRecordedBy: stay.endedRecordedBy,
})

const answer = <S extends 200 | 201>(stay: Stay, status: S): Answer<z.infer<typeof staySchema>, S> =>
  ({ status, body: stayOut(stay), headers: { etag: etagOf(stay.version) } })

/** Stays over HTTP: one person, one place. */
export const stayRoutes = (service: Service) => routesOf(service)
  .openapi(list, async (c) => {
    const query = c.req.valid('query')
    const ask = {
      caseId: query.case, place: query.place, pool: query.pool, open: query.open === undefined ? undefined : query.open === 'true',
      past: pastOf(query, service.clock.now()), after: behind(query.cursor, query.sort)?.id ?? null,
      descending: query.sort === '-id', limit: query.limit + 1,
    }
    const found = await service.db.inSnapshot((tx) => listStays(tx, ask))
    const page = found.slice(0, query.limit)
    const last = found.length > query.limit ? page.at(-1) : undefined
    return c.json({ items: page.map(stayOut), next: cursorOf(last === undefined ? null : { key: '', id: last.id }, query.sort) }, 200)
  })
  .openapi(get, async (c) => {
    const { id } = c.req.valid('param')
    const stay = await service.db.inSnapshot((tx) => stayById(tx, id))
    if (stay === null) throw notFound(id)
    c.header('ETag', etagOf(stay.version))
    return c.json(stayOut(stay), 200)
  })
  .openapi(admission, async (c) => {
    const { case: caseId, at: when, ...bed } = c.req.valid('json')
    return send(c, await command(c, service, async (act) => answer(await admit(act, caseId, bed, when), 201)))
  })
  .openapi(moving, async (c) => {
    const { at: when, ...bed } = c.req.valid('json')
    return send(c, await command(c, service, async (act) => answer(await move(act, c.req.valid('param').id, bed, when), 201)))
  })
  .openapi(ending, async (c) => {
    const { at: when, ending: how } = c.req.valid('json')
    return send(c, await command(c, service, async (act) => answer(await end(act, c.req.valid('param').id, how, when), 200)))
  })

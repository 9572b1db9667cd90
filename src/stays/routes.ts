import { createRoute, z } from '@hono/zod-openapi'
import { CASES } from '../cases/store.js'
import { currentRecord } from '../db/records.js'
import { lockPools, type LockedPool, placeOf } from '../facilities/store.js'
import { type Act, type Answer, command, etagOf, matchVersionIfGiven } from '../http/command.js'
import { behind, cursorOf, pageShape, pastOf, pastShape } from '../http/lists.js'
import { jsonBody, reads, unsafeHeaders, writes } from '../http/openapi.js'
import { idParams, notFound, pageOf, send, whenOf } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { refuse } from '../kernel/refusal.js'
import { instantOf, instantSchema } from '../kernel/time.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { comeIn, goOut } from './occupancy.js'
import { type Bed, ENDINGS } from './stays.js'
import { beginStays, endStay, lastEndedStayOf, listStays, openStayOf, type Stay, stayById } from './store.js'

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
const admit = createRoute({
  method: 'post', path: '/stays', tags, operationId: 'admit', summary: 'Admit a case to a place and, where known, a pool of beds',
  request: { headers: unsafeHeaders, body: body(admissionSchema) },
  responses: { 201: jsonBody(staySchema, 'Admitted'), ...writes },
})
const move = createRoute({
  method: 'post', path: '/stays/{id}/move', tags, operationId: 'move', summary: 'End a stay and begin the next elsewhere, in one step',
  request: { params: idParams, headers: unsafeHeaders, body: body(moveSchema) },
  responses: { 201: jsonBody(staySchema, 'The new stay'), ...writes },
})
const end = createRoute({
  method: 'post', path: '/stays/{id}/end', tags, operationId: 'endStay', summary: 'Discharge, death, or leaving for elsewhere',
  request: { params: idParams, headers: unsafeHeaders, body: body(endSchema) },
  responses: { 200: jsonBody(staySchema, 'Ended'), ...writes },
})

const instantOrNull = (moment: Date | null) => (moment === null ? null : instantOf(moment))

const stayOut = (stay: Stay): z.infer<typeof staySchema> => ({
  id: stay.id, version: stay.version, case: stay.caseId, place: stay.place, pool: stay.pool,
  beganAt: instantOf(stay.beganAt), beganRecordedAt: instantOf(stay.beganRecordedAt), beganRecordedBy: stay.beganRecordedBy,
  endedAt: instantOrNull(stay.endedAt), ending: stay.ending as keyof typeof ENDINGS | null,
  endedRecordedAt: instantOrNull(stay.endedRecordedAt), endedRecordedBy: stay.endedRecordedBy,
})

const answer = <S extends 200 | 201>(stay: Stay, status: S): Answer<z.infer<typeof staySchema>, S> =>
  ({ status, body: stayOut(stay), headers: { etag: etagOf(stay.version) } })

/** Locks the person, so that whoever else wants to place them waits, then the pools concerned. */
async function lockPerson(act: Act, caseId: string): Promise<void> {
  if (await currentRecord(act.tx, CASES, caseId, true) === null) {
    throw refuse('unknownReference', `没有病例 ${caseId}`, `there is no case ${caseId}`)
  }
}

async function lockBeds(act: Act, pools: readonly (string | null)[]): Promise<ReadonlyMap<string, LockedPool>> {
  return lockPools(act.tx, pools.filter((pool) => pool !== null))
}

/** The place exists and the pool, where one is named, is of that place. */
async function checkBed(act: Act, { place, pool }: Bed, pools: ReadonlyMap<string, LockedPool>): Promise<void> {
  if (await placeOf(act.tx, place) === null) throw refuse('unknownReference', `没有场所 ${place}`, `there is no place ${place}`)
  if (pool === null) return
  const found = pools.get(pool)
  if (found === undefined) throw refuse('unknownReference', `没有床位 ${pool}`, `there is no pool ${pool}`)
  if (found.record.body.place !== place) {
    throw refuse('wrongReference', `床位 ${pool} 在 ${found.record.body.place}，不在 ${place}`, `pool ${pool} is at ${found.record.body.place}, not at ${place}`)
  }
}

/** The open stay of this id, its person locked. */
async function lockedStay(act: Act, id: string): Promise<Stay> {
  const seen = await stayById(act.tx, id)
  if (seen === null) throw notFound(id)
  await lockPerson(act, seen.caseId)
  const stay = await stayById(act.tx, id)
  if (stay === null || stay.endedAt !== null) {
    const ended = stay?.endedAt === null || stay === null ? '' : instantOf(stay.endedAt)
    throw refuse('notInCare', `此次住院已于 ${ended} 结束`, `the stay ended at ${ended}`)
  }
  return stay
}

function checkNotBefore(moment: Date, earliest: Date): void {
  if (moment >= earliest) return
  throw refuse('wrongTime', `不能早于 ${instantOf(earliest)}`, `it cannot be earlier than ${instantOf(earliest)}`)
}

async function begin(act: Act, caseId: string, bed: Bed, beganAt: Date): Promise<Stay> {
  const [stay] = await beginStays(act.tx, [{ id: act.newId(), caseId, place: bed.place, pool: bed.pool, beganAt }], act)
  if (stay === undefined) throw notFound(caseId)
  return stay
}

async function close(act: Act, stay: Stay, endedAt: Date, ending: keyof typeof ENDINGS): Promise<Stay> {
  const ended = await endStay(act.tx, stay, { endedAt, ending }, act)
  if (ended === null) throw refuse('notInCare', '此次住院刚刚结束', 'the stay has just ended')
  return ended
}

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
  .openapi(admit, async (c) => {
    const { case: caseId, at: when, ...bed } = c.req.valid('json')
    return send(c, await command(c, service, async (act) => {
      const beganAt = whenOf(when, act.at)
      await lockPerson(act, caseId)
      const open = await openStayOf(act.tx, caseId)
      if (open !== null) {
        throw refuse('alreadyInCare', `${caseId} 已在 ${open.pool ?? open.place}；请用转移`, `${caseId} lies at ${open.pool ?? open.place} already; move them instead`)
      }
      const last = await lastEndedStayOf(act.tx, caseId)
      if (last?.endedAt != null) checkNotBefore(beganAt, last.endedAt)
      const pools = await lockBeds(act, [bed.pool])
      await checkBed(act, bed, pools)
      const pool = bed.pool === null ? undefined : pools.get(bed.pool)
      if (bed.pool !== null && pool !== undefined) await comeIn(act, bed.pool, pool, beganAt)
      const stay = await begin(act, caseId, bed, beganAt)
      await act.journal({ action: 'admitted', kind: 'stays', subject: stay.id, details: { case: caseId, ...bed, at: instantOf(beganAt) } })
      return answer(stay, 201)
    }))
  })
  .openapi(move, async (c) => {
    const { at: when, ...bed } = c.req.valid('json')
    return send(c, await command(c, service, async (act) => {
      const movedAt = whenOf(when, act.at)
      const stay = await lockedStay(act, c.req.valid('param').id)
      matchVersionIfGiven(c, stay.version)
      checkNotBefore(movedAt, stay.beganAt)
      const pools = await lockBeds(act, [stay.pool, bed.pool])
      await checkBed(act, bed, pools)
      if (bed.pool !== stay.pool) {
        const [from, to] = [stay.pool === null ? undefined : pools.get(stay.pool), bed.pool === null ? undefined : pools.get(bed.pool)]
        if (stay.pool !== null && from !== undefined) await goOut(act, stay.pool, from, movedAt)
        if (bed.pool !== null && to !== undefined) await comeIn(act, bed.pool, to, movedAt)
      }
      await close(act, stay, movedAt, 'moved')
      const next = await begin(act, stay.caseId, bed, movedAt)
      const from = { stay: stay.id, place: stay.place, pool: stay.pool }
      await act.journal({ action: 'moved', kind: 'stays', subject: next.id, details: { case: stay.caseId, from, ...bed, at: instantOf(movedAt) } })
      return answer(next, 201)
    }))
  })
  .openapi(end, async (c) => {
    const { at: when, ending } = c.req.valid('json')
    return send(c, await command(c, service, async (act) => {
      const endedAt = whenOf(when, act.at)
      const stay = await lockedStay(act, c.req.valid('param').id)
      matchVersionIfGiven(c, stay.version)
      checkNotBefore(endedAt, stay.beganAt)
      const pool = stay.pool === null ? undefined : (await lockBeds(act, [stay.pool])).get(stay.pool)
      if (stay.pool !== null && pool !== undefined) await goOut(act, stay.pool, pool, endedAt)
      const ended = await close(act, stay, endedAt, ending)
      await act.journal({ action: ending, kind: 'stays', subject: stay.id, details: { case: stay.caseId, place: stay.place, pool: stay.pool, at: instantOf(endedAt) } })
      return answer(ended, 200)
    }))
  })

import { isDeepStrictEqual } from 'node:util'
import { type Answer, asked } from './modelAsk.js'
import { type Past, recordList, runList, scenarioAt, type StayAsk, stayList, versionAt } from './modelLook.js'
import { type Draw, HOUR } from './modelDraw.js'
import { type Fields, type Kind, recordOut, runOut, stayOut, written } from './modelWords.js'
import type { World } from './modelWorld.js'

const KINDS: readonly Kind[] = ['reporting-units', 'places', 'pools', 'cases', 'intake']
const SORTS = ['id', '-id', 'asOf', '-asOf', 'recordedAt', '-recordedAt']
const FILTERS: Readonly<Record<Kind, Readonly<Record<string, readonly string[]>>>> = {
  'reporting-units': {}, intake: {},
  places: { unit: ['U1', '渝中'], kind: ['home', 'isolationSite'] },
  pools: { place: ['市三院', 'P/1'], careLevel: ['intensive', 'ordinary'] },
  cases: { unit: ['U1', 'U1-x'], status: ['confirmed', 'suspected'], severity: ['severe'] },
}

/** One thing that is asked, and what has to come: a list in pages of so many, or one answer. */
export type Look =
  | { readonly path: string; readonly query: Fields; readonly list: readonly Fields[]; readonly limit: number }
  | { readonly path: string; readonly query: Fields; readonly status: number; readonly says: Fields | string | null; readonly etag?: string | null }

/** `?a=1&b=2`, and nothing where nothing is asked. */
function queryOf(query: Fields): string {
  const words = new URLSearchParams(Object.entries(query).flatMap<[string, string]>(([name, value]) => (value === undefined ? [] : [[name, String(value)]])))
  return words.size === 0 ? '' : `?${words}`
}

type Reached = (situation: string) => void

function past(draw: Draw, world: World, from: number, reached: Reached): Past {
  const span = world.now - from + 2 * HOUR
  const some = () => written(from - HOUR + draw.below(span))
  const then = draw.of<Past>([{ asOf: some() }, { asOf: some(), knownAt: some() }, { knownAt: some() }])
  reached(then.knownAt === undefined ? 'past read without knownAt' : then.asOf === undefined ? 'past read of the present as it was known' : 'past read with knownAt')
  return then
}

function lists(draw: Draw, world: World, kind: Kind, then: Past, limit: number): Look {
  const sort = draw.of(SORTS)
  const filters = Object.entries(FILTERS[kind]).filter(() => draw.chance(25))
  const equal = Object.fromEntries(filters.map(([field, values]) => [field, draw.of(values)]))
  return { path: `/${kind}`, query: { ...then, sort, ...equal }, list: recordList(world, kind, { past: then, equal, sort }), limit }
}

function stays(draw: Draw, world: World, then: Past, limit: number): Look {
  const some = [...world.stays.values()]
  const one = some.length === 0 ? undefined : draw.of(some)
  const filter: StayAsk = one === undefined ? {} : draw.of<StayAsk>([
    {}, {}, { case: one.person }, { place: one.place }, one.pool === null ? {} : { pool: one.pool }, { open: draw.of(['true', 'false']) },
    { place: one.place, open: 'true' },
  ])
  const sort = draw.of(['id', '-id'])
  return { path: '/stays', query: { ...then, ...filter, sort }, list: stayList(world, filter, then, sort), limit }
}

function single(draw: Draw, world: World, kind: Kind, then: Past): Look {
  const ids = [...world.records[kind].keys()]
  const id = ids.length === 0 || draw.chance(5) ? 'nothing' : draw.of(ids)
  const found = versionAt(world.records[kind].get(id), then, world.now)
  const isPresent = then.asOf === undefined && then.knownAt === undefined
  return {
    path: `/${kind}/${encodeURIComponent(id)}`, query: { ...then }, status: found === undefined ? 404 : 200,
    says: found === undefined ? 'notFound' : recordOut(found), etag: found !== undefined && isPresent ? `"${found.version}"` : null,
  }
}

function history(draw: Draw, world: World, kind: Kind, limit: number): Look[] {
  const ids = [...world.records[kind].keys()]
  if (ids.length === 0) return []
  const id = draw.of(ids)
  const versions = [...world.records[kind].get(id) ?? []].reverse().map(recordOut)
  return [{ path: `/${kind}/${encodeURIComponent(id)}/history`, query: {}, list: versions, limit }]
}

function scenario(world: World, then: Past, reached: Reached): Look {
  const picture = scenarioAt(world, then)
  const isPast = then.asOf !== undefined || then.knownAt !== undefined
  const empty = picture !== null && Object.keys(picture['cases'] as Fields).length === 0
  reached(`${isPast ? 'past ' : ''}scenario ${picture === null ? 'that does not fit together' : empty ? 'of nobody' : 'of somebody'}`)
  return { path: '/scenario', query: { ...then }, status: picture === null ? 422 : 200, says: picture ?? 'scenarioRefused' }
}

/** The whole state, and some of it as it was. */
export function looksAt(draw: Draw, world: World, from: number, reached: Reached): Look[] {
  const some = () => 1 + draw.below(6)
  const then = past(draw, world, from, reached)
  const one = [...world.stays.values()].at(-1 - draw.below(3))
  const run = [...world.runs.values()].at(-1)
  const journal = [...world.journal].reverse().map(({ at, ...deed }) => ({ ...deed, at: written(at) }))
  return [
    ...KINDS.map((kind) => lists(draw, world, kind, {}, draw.chance(50) ? 500 : some())),
    ...['pools', 'cases', draw.of(KINDS)].map((kind) => lists(draw, world, kind as Kind, past(draw, world, from, reached), some())),
    stays(draw, world, {}, draw.chance(50) ? 500 : 2 + some()), stays(draw, world, then, some()),
    single(draw, world, 'pools', {}), single(draw, world, 'pools', then), single(draw, world, draw.of(KINDS), past(draw, world, from, reached)),
    ...history(draw, world, 'pools', some()), ...history(draw, world, draw.of(KINDS), some()),
    { path: '/plan-runs', query: {}, list: runList(world, undefined), limit: some() },
    { path: '/plan-runs', query: { state: 'cancelled' }, list: runList(world, 'cancelled'), limit: 500 },
    ...(one === undefined ? [] : [{ path: `/stays/${one.id}`, query: {}, status: 200, says: stayOut(one), etag: `"${one.end === null ? 1 : 2}"` }]),
    ...(run === undefined ? [] : [
      { path: `/plan-runs/${run.id}`, query: {}, status: 200, says: runOut(run) }, { path: `/plan-runs/${run.id}/plan`, query: {}, status: 409, says: 'noPlan' },
    ]),
    scenario(world, {}, reached), scenario(world, then, reached), scenario(world, past(draw, world, from, reached), reached),
    { path: '/journal', query: {}, list: journal, limit: 40 },
    { path: '/cases', query: { sort: '-id', cursor: Buffer.from(JSON.stringify(['id', '', 'U1-1'])).toString('base64url') }, status: 400, says: 'invalidInput' },
    { path: '/integrity', query: {}, status: 200, says: { findings: [] } },
  ]
}

/** What came that should not have; every page of a list, each of the size that was asked for. */
export async function seen(address: string, look: Look, reached: Reached): Promise<string[]> {
  const get = (more: Fields) => asked(address, `/api${look.path}${queryOf({ ...look.query, ...more })}`)
  const where = `GET /api${look.path}${queryOf(look.query)}`
  if (!('list' in look)) {
    const said = await get({})
    return told(where, [...compared(said, look), ...(look.etag === undefined ? [] : differences('ETag', said.header('etag'), look.etag))])
  }
  const { list, limit } = look
  let cursor: unknown
  for (let from = 0; ; from += limit) {
    const said = await get({ limit, cursor })
    const page = list.slice(from, from + limit)
    const { items, next } = (said.json ?? {}) as { items?: Fields[]; next?: unknown }
    const found = said.status !== 200 ? [`status ${said.status}: ${said.text}`] : [
      ...differences('items', look.path === '/journal' ? (items ?? []).map(shortDeed) : items, page),
      ...(next === null) === (from + limit >= list.length) ? [] : [`next is ${String(next)} behind ${from + page.length} of ${list.length}`],
    ]
    if (found.length > 0) return told(`${where} limit ${limit} from ${from}`, found)
    if (next === null) return []
    reached('page behind a cursor')
    cursor = next
  }
}

const shortDeed = ({ action, kind, subject, actor, at }: Fields): Fields => ({ action, kind, subject, actor, at })
const told = (where: string, found: readonly string[]) => found.map((what) => `${where}\n    ${what}`)

/** `says`: a refusal's code, or the body. */
export function compared(said: Answer, { status, says }: { status: number; says: Fields | string | null }): string[] {
  if (said.status !== status) return [`status ${said.status}, expected ${status}: ${said.text} instead of ${JSON.stringify(says)}`]
  if (says === null || typeof says !== 'string') return differences('body', said.json, says)
  return differences('code', (said.json as Fields | null)?.['code'], says)
}

/** Where two values first differ. */
export function differences(at: string, found: unknown, expected: unknown): string[] {
  if (isDeepStrictEqual(found, expected)) return []
  const areBoth = [found, expected].every((value) => typeof value === 'object' && value !== null)
  if (!areBoth) return [`${at}: ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`]
  const [a, b] = [found as Fields, expected as Fields]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => differences(`${at}.${key}`, a[key], b[key])).slice(0, 6)
}

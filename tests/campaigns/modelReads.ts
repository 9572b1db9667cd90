import type { Draw } from './modelChance.js'
import { cityLooks } from './modelReadsOfCity.js'
import { outOfKind, recordList, runList, sees, type StayAsk, stayList } from './modelLook.js'
import { knownOf, runOut, stayOut } from './modelOut.js'
import { isPast, type Past, versionAt } from './modelPast.js'
import { scenarioAt } from './modelPicture.js'
import { ACTORS, admitted, atPlace, NOBODY } from './modelRoles.js'
import type { Look } from './modelSeen.js'
import { idsOf, present, type State } from './modelState.js'
import { type Fields, HOUR, type Kind, type Reached, written } from './modelWords.js'

export const READER = 'local'
const RECORDS: readonly Kind[] = ['reporting-units', 'places', 'pools', 'cases', 'intake']
const CITY: readonly Kind[] = [...RECORDS, 'vehicles', 'travel', 'reserve-blocks', 'expert-teams', 'contacts']
const SORTS = ['id', '-id', 'asOf', '-asOf', 'recordedAt', '-recordedAt']
const FILTERS: Readonly<Partial<Record<Kind, Readonly<Record<string, readonly string[]>>>>> = {
  places: { unit: ['U1', '渝中'], kind: ['home', 'isolationSite'] }, pools: { place: ['市三院', 'P/1', 'hubA'], careLevel: ['intensive', 'ordinary'] },
  cases: { unit: ['U1', 'U1-x'], status: ['confirmed', 'suspected'], severity: ['severe'] }, contacts: { unit: ['U1'], kind: ['closeContact'], site: ['site'] },
  'reserve-blocks': { place: ['rsv'] }, vehicles: { fleet: ['U1'] }, travel: { from: ['dist'] },
}
/** What everybody may know of, by the filters that name it. */
const NAMED_BY: Readonly<Record<string, Kind>> = { unit: 'reporting-units', place: 'places', site: 'places' }
/** The names of reading each kind in the table of who may. */
const NAMES: Readonly<Record<Kind, readonly [list: string, get: string]>> = {
  'reporting-units': ['listReportingUnits', 'getReportingUnit'], places: ['listPlaces', 'getPlace'], pools: ['listPoolsOfBeds', 'getPoolOfBeds'], cases: ['listCases', 'getCase'],
  intake: ['listIntakeDays', 'getIntakeDay'], vehicles: ['listVehicles', 'getVehicle'], travel: ['listTravelTimes', 'getTravelTime'],
  'reserve-blocks': ['listReserveBlocks', 'getReserveBlock'], 'expert-teams': ['listExpertTeams', 'getExpertTeam'], contacts: ['listContacts', 'getContact'],
}

function pastOf(draw: Draw, state: State, from: number, reached: Reached): Past {
  const span = state.now - from + 2 * HOUR
  const some = () => written(from - HOUR + draw.below(span))
  const then = draw.of<Past>([{ asOf: some() }, { asOf: some(), knownAt: some() }, { knownAt: some() }])
  reached(then.knownAt === undefined ? 'past read without knownAt' : then.asOf === undefined ? 'past read of the present as it was known' : 'past read with knownAt')
  return then
}

function list(draw: Draw, state: State, kind: Kind, { past, limit, actor = READER }: { past: Past; limit: number; actor?: string }): Look {
  const reach = admitted(state, actor, NAMES[kind][0])
  const sort = draw.of(SORTS)
  const filters = Object.entries(FILTERS[kind] ?? {}).filter(() => draw.chance(25))
  const equal = Object.fromEntries(filters.map(([field, values]) => [field, draw.of(values)]))
  const asking = { path: `/${kind}`, query: { ...past, sort, ...equal }, actor }
  // A filter by what nobody has would be an empty list, and read as "there is nothing".
  const isTypo = Object.entries(equal).some(([field, id]) => NAMED_BY[field] !== undefined && !state.records[NAMED_BY[field]].has(id))
  if (typeof reach !== 'string' && isTypo) return { ...asking, says: 'invalidInput' }
  return typeof reach === 'string' ? { ...asking, says: reach } : { ...asking, list: recordList(state, kind, { past, equal, sort, reach }), limit }
}

function single(draw: Draw, state: State, kind: Kind, past: Past, actor = READER): Look {
  const reach = admitted(state, actor, NAMES[kind][1])
  const ids = idsOf(state, kind)
  const id = ids.length === 0 || draw.chance(5) ? 'nothing' : draw.of(ids)
  const found = versionAt(state.records[kind].get(id), past, state.now)
  const stands = present(state, kind, id)
  const isSeen = typeof reach !== 'string' && found !== undefined && stands !== undefined && sees(state, reach, kind, stands)
  return {
    path: `/${kind}/${encodeURIComponent(id)}`, query: { ...past }, actor, says: typeof reach === 'string' ? reach : isSeen ? outOfKind(kind, found) : 'notFound',
    etag: isSeen && !isPast(past) ? `"${found.version}"` : null,
  }
}

function stays(draw: Draw, state: State, { past, limit, actor = READER }: { past: Past; limit: number; actor?: string }): Look {
  const some = [...state.stays.values()]
  const one = some.length === 0 ? undefined : draw.of(some)
  const ask: StayAsk = one === undefined ? {} : draw.of<StayAsk>([
    {}, {}, { case: one.person }, { place: one.place }, one.pool === null ? {} : { pool: one.pool }, { open: draw.of(['true', 'false']) }, { place: one.place, open: 'true' },
  ])
  const sort = draw.of(['id', '-id'])
  const reach = admitted(state, actor, 'listStays')
  const asking = { path: '/stays', query: { ...past, ...ask, sort }, actor }
  return typeof reach === 'string' ? { ...asking, says: reach } : { ...asking, list: stayList(state, ask, { past, sort, reach }), limit }
}

function history(draw: Draw, state: State, kind: Kind, limit: number): Look[] {
  const ids = idsOf(state, kind)
  if (ids.length === 0) return []
  const id = draw.of(ids)
  const versions = [...state.records[kind].get(id) ?? []].reverse()
  return [{ path: `/${kind}/${encodeURIComponent(id)}/history`, query: {}, actor: READER, list: versions.map((version) => outOfKind(kind, version)), limit }]
}

function scenario(state: State, past: Past, reached: Reached): Look {
  const picture = scenarioAt(state, past)
  const isEmpty = picture !== null && Object.keys(picture['cases'] as Fields).length === 0
  reached(`${isPast(past) ? 'past ' : ''}scenario ${picture === null ? 'that does not fit together' : isEmpty ? 'of nobody' : 'of somebody'}`)
  return { path: '/scenario', query: { ...past }, actor: READER, says: picture ?? 'scenarioRefused' }
}

/** What somebody else sees of the same: their own, and nothing of what lies elsewhere. */
function asOthers(draw: Draw, state: State, kinds: readonly Kind[]): Look[] {
  const other = () => draw.of([...Object.keys(ACTORS), 'beds-dist', 'beds-hubA', 'beds-U1', 'site-1', 'beds-P1', NOBODY])
  const one = [...state.stays.values()].at(-1 - draw.below(4))
  const actor = other()
  const reach = admitted(state, actor, 'getStay')
  return [
    list(draw, state, 'pools', { past: {}, limit: 500, actor: other() }), list(draw, state, 'cases', { past: {}, limit: 500, actor: other() }), single(draw, state, draw.of(kinds), {}, other()),
    single(draw, state, 'cases', {}, other()), stays(draw, state, { past: {}, limit: 500, actor: other() }),
    ...(one === undefined ? [] : [{ path: `/stays/${one.id}`, query: {}, actor, says: typeof reach === 'string' ? reach : atPlace(reach, one.place) ? stayOut(one) : 'notFound' }]),
  ]
}

const shortDeed = ({ action, kind, subject, actor, at }: Fields): Fields => ({ action, kind, subject, actor, at })

/** The whole state, and some of it as it was. `isLast`: after it the sequence is over. */
export function looksAt(draw: Draw, state: State, { from, isCity, isLast }: { from: number; isCity: boolean; isLast: boolean }, reached: Reached): Look[] {
  const kinds = isCity ? CITY : RECORDS
  const some = () => 1 + draw.below(6)
  const then = pastOf(draw, state, from, reached)
  const past = () => pastOf(draw, state, from, reached)
  const one = [...state.stays.values()].at(-1 - draw.below(3))
  const run = [...state.runs.values()].at(-1)
  const journal = [...state.journal].reverse().map(({ at, ...deed }) => ({ ...deed, at: written(at) }))
  const whole = isLast ? kinds : ['pools', 'cases', draw.of(kinds)] as const
  return [
    ...whole.map((kind) => list(draw, state, kind, { past: {}, limit: draw.chance(70) ? 500 : some() + 2 })),
    ...(['pools', draw.of(kinds)] as const).map((kind) => list(draw, state, kind, { past: past(), limit: some() + 3 })),
    stays(draw, state, { past: {}, limit: draw.chance(50) ? 500 : 2 + some() }), stays(draw, state, { past: then, limit: some() + 2 }),
    single(draw, state, 'pools', {}), single(draw, state, draw.of(kinds), past()), ...history(draw, state, draw.of(['pools', draw.of(kinds)]), some() + 2),
    { path: '/plan-runs', query: {}, actor: READER, list: runList(state, undefined), limit: some() + 1, known: knownOf },
    { path: '/plan-runs', query: { state: 'cancelled' }, actor: READER, list: runList(state, 'cancelled'), limit: 500, known: knownOf },
    ...(one === undefined ? [] : [{ path: `/stays/${one.id}`, query: {}, actor: READER, says: stayOut(one), etag: `"${one.end === null ? 1 : 2}"` }]),
    ...(run === undefined ? [] : [{ path: `/plan-runs/${run.id}`, query: {}, actor: READER, says: knownOf(runOut(run)), known: knownOf }]),
    ...(run === undefined || run.draft !== null ? [] : [{ path: `/plan-runs/${run.id}/plan`, query: {}, actor: READER, says: 'noPlan' }]),
    scenario(state, {}, reached), scenario(state, then, reached),
    { path: '/journal', query: {}, actor: READER, list: journal, limit: draw.chance(20) ? 40 : 500, known: shortDeed },
    { path: '/cases', query: { sort: '-id', cursor: Buffer.from(JSON.stringify(['id', '', 'U1-1'])).toString('base64url') }, actor: READER, says: 'invalidInput' },
    ...asOthers(draw, state, kinds), ...(isCity ? cityLooks(draw, state, { then, isLast }) : []),
    ...(isLast ? [{ path: '/integrity', query: {}, actor: READER, says: { findings: [] } }] : []),
  ]
}

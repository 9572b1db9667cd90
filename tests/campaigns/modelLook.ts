import { type Fields, isCount, type Kind, read, recordOut, runOut, type Stay, stayOut, type Version, type World, written } from './modelWorld.js'

/** A past as it is asked for; what is left out is the present. */
export interface Past { readonly asOf?: string; readonly knownAt?: string }

const moments = ({ asOf, knownAt }: Past, now: number) =>
  ({ asOf: asOf === undefined ? now : read(asOf), knownAt: knownAt === undefined ? now : read(knownAt) })
const isPast = ({ asOf, knownAt }: Past) => asOf !== undefined || knownAt !== undefined

/** The version of a record that was in force then, as far as it was known then. */
export function versionAt(versions: readonly Version[] | undefined, past: Past, now: number): Version | undefined {
  if (!isPast(past)) return versions?.at(-1)
  const { asOf, knownAt } = moments(past, now)
  return versions?.filter(({ effectiveAt, recordedAt }) => effectiveAt <= asOf && recordedAt <= knownAt).at(-1)
}

const isOpenAt = ({ began, beganRecorded, end }: Stay, { asOf, knownAt }: { asOf: number; knownAt: number }) =>
  began <= asOf && beganRecorded <= knownAt && (end === null || end.at > asOf || end.recorded > knownAt)

const ofCodePoints = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

const SORTED_BY: Readonly<Record<string, (version: Version) => number>> = {
  id: () => 0, asOf: ({ effectiveAt }) => effectiveAt, recordedAt: ({ recordedAt }) => recordedAt,
}

/** The whole list, of which the service gives pages. */
export function recordList(world: World, kind: Kind, { past, equal, sort }: { past: Past; equal: Fields; sort: string }): Fields[] {
  const key = SORTED_BY[sort.replace('-', '')] ?? (() => 0)
  const found = [...world.records[kind].values()].flatMap((versions) => versionAt(versions, past, world.now) ?? [])
    .filter(({ body }) => Object.entries(equal).every(([field, value]) => body[field] === value))
    .sort((a, b) => key(a) - key(b) || ofCodePoints(a.id, b.id))
  return (sort.startsWith('-') ? found.reverse() : found).map(recordOut)
}

export interface StayAsk { readonly case?: string; readonly place?: string; readonly pool?: string; readonly open?: string }

export function stayList(world: World, ask: StayAsk, past: Past, sort: string): Fields[] {
  const at = moments(past, world.now)
  const found = [...world.stays.values()].filter((stay) =>
    (ask.case === undefined || stay.person === ask.case) && (ask.place === undefined || stay.place === ask.place) &&
    (ask.pool === undefined || stay.pool === ask.pool) && (ask.open === undefined || String(stay.end === null) === ask.open) &&
    (!isPast(past) || isOpenAt(stay, at))).sort((a, b) => ofCodePoints(a.id, b.id))
  return (sort === '-id' ? found.reverse() : found).map(stayOut)
}

export const runList = (world: World, state: string | undefined): Fields[] =>
  [...world.runs.values()].map(runOut).filter((run) => state === undefined || run['state'] === state)
    .sort((a, b) => ofCodePoints(String(b['id']), String(a['id'])))

/** The picture of a moment as a scenario; null where it is none, because it does not fit together. */
export function scenarioAt(world: World, past: Past): Fields | null {
  const at = moments(past, world.now)
  const exact = { asOf: written(at.asOf), knownAt: written(at.knownAt) }
  const rows = (kind: Kind): Record<string, Fields> => Object.fromEntries([...world.records[kind]].flatMap(([id, versions]) => {
    const found = versionAt(versions, exact, world.now)
    return found === undefined ? [] : [[id, found.body]]
  }))
  const lying = new Map([...world.stays.values()].filter((stay) => isOpenAt(stay, at)).map((stay) => [stay.person, stay]))
  const cases = Object.fromEntries(Object.entries(rows('cases')).flatMap(([id, person]) => {
    const stay = lying.get(id)
    const companion = lying.has(String(person['companion'])) ? person['companion'] : null
    return stay === undefined ? [] : [[id, { ...person, place: stay.place, pool: stay.pool, companion }]]
  }))
  const named = (pool: string) => Object.values(cases).filter((person) => person['pool'] === pool).length
  const pools = Object.fromEntries(Object.entries(rows('pools')).map(([id, pool]) =>
    [id, isCount(pool['occupied']) ? { ...pool, occupied: Math.max(pool['occupied'], named(id)) } : pool]))
  const asOf = past.asOf ?? written(at.asOf)
  const day = written(at.asOf).slice(0, 10)
  const tables = { units: rows('reporting-units'), places: rows('places'), pools, cases, intake: rows('intake') }
  if (!fitsTogether(tables, at.asOf)) return null
  return {
    name: 'city', story: '', fleet: 'listed', policy: {}, require: [], lotSeed: day, asOf, planDay: day, ...tables,
    blocks: {}, teams: {}, vehicles: {}, travel: {}, orders: {}, lastPlan: {},
  }
}

type Tables = Readonly<Record<'units' | 'places' | 'pools' | 'cases' | 'intake', Readonly<Record<string, Fields>>>>

/** Every reference leads somewhere, nothing is of later, carers are grown up, and an edition of then knows each diagnosis. */
function fitsTogether({ units, places, pools, cases, intake }: Tables, asOf: number): boolean {
  const isLater = (said: unknown) => said !== null && read(said) > asOf
  const codes = Object.values(units).flatMap(({ gbt2260 }) => gbt2260 ?? [])
  const childrenOf = (carer: unknown) => Object.values(cases).filter(({ companion }) => companion === carer).length
  return Object.keys(units).length > 0 && Object.keys(places).length > 0 && new Set(codes).size === codes.length &&
    Object.values(places).every(({ unit }) => units[String(unit)] !== undefined) &&
    Object.values(pools).every(({ place, physical, protected: kept }) =>
      places[String(place)] !== undefined && (!isCount(physical) || Number(kept) <= physical)) &&
    Object.keys(intake).every((day) => read(`${day}T00:00:00+08:00`) < asOf) &&
    Object.entries(cases).every(([id, { unit, place, pool, waitingSince, fitnessAssessedAt, companion, ageBand, status }]) => {
      const carer = cases[String(companion)]
      return units[String(unit)] !== undefined && places[String(place)] !== undefined &&
        (pool === null || pools[String(pool)]?.['place'] === place) &&
        !isLater(waitingSince) && !isLater(fitnessAssessedAt) && status !== 'asymptomatic' &&
        (companion === null || (carer !== undefined && companion !== id && carer['companion'] === null && carer['status'] === status &&
          ageBand === '0-14' && !['0-14', 'unknown'].includes(String(carer['ageBand'])) && childrenOf(companion) <= 3))
    })
}

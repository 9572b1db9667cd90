import { type Fields, isCount, type Kind, read, recordOut, runOut, type State, type Stay, stayOut, type Version, written } from './modelWords.js'

/** A past as it is asked for; what is left out is the present. */
export interface Past { readonly asOf?: string; readonly knownAt?: string }

const moments = ({ asOf, knownAt }: Past, now: number) =>
  ({ asOf: asOf === undefined ? now : read(asOf), knownAt: knownAt === undefined ? now : read(knownAt) })
const isPast = ({ asOf, knownAt }: Past) => asOf !== undefined || knownAt !== undefined

/** The version of a record that was in force then, as far as it was known then. */
export function versionAt(versions: readonly Version[] | undefined, past: Past, now: number): Version | undefined {
  if (!isPast(past)) return versions?.at(-1)
  const { asOf, knownAt } = moments(past, now)
  const known = versions?.filter(({ recordedAt }) => recordedAt <= knownAt) ?? []
  const found = known.filter(({ effectiveAt }) => effectiveAt <= asOf).at(-1)
  return found === undefined ? undefined : withLater(found, known, asOf)
}

/** Who came or left by then, and was not counted then, is in the figure also where it was told only later. */
function withLater(found: Version, known: readonly Version[], asOf: number): Version {
  const { occupied, asOf: counted } = found.body
  const later = known.filter(({ version, named }) =>
    version > found.version && named !== undefined && named.at <= asOf && (counted === null || named.at > read(counted)))
  const more = later.reduce((sum, { named }) => sum + (named?.more ?? 0), 0)
  return more === 0 || !isCount(occupied) ? found : { ...found, body: { ...found.body, occupied: Math.max(0, occupied + more) } }
}

/** Somebody of whom nothing had been put down yet, as the first that was told of them has it; nothing of it is of later. */
function asBefore(first: Fields, asOf: number): Fields {
  const isLater = (field: string) => first[field] !== null && read(first[field]) > asOf
  return {
    ...first, ...(isLater('waitingSince') ? { waitingSince: null } : {}), ...(isLater('asOf') ? { asOf: null } : {}),
    ...(isLater('fitnessAssessedAt') ? { fitness: 'unknown', fitnessAssessedAt: null, fitnessValidUntil: null } : {}),
  }
}

const isOpenAt = ({ began, beganRecorded, end }: Stay, { asOf, knownAt }: { asOf: number; knownAt: number }) =>
  began <= asOf && beganRecorded <= knownAt && (end === null || end.at > asOf || end.recorded > knownAt)

const ofCodePoints = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

const SORTED_BY: Readonly<Record<string, (version: Version) => number>> = {
  id: () => 0, asOf: ({ effectiveAt }) => effectiveAt, recordedAt: ({ recordedAt }) => recordedAt,
}

/** The whole list, of which the service gives pages. */
export function recordList(world: State, kind: Kind, { past, equal, sort }: { past: Past; equal: Fields; sort: string }): Fields[] {
  const key = SORTED_BY[sort.replace('-', '')] ?? (() => 0)
  const found = [...world.records[kind].values()].flatMap((versions) => versionAt(versions, past, world.now) ?? [])
    .filter(({ body }) => Object.entries(equal).every(([field, value]) => body[field] === value))
    .sort((a, b) => key(a) - key(b) || ofCodePoints(a.id, b.id))
  return (sort.startsWith('-') ? found.reverse() : found).map(recordOut)
}

export interface StayAsk { readonly case?: string; readonly place?: string; readonly pool?: string; readonly open?: string }

export function stayList(world: State, ask: StayAsk, past: Past, sort: string): Fields[] {
  const at = moments(past, world.now)
  const found = [...world.stays.values()].filter((stay) =>
    (ask.case === undefined || stay.person === ask.case) && (ask.place === undefined || stay.place === ask.place) &&
    (ask.pool === undefined || stay.pool === ask.pool) && (ask.open === undefined || String(isPast(past) || stay.end === null) === ask.open) &&
    (!isPast(past) || isOpenAt(stay, at))).sort((a, b) => ofCodePoints(a.id, b.id))
  // A stay that was open then shows nothing of its end.
  return (sort === '-id' ? found.reverse() : found).map((stay) => stayOut(isPast(past) ? { ...stay, end: null } : stay))
}

export const runList = (world: State, state: string | undefined): Fields[] =>
  [...world.runs.values()].map(runOut).filter((run) => state === undefined || run['state'] === state)
    .sort((a, b) => ofCodePoints(String(b['id']), String(a['id'])))

/** The picture of a moment as a scenario; null where it is none, because it contradicts itself. */
export function scenarioAt(world: State, past: Past): Fields | null {
  const at = moments(past, world.now)
  const tables = tablesAt(world, at)
  if (faultsIn(tables, at.asOf).length > 0) return null
  const day = written(at.asOf).slice(0, 10)
  return {
    name: 'city', story: '', fleet: 'listed', policy: {}, require: [], lotSeed: day, asOf: past.asOf ?? written(at.asOf), planDay: day, ...tables,
    blocks: {}, teams: {}, vehicles: {}, travel: {}, orders: {}, lastPlan: {},
  }
}

/** What contradicts itself in the present. */
export const faultsNow = (world: State): string[] => faultsIn(tablesAt(world, moments({}, world.now)), world.now)

type Tables = Readonly<Record<'units' | 'places' | 'pools' | 'cases' | 'intake', Readonly<Record<string, Fields>>>>

function tablesAt(world: State, at: { asOf: number; knownAt: number }): Tables {
  const exact = { asOf: written(at.asOf), knownAt: written(at.knownAt) }
  const rows = (kind: Kind): Record<string, Fields> => Object.fromEntries([...world.records[kind]].flatMap(([id, versions]) => {
    const found = versionAt(versions, exact, world.now)
    return found === undefined ? [] : [[id, found.body]]
  }))
  const lying = new Map([...world.stays.values()].filter((stay) => isOpenAt(stay, at)).map((stay) => [stay.person, stay]))
  const people = rows('cases')
  for (const id of lying.keys()) {
    const first = world.records.cases.get(id)?.[0]
    if (people[id] === undefined && first !== undefined && first.recordedAt <= at.knownAt) people[id] = asBefore(first.body, at.asOf)
  }
  const cases = Object.fromEntries(Object.entries(people).flatMap(([id, person]) => {
    const stay = lying.get(id)
    const companion = lying.has(String(person['companion'])) ? person['companion'] : null
    return stay === undefined ? [] : [[id, { ...person, place: stay.place, pool: stay.pool, companion }]]
  }))
  // Everyone named is in the pool, and nobody keeps more beds than there are.
  const pools = Object.fromEntries(Object.entries(rows('pools')).map(([id, pool]) => {
    const { occupied, physical, protected: kept } = pool
    const named = Object.values(cases).filter((person) => person['pool'] === id).length
    return [id, {
      ...pool, occupied: isCount(occupied) ? Math.max(occupied, named) : occupied, protected: isCount(physical) ? Math.min(Number(kept), physical) : kept,
    }]
  }))
  const intake = Object.fromEntries(Object.entries(rows('intake')).filter(([day]) => read(`${day}T00:00:00+08:00`) < at.asOf))
  return { units: rows('reporting-units'), places: rows('places'), pools, cases, intake }
}

const CHILDREN_OF_ONE = 3

/** What does not lead anywhere, is of later, or does not go together; each by a name of its own. */
function faultsIn({ units, places, pools, cases }: Tables, asOf: number): string[] {
  const found: string[] = []
  const wrongIf = (is: boolean, what: string) => {
    if (is) found.push(what)
  }
  const isLater = (said: unknown) => said !== null && read(said) > asOf
  const codes = Object.values(units).flatMap(({ gbt2260 }) => gbt2260 ?? [])
  wrongIf(Object.keys(units).length === 0, 'no unit')
  wrongIf(Object.keys(places).length === 0, 'no place')
  wrongIf(new Set(codes).size < codes.length, `a code twice: ${codes.join()}`)
  for (const [id, { unit }] of Object.entries(places)) wrongIf(units[String(unit)] === undefined, `unit of ${id}`)
  for (const [id, { place }] of Object.entries(pools)) wrongIf(places[String(place)] === undefined, `place of ${id}`)
  const children = new Map<unknown, number>()
  for (const [id, child] of Object.entries(cases).sort(([a], [b]) => ofCodePoints(a, b))) {
    const { unit, place, pool, waitingSince, fitness, fitnessAssessedAt, companion, status } = child
    wrongIf(units[String(unit)] === undefined, `unit of ${id}`)
    wrongIf(places[String(place)] === undefined, `place of ${id}`)
    wrongIf(pool !== null && pools[String(pool)]?.['place'] !== place, `pool of ${id}`)
    wrongIf(isLater(waitingSince), `${id} waits since later`)
    wrongIf(isLater(fitnessAssessedAt), `${id} assessed later`)
    wrongIf(fitness === 'fit' && fitnessAssessedAt === null, `${id} fit, nobody says since when`)
    wrongIf(status === 'asymptomatic', `no edition of then knows the status of ${id}`)
    if (companion === null) continue
    const before = children.get(companion) ?? 0
    children.set(companion, before + 1)
    wrongIf(isWrongCarer(id, child, cases[String(companion)], before), `carer of ${id}`)
  }
  return found
}

const isWrongCarer = (id: string, child: Fields, carer: Fields | undefined, childrenBefore: number): boolean =>
  child['companion'] === id || carer === undefined || carer['companion'] !== null || child['ageBand'] !== '0-14' ||
  carer['ageBand'] === '0-14' || carer['status'] !== child['status'] || childrenBefore >= CHILDREN_OF_ONE

import type { Said } from '../support/serving.js'
import { differs, sameBytes, winners } from './racesJudge.js'
import { admission, emptied, type Kind, newPool, PEOPLE, PLACE, planAsked, post, type Round, rowsIn, UNIT } from './racesKind.js'
import { personBody, placeBody, poolBody, unitBody } from './racesRows.js'
import { type Asking, RACERS, type RaceWorld } from './racesWorld.js'
import { runsOver } from './racesForPlans.js'

const keyOf = ({ name, chance }: Round): string => `key-${name}-${chance.below(1_000_000)}`
const each = <T>(make: (i: number) => T): T[] => Array.from({ length: RACERS }, (_, i) => make(i))

async function counts(world: RaceWorld): Promise<Record<string, number>> {
  const tables = ['journal', 'stay', 'record_version', 'plan_run'] as const
  return Object.fromEntries(await Promise.all(tables.map(async (table) => [table, await rowsIn(world, table)])))
}

type Grown = Readonly<Record<string, number>>
const grownBy = (before: Grown, after: Grown): Grown =>
  Object.fromEntries(Object.keys(before).map((table) => [table, (after[table] ?? 0) - (before[table] ?? 0)]))

const NOTHING: Grown = { journal: 0, stay: 0, record_version: 0, plan_run: 0 }

/** Requests of every sort, and the rows that one of them is worth. */
const DEEDS: readonly ((round: Round, pool: string) => { asking: Asking; status: number; rows: Grown })[] = [
  (_, pool) => ({ asking: admission(PEOPLE[0] ?? '', pool), status: 201, rows: { ...NOTHING, journal: 1, stay: 1, record_version: 1 } }),
  ({ name }) => ({
    asking: { method: 'PUT', path: `/api/cases/${UNIT}-${name}`, body: personBody(UNIT) }, status: 201, rows: { ...NOTHING, journal: 1, record_version: 1 },
  }),
  (_, pool) => ({
    asking: { method: 'PUT', path: `/api/pools/${pool}/report`, body: { staffed: 7, occupied: 4 } }, status: 200, rows: { ...NOTHING, journal: 1, record_version: 1 },
  }),
  () => ({ asking: planAsked(7), status: 202, rows: { ...NOTHING, journal: 1, plan_run: 1 } }),
  (_, pool) => ({ asking: post('/api/stays', { case: `${UNIT}-nobody`, place: PLACE, pool }), status: 422, rows: NOTHING }),
  // A place that is not the pool's: refused after everything was locked.
  (_, pool) => ({ asking: post('/api/stays', { case: PEOPLE[1] ?? '', place: 'nowhere', pool }), status: 422, rows: NOTHING }),
]

const sameKey: Kind = {
  name: 'one key sent 32 times',
  race: async (round) => {
    const { world, chance, name } = round
    await newPool(world, name, { staffed: 8, occupied: 3 })
    const { asking, status, rows } = chance.one(DEEDS)(round, name)
    const key = keyOf(round)
    const before = await counts(world)
    const answers = await world.together(each(() => ({ ...asking, key })), { gate: chance.next() < 0.5 })
    const grown = grownBy(before, await counts(world))
    await emptied(world)
    await runsOver(world)
    return [...sameBytes(answers), ...differs('status', answers[0]?.status, status), ...differs('rows', grown, rows)]
  },
}

const keyReused: Kind = {
  name: 'one key with four different bodies',
  race: async (round) => {
    const { world, chance, name } = round
    await newPool(world, name, { staffed: 40, occupied: 2 })
    const key = keyOf(round)
    const people = chance.shuffled(PEOPLE).slice(0, 4)
    const askings = chance.shuffled(each((i) => ({ ...admission(people[i % 4] ?? '', name), key })))
    const before = await counts(world)
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const grown = grownBy(before, await counts(world))
    await emptied(world)
    const successes = answers.filter(({ status }) => status === 201)
    return [
      ...winners(answers, { won: 201, wins: RACERS / 4, lost: ['keyReused'] }),
      ...sameBytes(successes), ...differs('rows', grown, { ...NOTHING, journal: 1, stay: 1, record_version: 1 }),
    ]
  },
}

const sameVersion: Kind = {
  name: 'one row put by 32 with the same If-Match',
  race: async ({ world, chance }) => {
    const path = `/api/cases/${chance.one(PEOPLE)}`
    const seen = await world.must({ path })
    const headers = { 'if-match': seen.headers.get('etag') ?? '' }
    const askings = each((i): Asking => ({ method: 'PUT', path, headers, body: { ...personBody(UNIT), source: `race ${i}` } }))
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const [before, after] = [seen.json as Versioned, await world.read<Versioned>(path)]
    const won = answers.find(({ status }) => status === 200)?.json as Versioned | undefined
    return [
      ...winners(answers, { won: 200, lost: ['changedMeanwhile'] }),
      ...differs('version', after.version, before.version + 1), ...differs('what stands', after.source, won?.source),
    ]
  },
}

interface Versioned {
  readonly version: number
  readonly source: string
}

/** New things of which there can be one: the same id, or the same code under different ids. */
const NEW_THINGS: readonly ((name: string) => { askings: Asking[]; lost: string[] })[] = [
  (name) => ({ askings: each((i) => putNew(`/api/cases/${UNIT}-${name}`, { ...personBody(UNIT), source: `race ${i}` })), lost: ['versionMissing'] }),
  (name) => ({ askings: each((i) => putNew(`/api/pools/${name}`, { ...poolBody(PLACE), source: `race ${i}` })), lost: ['versionMissing'] }),
  (name) => ({
    askings: each((i) => putNew(`/api/reporting-units/${name}-${i}`, { ...unitBody(`${name}-${i}`), gbt2260: codeFor(name) })), lost: ['alreadyExists'],
  }),
]
const putNew = (path: string, body: object): Asking => ({ method: 'PUT', path, body })
/** Six digits, others for each round. */
const codeFor = (name: string): string => String(100_000 + Number(name.replace(/\D/g, '')))

const newRecord: Kind = {
  name: 'one new record put by 32',
  race: async ({ world, chance, name }) => {
    const { askings, lost } = chance.one(NEW_THINGS)(name)
    const before = await counts(world)
    const answers: Said[] = await world.together(askings, { gate: chance.next() < 0.5 })
    const grown = grownBy(before, await counts(world))
    return [...winners(answers, { won: 201, lost }), ...differs('rows', grown, { ...NOTHING, journal: 1, record_version: 1 })]
  },
}

/** Things that are each right and cannot stand together: one journey twice, a unit and a place of one id. */
const UNFIT_TOGETHER: readonly ((name: string) => { askings: Asking[]; lost: string[] })[] = [
  (name) => ({
    askings: each((i) => putNew(`/api/travel/${name}-${i}`, { from: `${name}-from`, to: `${name}-to`, minutes: 7, source: 'race' })), lost: ['alreadyExists', 'scenarioRefused'],
  }),
  (name) => ({
    askings: each((i) => (i % 2 === 0 ? putNew(`/api/reporting-units/${name}`, unitBody(name)) : putNew(`/api/places/${name}`, placeBody(UNIT)))),
    lost: ['scenarioRefused', 'versionMissing'],
  }),
]

const unfit: Kind = {
  name: 'things that cannot stand together put by 32',
  race: async ({ world, chance, name }) => {
    for (const end of ['from', 'to']) await world.must(putNew(`/api/reporting-units/${name}-${end}`, unitBody(`${name}-${end}`)))
    const { askings, lost } = chance.one(UNFIT_TOGETHER)(name)
    const before = await counts(world)
    const answers = await world.together(askings, { gate: chance.next() < 0.8 })
    const grown = grownBy(before, await counts(world))
    return [...winners(answers, { won: 201, lost }), ...differs('rows', grown, { ...NOTHING, journal: 1, record_version: 1 })]
  },
}

export const RECORD_RACES: readonly Kind[] = [sameKey, keyReused, sameVersion, newRecord, unfit]

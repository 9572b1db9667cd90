import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { shown } from '../../src/kernel/shown.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { NO_MATERIAL } from '../support/noMaterial.js'

/**
 * One-day transfer problems whose exact optimum is known, as scenarios of the planner. A hospital over its limit has
 * patients to send, one below it has beds to spare, and a pair within reach may be used:
 *
 *   as few patients unmoved as possible, then the least Σ round(10 × km)
 *
 * The planner's words for it: patients are ordinary confirmed cases in a district designated hospital, spare beds are
 * ordinary beds of a centralised treatment hospital, and a tenth of a kilometre is a minute of travel.
 */
const networkSchema = z.object({
  name: z.string().min(1),
  days: z.array(z.iso.date()).min(1),
  hospitals: z.array(z.object({ name: z.string().min(1), capacity: z.number(), observed: z.array(z.number()) })).min(1),
  km: z.array(z.array(z.number())),
})
export type Network = z.infer<typeof networkSchema>

const problemSchema = z.object({
  day: z.iso.date(),
  max_km: z.number(),
  capacity_factor: z.number(),
  over: z.int(),
  moved: z.int(),
  unmoved: z.int(),
  cost_km10: z.int(),
})
export type TransportProblem = z.infer<typeof problemSchema>

export interface Benchmarks {
  readonly network: Network
  readonly problems: readonly TransportProblem[]
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly sentence: string }

const NETWORK_FILE = 'nj-2020.json'
const PROBLEMS_FILE = 'daily-transport-optima.json'

/** The problems in a folder, or one sentence that says which file is not there or not right. */
export function readBenchmarks(folder: string): Read<Benchmarks> {
  const network = readJson(folder, NETWORK_FILE, networkSchema)
  if (!network.ok) return network
  const problems = readJson(folder, PROBLEMS_FILE, z.array(problemSchema))
  if (!problems.ok) return problems
  return { ok: true, value: { network: network.value, problems: problems.value } }
}

function readJson<T>(folder: string, file: string, schema: z.ZodType<T>): Read<T> {
  const refused = (why: string) =>
    ({ ok: false, sentence: `${file} in the folder ${shown(folder)} ${why}.` }) as const
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(join(folder, file), 'utf8')))
    if (parsed.success) return { ok: true, value: parsed.data }
    const [issue] = parsed.error.issues
    return refused(`is not such a file: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
  } catch (error) {
    return refused(error instanceof SyntaxError ? 'is no JSON' : 'cannot be read; name the folder of the benchmarks')
  }
}

/** What a hospital takes on that day, and how many are there beyond it; beds to spare are negative. */
export interface Balance {
  readonly limit: number
  readonly surplus: number
}

export function balancesOf(network: Network, problem: TransportProblem): Balance[] {
  const day = network.days.indexOf(problem.day)
  return network.hospitals.map(({ capacity, observed }) => {
    const limit = Math.round(capacity * problem.capacity_factor)
    return { limit, surplus: Math.round((observed[day] ?? Number.NaN) - limit) }
  })
}

export const placeId = (hospital: number): string => `h${hospital}`
const poolId = (hospital: number): string => `${placeId(hospital)}/ordinary`
export const hospitalOf = (place: string): number => Number(place.slice(1))
export const kmBetween = ({ km }: Network, pair: { from: number; to: number }): number =>
  km[pair.from]?.[pair.to] ?? Number.NaN
export const titleOf = (problem: TransportProblem): string => `${problem.day} within ${problem.max_km} km`

/** The editions of the policy hold in China in 2020 and 2022: the problem is posed on a day on which one does. */
const PLAN_DAY = '2020-01-30'
const AS_OF = '2020-01-30T00:00:00+08:00'
const UNIT = 'network'

export function scenarioOf(network: Network, problem: TransportProblem): Scenario {
  const balances = balancesOf(network, problem)
  const given = { source: `${network.name}, ${titleOf(problem)}`, assumed: [], asOf: null }
  const spare = balances.flatMap(({ surplus }, to) => (surplus < 0 ? [to] : []))
  const over = balances.flatMap(({ surplus }, from) => (surplus > 0 ? [from] : []))
  return {
    name: `${network.name} ${titleOf(problem)}`,
    story: '', asOf: AS_OF, planDay: PLAN_DAY, lotSeed: problem.day, fleet: 'unlimited', require: [],
    // No estimates: a pair that has no row is unreachable. All wishes but one are off; no ride is too long.
    policy: { travelEstimate: null, wishes: ['minutes'], travelMinutesMax: { ordinary: 2880 } },
    units: {
      [UNIT]: { name: { zh: UNIT, en: UNIT }, gbt2260: null, aliases: [], longitude: null, latitude: null, ...given },
    },
    places: Object.fromEntries(network.hospitals.map(({ name }, i) => [placeId(i), {
      name: { zh: name, en: name }, unit: UNIT, underCommand: true, longitude: null, latitude: null,
      kind: spare.includes(i) ? 'centralisedTreatmentHospital' : 'districtDesignatedHospital',
      arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', ...given,
    }])),
    pools: Object.fromEntries(balances.flatMap(({ limit, surplus }, i) => (surplus >= 0 ? [] : [[poolId(i), {
      place: placeId(i), block: null, careLevel: 'ordinary', attributes: [], physical: limit, staffed: limit,
      occupied: limit + surplus, held: 0, protected: 0, oxygenBeds: 'notTracked', ...given,
    }]]))),
    cases: Object.fromEntries(over.flatMap((i) => Array.from({ length: balances[i]?.surplus ?? 0 }, (_, k) => [
      `${UNIT}-${placeId(i)}-${k + 1}`, {
        unit: UNIT, status: 'confirmed', severity: 'ordinary', place: placeId(i), pool: null, waitingSince: null,
        fitness: 'unknown', fitnessAssessedAt: null, fitnessValidUntil: null, needs: [], sex: 'unknown',
        ageBand: 'unknown', companion: null, dischargeDue: null, travelExceptionUntil: null, ...given,
      },
    ]))),
    travel: Object.fromEntries(over.flatMap((from) => spare.flatMap((to) => {
      const km = kmBetween(network, { from, to })
      const [a, b] = [placeId(from), placeId(to)]
      return km <= problem.max_km ? [[`${a}→${b}`, { from: a, to: b, minutes: Math.round(10 * km), ...given }]] : []
    }))),
    blocks: {}, teams: {}, vehicles: {}, orders: {}, lastPlan: {}, intake: {}, edits: {}, ...NO_MATERIAL,
  }
}

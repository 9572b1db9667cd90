import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { sha256 } from '../../src/kernel/canonical.js'
import { Facts } from '../../src/planning/facts.js'
import { Account } from '../../src/planning/material/account.js'
import { type CoreGiven, givenOf } from '../../src/planning/material/core.js'
import { Ground } from '../../src/planning/material/ground.js'
import { MATERIAL_MUSTS, ORDER } from '../../src/planning/material/rules/musts.js'
import type { Deed } from '../../src/planning/material/shipments.js'
import { planFor } from '../../src/planning/run.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { closeSolvers } from '../../src/planning/solve/thread.js'
import { World } from '../../src/planning/world.js'
import type { Served } from './materialJudge.js'
import { materialCity } from './materialLoad.js'
import { modelsOf, shipmentsOf, solvedByHighs } from './materialPeer.js'
import { OPTIONS } from './peer.js'

/** What one process of the bench tells the one that started it. */
export interface Told {
  readonly milliseconds: number
  readonly processorMilliseconds: number
  readonly kibibytes: number
  /** Of what goes where: the same in every run. */
  readonly hash: string
  readonly slots: readonly Served[]
  /** Items that go out by the unit, not in packings. */
  readonly singles: readonly string[]
  /** Musts that what goes where breaks, and sentences of the check about its order. */
  readonly broken: readonly string[]
  readonly disorder: number
  /** Items of which the solver did not prove its answer in time. */
  readonly unproved: readonly string[]
}

/** Of what a week takes: too little from the second band on. */
const PER_MILLE = 300

export const benchCity = ({ places, items }: { places: number; items: number }): Scenario => materialCity({ places, items, perMille: PER_MILLE })

/** Nobody moves: there is no patient in that city. */
export function givenIn(scenario: Scenario): CoreGiven {
  const world = new World(scenario)
  return givenOf(new Ground(world, new Facts(world, { moves: [], trips: [], reserves: [] })))
}

/** How much of everything that is needed is served, in the same arithmetic whoever gave it out. */
export function judged(given: CoreGiven, deed: Deed): Pick<Told, 'slots' | 'singles' | 'broken' | 'disorder' | 'hash'> {
  const account = new Account(given, deed)
  return {
    slots: given.slots.map((slot) => ({
      place: slot.place, item: slot.of, band: slot.band, tier: slot.tier, day: slot.day, units: slot.units, served: account.served.get(slot) ?? 0,
    })),
    singles: [...given.ground.lotsOfUse].flatMap(([item, lot]) => (lot === 1 ? [item] : [])),
    broken: MATERIAL_MUSTS.flatMap((must) => must.measure(account)).map(({ text }) => text.en),
    disorder: ORDER.measure(account).length,
    hash: sha256(JSON.stringify(deed.shipments)),
  }
}

/** Time, processor and peak of memory of one piece of work. */
async function measured<T>(work: () => Promise<T>): Promise<{ of: T; figures: Pick<Told, 'milliseconds' | 'processorMilliseconds' | 'kibibytes'> }> {
  const [start, busy] = [performance.now(), process.cpuUsage()]
  const of = await work()
  const milliseconds = performance.now() - start
  const { user, system } = process.cpuUsage(busy)
  return { of, figures: { milliseconds, processorMilliseconds: (user + system) / 1000, kibibytes: process.resourceUsage().maxRSS } }
}

async function ours(scenario: Scenario): Promise<Told> {
  const { of: { plan }, figures } = await measured(() => planFor(scenario, { ...OPTIONS, waysOut: false }))
  await closeSolvers()
  if (plan.material === null) throw new Error('nobody receives material')
  return { ...figures, unproved: [], ...judged(givenIn(scenario), plan.material) }
}

/** Who needs what is worked out before its time begins. */
async function theirs(scenario: Scenario): Promise<Told> {
  const given = givenIn(scenario)
  const { of: answer, figures } = await measured(() => solvedByHighs(modelsOf(given)))
  return { ...figures, unproved: answer.unproved, ...judged(given, { shipments: shipmentsOf(given, answer), ownSubstitutes: [] }) }
}

const [, script = '', who, places, items] = process.argv
if (script === fileURLToPath(import.meta.url)) {
  const city = benchCity({ places: Number(places), items: Number(items) })
  console.log(JSON.stringify(await (who === 'ours' ? ours(city) : theirs(city))))
}

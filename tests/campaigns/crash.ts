import { setTimeout as pause } from 'node:timers/promises'
import { wholeServer } from './crashCluster.js'
import { judged, type Verdict } from './crashJudge.js'
import { type Deed, Load } from './crashLoad.js'
import { CRASH_CLOCK, furnished } from './crashStage.js'
import { backends, serviceEmbedded, serviceOnServer, type Victim } from './crashVictims.js'
import { worker } from './crashWorker.js'
import { chanceOf } from './racesChance.js'

/** Who dies, in turn; null where the machine has no such thing. */
export const VICTIMS: Readonly<Record<string, () => Promise<Victim | null>>> = {
  'service process on PostgreSQL': serviceOnServer,
  'backends of PostgreSQL': backends,
  'embedded service process': serviceEmbedded,
  'worker in the middle of a plan': worker,
  'whole PostgreSQL server': wholeServer,
}

export interface KindTold {
  rounds: number
  acknowledged: number
  retried: number
  tookEffect: number
  readyMilliseconds: number
  /** How many of some sorts of deeds took effect. */
  sorts: Readonly<Record<string, number>>
}

const SORTS: Readonly<Record<string, RegExp>> = { orders: /\/transfer-orders$/, arrivals: /\/arrive$/, approvals: /\/approve$/, 'check-ins': /\/check-in$/, shipments: /\/ship$/, receipts: /\/receive$/ }
const countSorts = (deeds: readonly Deed[], before: KindTold['sorts']): KindTold['sorts'] =>
  Object.fromEntries(Object.entries(SORTS).map(([sort, path]) =>
    [sort, (before[sort] ?? 0) + deeds.filter(({ asking, answer }) => answer !== null && answer.status < 300 && path.test(asking.path)).length]))

export interface CrashTold {
  readonly kinds: ReadonlyMap<string, KindTold>
  /** Kinds that this machine cannot run. */
  readonly skipped: readonly string[]
  readonly missing: number
  readonly appliedTwice: number
  readonly problems: readonly string[]
}

export interface CrashAsk {
  readonly rounds: number
  readonly seed: number
  /** The first round; what is killed when is the same whatever came before it. */
  readonly from: number
  /** Rounds go on, up to three times as many, until this holds: what dies in the middle of what, a slow machine decides too. */
  readonly isEnough?: (kinds: CrashTold['kinds']) => boolean
}

const LENGTHENED = 3

/** Runs rounds, each kind on a store of its own that it keeps through all of its deaths. */
export async function crashed({ rounds, seed, from, isEnough = () => true }: CrashAsk): Promise<CrashTold> {
  const names = Object.keys(VICTIMS)
  const open = new Map<string, Victim | null>()
  const kinds = new Map<string, KindTold>()
  const problems: string[] = []
  let [missing, appliedTwice] = [0, 0]
  try {
    const isOver = (done: number): boolean => done >= LENGTHENED * rounds || (done >= rounds && isEnough(kinds))
    for (let round = from; !isOver(round - from); round += 1) {
      const name = names[round % names.length] ?? ''
      if (!open.has(name)) open.set(name, await VICTIMS[name]?.() ?? null)
      const victim = open.get(name) ?? null
      if (victim === null) continue
      const told = await roundOf(victim, { name: `r${round}`, seed, round })
      const before = kinds.get(name) ?? { rounds: 0, acknowledged: 0, retried: 0, tookEffect: 0, readyMilliseconds: 0, sorts: {} }
      kinds.set(name, {
        rounds: before.rounds + 1, acknowledged: before.acknowledged + told.acknowledged, retried: before.retried + told.retried,
        tookEffect: before.tookEffect + told.tookEffect, readyMilliseconds: Math.max(before.readyMilliseconds, told.readyMilliseconds),
        sorts: countSorts(told.deeds, before.sorts),
      })
      missing += told.missing
      appliedTwice += told.appliedTwice
      problems.push(...told.problems.map((problem) =>
        `${name}: ${problem}\n  npm run -s campaign -- crash --rounds 1 --seed ${seed} --from ${round}`))
    }
  } finally {
    for (const victim of open.values()) await victim?.close()
  }
  return { kinds, skipped: [...open].filter(([, victim]) => victim === null).map(([name]) => name), missing, appliedTwice, problems }
}

async function roundOf(
  victim: Victim, { name, ...which }: { name: string; seed: number; round: number },
): Promise<Verdict & { readyMilliseconds: number; deeds: readonly Deed[] }> {
  // The load draws as often as the machine is quick, so that the death has a chance of its own.
  const chance = chanceOf(which)
  const ward = await furnished(victim.address(), {
    name, unit: `U${name}`, place: `H${name}`, pools: [`${name}-first`, `${name}-second`], counted: `${name}-counted`, hasPlans: victim.hasPlans,
    district: { place: `D${name}`, pool: `${name}-district` }, hub: { place: `K${name}`, pool: `${name}-hub` }, site: { place: `S${name}`, pool: `${name}-rooms` },
  }, victim.hasPlans)
  const from = new Date(CRASH_CLOCK.now().getTime() - 1000).toISOString()
  const load = new Load({ address: victim.address, ward, chance: chanceOf({ ...which, seed: -which.seed }), livesOn: victim.livesOn })
  load.start()
  await pause(500 + chance.below(1500))
  const struck = await victim.strike(chance)
  // Life goes on for a while.
  await pause(100)
  await load.stop()
  const verdict = await judged(victim.address(), { deeds: load.deeds, ward, from })
  return {
    ...verdict, readyMilliseconds: struck.milliseconds, deeds: load.deeds,
    problems: [...struck.problems, ...load.problems, ...verdict.problems],
  }
}

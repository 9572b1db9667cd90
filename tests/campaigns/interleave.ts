import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { actOf } from '../../src/db/act.js'
import type { Database } from '../../src/db/database.js'
import { integrityFindings } from '../../src/db/integrity.js'
import { openDatabase } from '../../src/db/open.js'
import { machine } from '../../src/app/machine.js'
import type { Clock } from '../../src/kernel/clock.js'
import { Refused } from '../../src/kernel/refusal.js'
import { gated, Walker } from './interleaveGate.js'
import { GOODS_PAIRS } from './interleaveGoods.js'
import { ORDER_PAIRS } from './interleaveOrders.js'
import { OTHER_PAIRS } from './interleaveOthers.js'
import { BY, type ByItself, type Outcome, type Pair, taken, type Work } from './interleavePairs.js'
import { type Copies, prepared } from './interleaveWorld.js'
import { Chance } from './racesChance.js'

export const PAIRS: readonly Pair[] = [...ORDER_PAIRS, ...OTHER_PAIRS, ...GOODS_PAIRS]

export interface InterleaveAsk {
  /** So many interleavings of each pair; fewer where there are fewer with one change of turn. */
  readonly each: number
  readonly seed: number
  readonly isLocking: boolean
  /** Only pairs whose names have this in them. */
  readonly only?: string
  /** All that there are, when left out. */
  readonly pairs?: readonly Pair[]
  /** Told of each pair when it is through. */
  readonly onPair?: (name: string, times: number) => void
}

export interface InterleaveTold {
  readonly count: number
  readonly broken: readonly string[]
}

/** Who goes first, and after how many statements of theirs the other takes over until it waits or is done; then by turns of chance. */
interface Schedule {
  readonly first: 0 | 1
  readonly lead: number
  readonly chance: Chance | null
}

/** Runs interleavings of every pair, each on its own copy of one prepared store. */
export async function interleaved({ each, seed, isLocking, only = '', pairs = PAIRS, onPair = () => undefined }: InterleaveAsk): Promise<InterleaveTold> {
  const copies = await prepared()
  let count = 0
  const broken: string[] = []
  try {
    for (const [i, pair] of pairs.entries()) {
      if (!pair.name.includes(only)) continue
      const lengths = [0, 1].map(() => MOST_STATEMENTS)
      for (let n = 0; n < each; n += 1) {
        const schedule = scheduleOf({ n, each, seed: seed * 1000 + i, lengths })
        const { wrong, steps } = await run(copies, pair, schedule, isLocking)
        for (const who of [0, 1] as const) if (steps[who] > 0) lengths[who] = steps[who]
        count += 1
        broken.push(...wrong.map((one) => `${pair.name}: ${one} (interleaving ${n}, --seed ${seed})`))
      }
      onPair(pair.name, each)
    }
  } finally {
    await copies.close()
  }
  return { count, broken }
}

/** More than any of them has, until its length is known. */
const MOST_STATEMENTS = 60

/** The first half hands over once, spread over the whole length; the others change turns by chance. */
function scheduleOf({ n, each, seed, lengths }: { n: number; each: number; seed: number; lengths: readonly number[] }): Schedule {
  const chance = new Chance(seed * 7919 + n)
  const first = n % 2 === 0 ? 0 : 1
  if (n < each / 2) return { first, lead: Math.floor(((n + 1) / (each / 2 + 1)) * (lengths[first] ?? MOST_STATEMENTS)), chance: null }
  return { first, lead: 0, chance }
}

async function run(copies: Copies, pair: Pair, schedule: Schedule, isLocking: boolean): Promise<{ wrong: string[]; steps: readonly [number, number] }> {
  const { url, drop } = await copies.copy()
  const db = await openDatabase({ kind: 'postgres', url, clients: 4 })
  const eye = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    await taken(db, copies.prepared, pair.before?.(copies.prepared) ?? [])
    const walkers = [new Walker(), new Walker()] as const
    const works = pair.works(copies.prepared)
    const outcomes = walkers.map((walker, i) => {
      // Each at a moment of its own, so that no line of the journal speaks for the other.
      const at = new Date(copies.prepared.clock.now().getTime() + (pair.at?.[i as 0 | 1] ?? i + 1))
      return outcomeOf(gated(db, walker, isLocking), { now: () => at, newId: machine.newId }, works[i as 0 | 1])
    })
    const ended = outcomes.map((outcome, i) => outcome.finally(() => {
      const walker = walkers[i as 0 | 1]
      walker.where = 'done'
    }))
    await conducted(walkers, eye, schedule)
    const [a = '', b = ''] = await Promise.all(ended)
    const wrong: string[] = []
    if (!pair.lawful.some(([first, second]) => first === a && second === b)) wrong.push(`${a} and ${b}`)
    const findings = await db.inSnapshot((tx) => integrityFindings(tx))
    wrong.push(...findings.map(({ rule, subject }) => `${rule} ${subject}`), ...[...db.triedAgain].map(([state, times]) => `${state} ${times} times: each waited for the other`))
    return { wrong, steps: [walkers[0].steps, walkers[1].steps] }
  } finally {
    await eye.end({ timeout: 1 })
    await db.close()
    await drop()
  }
}

/** `ok`, the code of a refusal, or what went wrong. */
async function outcomeOf(db: Database, clock: Clock, work: Work | ByItself): Promise<Outcome | string> {
  try {
    if ('byItself' in work) await work.byItself(db, clock)
    else await db.inTransaction((tx) => work(actOf({ tx, at: clock.now(), newId: clock.newId }, BY)))
    return 'ok'
  } catch (error) {
    return error instanceof Refused ? error.refusal.code : String(error)
  }
}

const LOOK_MILLISECONDS = 1

/** Lets one through at a time, until both are done. */
async function conducted(walkers: readonly [Walker, Walker], eye: postgres.Sql, { first, lead, chance }: Schedule): Promise<void> {
  const second = first === 0 ? 1 : 0
  for (;;) {
    await still(walkers, eye)
    const able = ([first, second] as const).filter((who) => walkers[who].where === 'atGate')
    if (able.length === 0) {
      if (walkers.every(({ where }) => where === 'done')) return
      // One waits for a lock that the other has just given back, or both wait and the server decides.
      await pause(LOOK_MILLISECONDS)
      continue
    }
    const led = walkers[first].steps < lead ? first : second
    const wanted = chance === null ? led : chance.one(able)
    walkers[able.includes(wanted) ? wanted : able[0] ?? first].letThrough()
  }
}

/** Until each waits at its gate, is done, or waits for a lock of the other. */
async function still(walkers: readonly [Walker, Walker], eye: postgres.Sql): Promise<void> {
  for (;;) {
    await pause(0)
    const running = walkers.filter(({ where }) => where === 'running')
    if (running.length === 0) return
    const waiting = await Promise.all(running.map(({ pid }) => isBlocked(eye, pid)))
    if (running.every((walker, i) => walker.where !== 'running' || waiting[i] === true)) return
  }
}

async function isBlocked(eye: postgres.Sql, pid: number | null): Promise<boolean> {
  if (pid === null) return false
  const [row] = await eye<{ blocked: boolean }[]>`select cardinality(pg_blocking_pids(${pid})) > 0 as blocked`
  return row?.blocked ?? false
}

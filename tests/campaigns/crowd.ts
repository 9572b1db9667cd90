import { setTimeout as pause } from 'node:timers/promises'
import { machine } from '../../src/app/machine.js'
import { DEEDS, drawn } from './crowdDeeds.js'
import { CrowdWorld, hurriedClock, storesOnOneServer } from './crowdWorld.js'
import { chanceOf } from './racesChance.js'
import { codeOf } from './racesJudge.js'

export interface CrowdAsk {
  readonly seconds: number
  readonly clients: number
  readonly seed: number
}

/** What became of one sort of deed. */
export interface Tally {
  done: number
  refused: Map<string, number>
}

export interface CrowdTold {
  readonly requests: number
  readonly tallies: ReadonlyMap<string, Tally>
  /** How often a transaction was run again, by SQLSTATE. */
  readonly triedAgain: Readonly<Record<string, number>>
  /** Milliseconds from a request to its answer. */
  readonly median: number
  readonly slowest: number
  readonly problems: readonly string[]
}

const LOOK_MILLISECONDS = 100

/** So many clients do whatever a city does, all at once, for so many seconds: nobody is told that the service is busy. */
export async function crowded({ seconds, clients, seed }: CrowdAsk): Promise<CrowdTold> {
  const own = chanceOf({ seed, round: -1 })
  const { stores, end } = await storesOnOneServer(2, own)
  const world = await CrowdWorld.open({ stores, clock: hurriedClock(), chance: own, isKept: true })
  const tallies = new Map(Object.keys(DEEDS).map((name): [string, Tally] => [name, { done: 0, refused: new Map() }]))
  const problems: string[] = []
  const took: number[] = []
  let board = await world.board()
  let serial = 0
  const from = machine.stopwatch()
  const isOver = () => machine.stopwatch() - from > seconds * 1000
  const client = async (number: number) => {
    const chance = chanceOf({ seed, round: number })
    while (!isOver()) {
      const deed = drawn(board, chance, (serial += 1))
      const began = machine.stopwatch()
      const said = await world.ask(deed.path, deed.asked, number).catch((error: unknown) => String(error))
      took.push(machine.stopwatch() - began)
      if (typeof said === 'string' || said.status >= 500 || codeOf(said) === 'noSuchOperation') problems.push(`${deed.name} ${deed.path}: ${typeof said === 'string' ? said : `${said.status} ${said.text}`}`)
      else tell(tallies.get(deed.name), codeOf(said))
    }
  }
  const looking = async () => {
    while (!isOver()) {
      board = await world.board()
      await pause(LOOK_MILLISECONDS)
    }
  }
  try {
    await Promise.all([looking(), ...Array.from({ length: clients }, (_, i) => client(i))])
    took.sort((a, b) => a - b)
    const triedAgain: Record<string, number> = {}
    for (const db of stores) for (const [state, times] of db.triedAgain) triedAgain[state] = (triedAgain[state] ?? 0) + times
    problems.push(...await world.unsound())
    return { requests: took.length, tallies, triedAgain, median: took[Math.floor(took.length / 2)] ?? 0, slowest: took.at(-1) ?? 0, problems }
  } finally {
    await world.close()
    await end()
  }
}

function tell(tally: Tally | undefined, code: string | null): void {
  if (tally === undefined) return
  if (code === null) tally.done += 1
  else tally.refused.set(code, (tally.refused.get(code) ?? 0) + 1)
}

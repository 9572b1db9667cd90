import { chanceOf } from './racesChance.js'
import type { DatabaseName } from '../support/databases.js'
import { ACCESS_RACES } from './racesForAccess.js'
import { APPROVAL_RACES } from './racesForApprovals.js'
import { BED_RACES } from './racesForBeds.js'
import { GOODS_RACES } from './racesForGoods.js'
import { ORDER_RACES } from './racesForOrders.js'
import { DAY_RACES } from './racesForDays.js'
import { PLAN_RACES } from './racesForPlans.js'
import { RECORD_RACES } from './racesForRecords.js'
import { ROOM_RACES } from './racesForRooms.js'
import { WITHDRAWAL_RACES } from './racesForWithdrawals.js'
import { furnish, type Kind } from './racesKind.js'
import { RaceWorld } from './racesWorld.js'

/** Every kind of race, run in turn. */
export const RACES: readonly Kind[] = [
  ...BED_RACES, ...RECORD_RACES, ...PLAN_RACES, ...ORDER_RACES, ...APPROVAL_RACES, ...ROOM_RACES, ...ACCESS_RACES, ...DAY_RACES, ...GOODS_RACES, ...WITHDRAWAL_RACES,
]

export interface RacesAsk {
  readonly database: DatabaseName
  /** Only kinds whose names have this in them. */
  readonly only?: string
  readonly rounds: number
  readonly seed: number
  /** The first round; a round is the same whatever came before it. */
  readonly from: number
  readonly onRound?: (told: { round: number; kind: string; problems: readonly string[] }) => void
}

export interface RacesTold {
  readonly counts: ReadonlyMap<string, number>
  /** What was wrong, with what repeats it. */
  readonly problems: readonly string[]
}

/** Runs rounds on a new store; it is asked for its integrity after each. */
export async function raced({ database, only = '', rounds, seed, from, onRound }: RacesAsk): Promise<RacesTold> {
  const kinds = RACES.filter(({ name }) => name.includes(only))
  const world = await RaceWorld.open(database, chanceOf({ seed, round: -1 }))
  const counts = new Map<string, number>()
  const problems: string[] = []
  try {
    await furnish(world)
    for (let round = from; round < from + rounds; round += 1) {
      const kind = kinds[round % kinds.length]
      if (kind === undefined) throw new Error(`there is no race called ${only}`)
      const found = await roundOf(world, kind, { seed, round })
      counts.set(kind.name, (counts.get(kind.name) ?? 0) + 1)
      onRound?.({ round, kind: kind.name, problems: found })
      const again = `npm run -s campaign -- races --rounds 1 --seed ${seed} --from ${round} --database ${database}${only === '' ? '' : ` --only "${only}"`}`
      problems.push(...found.map((problem) => `${kind.name}: ${problem}\n  ${again}`))
    }
    return { counts, problems }
  } finally {
    await world.close()
  }
}

async function roundOf(world: RaceWorld, kind: Kind, { seed, round }: { seed: number; round: number }): Promise<string[]> {
  const problems: string[] = []
  try {
    problems.push(...await kind.race({ world, chance: chanceOf({ seed, round }), name: `round-${round}` }))
  } catch (error) {
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  return [...problems, ...await world.unsound()]
}

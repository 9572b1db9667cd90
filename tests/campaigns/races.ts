import { chanceOf } from './racesChance.js'
import { BED_RACES } from './racesForBeds.js'
import { PLAN_RACES } from './racesForPlans.js'
import { RECORD_RACES } from './racesForRecords.js'
import { furnish, type Kind } from './racesKind.js'
import { RaceWorld } from './racesWorld.js'

/** Every kind of race, run in turn. */
export const RACES: readonly Kind[] = [...BED_RACES, ...RECORD_RACES, ...PLAN_RACES]

export interface RacesAsk {
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

/** Runs rounds on a new database of the server; the store is asked for its integrity after each. */
export async function raced({ rounds, seed, from, onRound }: RacesAsk): Promise<RacesTold> {
  const world = await RaceWorld.open(chanceOf({ seed, round: -1 }))
  const counts = new Map<string, number>()
  const problems: string[] = []
  try {
    await furnish(world)
    for (let round = from; round < from + rounds; round += 1) {
      const kind = RACES[round % RACES.length]
      if (kind === undefined) throw new Error('there are races')
      const found = await roundOf(world, kind, { seed, round })
      counts.set(kind.name, (counts.get(kind.name) ?? 0) + 1)
      onRound?.({ round, kind: kind.name, problems: found })
      const again = `npm run -s campaign -- races --rounds 1 --seed ${seed} --from ${round}`
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

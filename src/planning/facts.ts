import { byCodeUnits } from '../kernel/canonical.js'
import { mustGet } from '../kernel/invariant.js'
import type { Move, Plan, Trip } from './plan.js'
import type { Outcome } from './rules/rule.js'
import type { Bed } from '../stays/stays.js'
import type { World } from './world.js'

/** What of a plan the rules are measured on. */
export type PlanCore = Pick<Plan, 'moves' | 'trips'> & { readonly reserves: readonly Pick<Plan['reserves'][number], 'block' | 'opened'>[] }

/** A finished plan seen by the rules: who lies where afterwards, by which trip. No model, no solver. */
export class Facts {
  private readonly moveOf: ReadonlyMap<string, Move>
  private readonly tripById: ReadonlyMap<string, Trip>
  private readonly arrivals = new Map<string, Move[]>()
  private readonly stepsDown = new Map<string, Move[]>()

  constructor(
    readonly world: World,
    readonly plan: PlanCore,
  ) {
    this.moveOf = new Map(plan.moves.map((move) => [move.patient, move]))
    this.tripById = new Map(plan.trips.map((trip) => [trip.id, trip]))
    for (const move of plan.moves) {
      append(this.arrivals, move.pool, move)
      if (move.fromPool !== null && isStepDown(world, move)) append(this.stepsDown, move.fromPool, move)
    }
  }

  /** Moves that this plan decides; orders that already stood are left out. */
  get decided(): Move[] {
    return this.plan.moves.filter((move) => move.order === null)
  }

  /** Moves on which the musts about single people are judged: all but orders whose vehicle has left. */
  get judged(): Move[] {
    return this.plan.moves.filter((move) => move.order === null || this.world.order(move.patient)?.state !== 'dispatched')
  }

  move(caseId: string): Move | null {
    return this.moveOf.get(caseId) ?? null
  }

  /** The bed afterwards: where the move leads, or where they lie. */
  after(caseId: string): Bed {
    const move = this.moveOf.get(caseId)
    return move === undefined ? this.world.bedOf(caseId) : { place: move.to, pool: move.pool }
  }

  outcomeOf(patient: string): Outcome {
    const move = this.move(patient)
    const trip = move === null || move.trip === null ? null : this.trip(move.trip)
    return {
      patient,
      bed: this.after(patient),
      moved: move === null || move.order !== null ? null : move,
      plainTrip: trip !== null && trip.patients[0] === patient && !this.world.vehicle(trip.vehicle).negativePressure,
    }
  }

  trip(id: string): Trip {
    return mustGet(this.tripById, id, 'trip')
  }

  into(pool: string): readonly Move[] {
    return this.arrivals.get(pool) ?? []
  }

  poolsEntered(): string[] {
    return [...this.arrivals.keys()]
  }

  /** People who step down out of a pool inside their hospital, freeing its bed, be it by an order that stands. */
  steppingDownFrom(pool: string): readonly Move[] {
    return this.stepsDown.get(pool) ?? []
  }

  /** Reserve blocks that this plan opens. */
  opened(): string[] {
    return this.plan.reserves.filter((reserve) => reserve.opened).map((reserve) => reserve.block)
  }
}

/**
 * Blocks not yet open into which somebody moves, with the blocks that come before them, in sequence. Where an order
 * has been dispatched to was decided with the order.
 */
export function blocksToOpen(world: World, moves: readonly (Pick<Move, 'pool'> & Partial<Pick<Move, 'order'>>)[]): string[] {
  const planned = moves.filter(({ order = null }) => order === null || world.scenario.orders[order]?.state !== 'dispatched')
  const entered = new Set(planned.map((move) => world.pool(move.pool).block).filter((block) => block !== null))
  const { blocks } = world.scenario
  return Object.keys(blocks)
    .filter((id) => {
      const block = blocks[id]
      if (block === undefined || block.opened) return false
      return [...entered].some((later) => {
        const other = blocks[later]
        return other !== undefined && !other.opened && other.place === block.place && other.sequence >= block.sequence
      })
    })
    .sort(byCodeUnits)
}

function append(lists: Map<string, Move[]>, key: string, move: Move): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [move])
  else list.push(move)
}

/** From a level higher than needed to the preferred one, inside one hospital. */
export function isStepDown(world: World, move: Pick<Move, 'patient' | 'from' | 'fromPool' | 'to' | 'pool'>): boolean {
  if (move.from !== move.to || move.fromPool === null || move.fromPool === move.pool) return false
  const [from, to] = [world.pool(move.fromPool).careLevel, world.pool(move.pool).careLevel]
  return (
    world.isMoreThanNeeded(move.patient, from) &&
    world.levelServes(move.patient, to) &&
    !world.isAbovePreferred(move.patient, to)
  )
}

import { SEVERITIES, type Severity } from '../cases/cases.js'
import { byCodeUnits } from '../kernel/canonical.js'
import { keysOf } from '../kernel/vocabulary.js'
import type { World } from './world.js'

/** People who move as one: a person alone, or a carer with children (decision 6). Carer first. */
export interface Party {
  readonly members: readonly string[]
}

/** Parties that no rule can tell apart; the unit of the model. Parties in the order of the lot. */
export interface Group {
  readonly name: string
  readonly parties: readonly Party[]
}

/** The member whose row stands for the party: the carer, or the person. */
export const headOf = (party: Party): string => party.members[0] ?? ''
export const firstOf = (group: Group): Party => group.parties[0] ?? { members: [] }

const SEVERITY_ORDER = keysOf(SEVERITIES)
/** The severest of a party: its vehicle and its place in the timetable go by this. */
export const severestOf = (world: World, party: Party): Severity =>
  SEVERITY_ORDER.find((severity) => party.members.some((id) => world.case(id).severity === severity)) ?? 'ordinary'

/** Drawn by the best lot among its members. */
export const lotOfParty = (world: World, party: Party): number =>
  Math.min(...party.members.map((id) => world.lotRank(id)))

/** Somebody of the party was pinned to a place by hand. */
export const isPinned = (world: World, { members }: Party): boolean => members.some((id) => world.hand.pinOf(id) !== null)

/**
 * A carer and children are one party while they lie in one place, share one status and none of them is
 * under an order of their own; otherwise each goes alone.
 */
export function partiesOf(world: World): Party[] {
  const ids = Object.keys(world.scenario.cases)
  const childrenOf = new Map<string, string[]>()
  for (const id of ids) {
    const carer = world.case(id).companion
    if (carer !== null && travelTogether(world, { child: id, carer })) {
      childrenOf.set(carer, [...(childrenOf.get(carer) ?? []), id])
    }
  }
  const children = new Set([...childrenOf.values()].flat())
  return ids
    .filter((id) => !children.has(id))
    .map((id) => ({ members: [id, ...(childrenOf.get(id) ?? []).sort(alikeTogether(world))] }))
    .sort((a, b) => lotOfParty(world, a) - lotOfParty(world, b))
}

/** Alike children next to each other, then by the lot. */
const alikeTogether = (world: World) => (a: string, b: string): number =>
  byCodeUnits(JSON.stringify(likeness(world, a)), JSON.stringify(likeness(world, b))) || world.lotRank(a) - world.lotRank(b)

export function groupsOf(world: World): Group[] {
  const groups = new Map<string, Party[]>()
  for (const party of partiesOf(world)) {
    const key = JSON.stringify(likenessOf(world, party))
    const alike = groups.get(key)
    if (alike === undefined) groups.set(key, [party])
    else alike.push(party)
  }
  // By likeness, not by case id or lot: the same people make the same model whatever they are called.
  return [...groups].sort(([a], [b]) => byCodeUnits(a, b)).map(([, parties], index) => ({ name: `g${index + 1}`, parties }))
}

/** Equal for parties that no rule can tell apart. */
export const likenessOf = (world: World, party: Party): unknown[] => party.members.map((id) => likeness(world, id))

export function travelTogether(world: World, pair: { child: string; carer: string }): boolean {
  const [child, carer] = [world.case(pair.child), world.case(pair.carer)]
  const ordered = world.order(pair.child) !== null || world.order(pair.carer) !== null
  return child.place === carer.place && child.status === carer.status && !ordered
}

/** Everything about a person that a rule may ask; two people with equal likeness are interchangeable. */
function likeness(world: World, id: string): unknown[] {
  const person = world.case(id)
  const order = world.orderOf.get(id) ?? null
  const last = world.scenario.lastPlan[id]
  return [
    person.place, person.pool, person.unit, person.status, person.severity, [...person.needs].sort(byCodeUnits),
    world.hoursWaited(id), world.heldBy(id), world.isFit(id), world.hasTravelException(id), order,
    last === undefined ? null : [last.to, last.careLevel], world.hand.of(id),
  ]
}

import { WHO_MAY } from './matrixTable.js'
import { openRoomOf, openStayOf, present, type State } from './modelState.js'
import type { Op } from './modelWords.js'

/** A role, by its letter in the table of who may what, and where it is held. */
export interface Held {
  readonly role: string
  readonly of: 'city' | 'unit' | 'place'
  readonly id: string
}
const city = (...roles: readonly string[]): Held[] => roles.map((role) => ({ role, of: 'city', id: '' }))
const at = (role: string, of: 'unit' | 'place', id: string): Held => ({ role, of, id })
const EVERY_ROLE = [...'auptbsovTSC']

/**
 * Whoever acts: by their id, the roles that they hold. Some may do everything, so that much happens; the others are who
 * sits at a desk at night. Places and units of both kinds of city are among the scopes.
 */
export const ACTORS: Readonly<Record<string, readonly Held[]>> = {
  local: city(...EVERY_ROLE), 'ward-3': city(...EVERY_ROLE), 'desk.7': city(...EVERY_ROLE),
  planner: city('p'), group: city('T'), commander: city('C'), desk: city('t'), viewer: city('v'), auditor: city('u'), admin: city('a'),
  supplies: city('S'), beds: city('b'),
  'beds-dist': [at('b', 'place', 'dist')], 'beds-hubA': [at('b', 'place', 'hubA')], 'beds-U1': [at('b', 'unit', 'U1')],
  'site-1': [at('s', 'place', 'site')], 'site-inn': [at('s', 'place', 'inn'), ...city('v')], 'desk-U2': [at('t', 'unit', 'U2')],
  'group-U1': [at('T', 'unit', 'U1')], 'stores': [at('o', 'place', 'dist')], 'beds-P1': [at('b', 'place', 'P/1')], 'beds-nowhere': [at('b', 'place', 'no-such-place')],
  idle: [],
}
/** Said by whoever does not say who they are. */
export const NOBODY = 'nobody'

/** Where somebody's roles go. `homes`: units in which any of the places lies. */
export interface Reach {
  readonly isCity: boolean
  readonly units: ReadonlySet<string>
  readonly places: ReadonlySet<string>
  readonly homes: ReadonlySet<string>
}
export const EVERYWHERE: Reach = { isCity: true, units: new Set(), places: new Set(), homes: new Set() }

/** A unit takes in every place that lies in it, as the city is now. */
export function reachOf(state: State, actor: string, roles: string): Reach {
  const held = (ACTORS[actor] ?? []).filter(({ role }) => roles.includes(role))
  const reached = [...state.records.places.keys()].filter((id) => held.some(({ of, id: own }) =>
    (of === 'place' ? own === id : of === 'unit' && present(state, 'places', id)?.body['unit'] === own)))
  const units = held.filter(({ of }) => of === 'unit').map(({ id }) => id)
  return {
    isCity: held.some(({ of }) => of === 'city'), units: new Set(units), places: new Set(reached),
    homes: new Set([...units, ...reached.map((id) => String(present(state, 'places', id)?.body['unit']))]),
  }
}

/** Where somebody may do or see this, or the refusal at the door. */
export function admitted(state: State, actor: string, operation: string): Reach | 'notSignedIn' | 'forbidden' {
  if (actor === NOBODY) return 'notSignedIn'
  const rule = WHO_MAY[operation]
  if (rule === undefined) throw new Error(`no table says who may ${operation}`)
  const reach = reachOf(state, actor, rule.roles)
  const isSomewhere = rule.of !== 'city' && reach.places.size + reach.units.size > 0
  return reach.isCity || isSomewhere ? reach : 'forbidden'
}

/** Actors whom the door lets do this. */
export const whoMay = (state: State, op: Op): string[] => Object.keys(ACTORS).filter((actor) => typeof admitted(state, actor, op) !== 'string')

export const atPlace = (reach: Reach, place: unknown): boolean => reach.isCity || reach.places.has(String(place))
export const ofUnit = (reach: Reach, unit: unknown): boolean => reach.isCity || reach.units.has(String(unit))
/** Somebody new is put down by their unit, or by a place that lies in it. */
export const mayBegin = (reach: Reach, unit: unknown): boolean => ofUnit(reach, unit) || reach.homes.has(String(unit))

/** A case is seen by its unit, by where it lies, and, lying nowhere, by the places of its unit. */
export function seesCase(state: State, reach: Reach, id: string): boolean {
  const unit = present(state, 'cases', id)?.body['unit']
  const stay = openStayOf(state, id)
  return ofUnit(reach, unit) || (stay === undefined ? reach.homes.has(String(unit)) : reach.places.has(stay.place))
}

/** A contact likewise, and by the site that is to take them. */
export function seesContact(state: State, reach: Reach, id: string): boolean {
  const { unit, site } = present(state, 'contacts', id)?.body ?? {}
  const room = openRoomOf(state, id)
  return ofUnit(reach, unit) || reach.places.has(String(site)) || (room === undefined ? reach.homes.has(String(unit)) : reach.places.has(room.place))
}

/** An order is seen from both its ends. */
export const seesOrder = (reach: Reach, { fromPlace, now: { toPlace } }: { fromPlace: string; now: { toPlace: string } }): boolean =>
  atPlace(reach, fromPlace) || atPlace(reach, toPlace)

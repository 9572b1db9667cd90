import { bedsFree, type Pool, type ReportedFigure, unknownFigures } from '../../facilities/beds.js'
import type { Place } from '../../facilities/places.js'
import { byCodeUnits } from '../../kernel/canonical.js'
import { type Day, dayAfter, dayOf } from '../../kernel/time.js'
import { type Contact, datesOf, type Half, halfBegins, HALVES, type SymptomsAnswered } from './contacts.js'
import type { KeptObservation } from './store.js'
import { unwellNow } from './symptoms.js'
import { keysOf } from '../../kernel/vocabulary.js'

/** Somebody in a room now. */
export interface InRoom {
  readonly id: string
  readonly contact: Contact
  readonly place: string
  readonly pool: string
  readonly beganAt: Date
}

/** Somebody who was announced and has not come. */
export interface Announced {
  readonly id: string
  readonly contact: Contact
}

/** Days from one on. */
export interface Window {
  readonly from: Day
  readonly days: number
}

const daysOf = ({ from, days }: Window): Day[] => Array.from({ length: days }, (_, i) => dayAfter(from, i))

/** The day on which a room is free again. Who ought to have left already is counted on the first day, and said to be overdue. */
const leavesOn = ({ contact }: InRoom): Day | null => datesOf(contact)?.siteUntil ?? null

export interface Leaving {
  readonly id: string
  readonly day: Day
  readonly place: string
  readonly unit: string
  /** Their day has passed before the first of the window. */
  readonly overdue: boolean
  readonly contacts: readonly string[]
}

/** Who leaves when, by day, site and reporting unit. */
export function releaseCalendar(inRooms: readonly InRoom[], window: Window): Leaving[] {
  const last = dayAfter(window.from, window.days - 1)
  const groups = new Map<string, { leaving: Omit<Leaving, 'id' | 'contacts'>; contacts: string[] }>()
  for (const one of inRooms) {
    const due = leavesOn(one)
    if (due === null || due > last) continue
    const leaving = { day: due < window.from ? window.from : due, place: one.place, unit: one.contact.unit, overdue: due < window.from }
    const key = JSON.stringify([leaving.day, leaving.overdue ? 0 : 1, leaving.place, leaving.unit])
    const group = groups.get(key) ?? { leaving, contacts: [] }
    group.contacts.push(one.id)
    groups.set(key, group)
  }
  return [...groups.entries()].sort(([a], [b]) => byCodeUnits(a, b))
    .map(([id, { leaving, contacts }]) => ({ id, ...leaving, contacts: contacts.sort(byCodeUnits) }))
}

type Rooms = Readonly<Record<string, Pick<Pool, 'place' | 'careLevel' | 'physical' | 'staffed' | 'occupied' | 'held' | 'protected' | 'oxygenBeds'>>>
type Sites = Readonly<Record<string, Pick<Place, 'kind' | 'unit'>>>

export interface SiteDay {
  readonly id: string
  readonly place: string
  readonly unit: string
  readonly day: Day
  /** Free now, less who is announced by then, more who leaves by then; null: no room of the site was ever counted. */
  readonly free: number | null
  /** Released by then; announced by then. */
  readonly released: number
  readonly announced: number
  /** Pools of the site of which a figure was never reported, and which: they are neither nought nor in the sum. */
  readonly unknown: readonly UnknownRooms[]
}

export interface UnknownRooms {
  readonly pool: string
  readonly figures: readonly ReportedFigure[]
}

/** Rooms free in every isolation site, by day. */
export function roomsByDay(
  { sites, rooms, inRooms, announced }: { sites: Sites; rooms: Rooms; inRooms: readonly InRoom[]; announced: readonly Announced[] }, window: Window,
): SiteDay[] {
  const places = Object.keys(sites).filter((id) => sites[id]?.kind === 'isolationSite').sort(byCodeUnits)
  return places.flatMap((place) => {
    const own = Object.keys(rooms).filter((id) => rooms[id]?.place === place).sort(byCodeUnits)
    const free = own.map((id) => ({ id, free: rooms[id] === undefined ? null : bedsFree(rooms[id]) }))
    const unknown = own.map((pool) => ({ pool, figures: rooms[pool] === undefined ? [] : unknownFigures(rooms[pool]) })).filter(({ figures }) => figures.length > 0)
    const known = free.flatMap((pool) => (pool.free === null ? [] : [pool.free]))
    // Only rooms that are in the sum become free in it.
    const counted = new Set(free.filter((pool) => pool.free !== null).map(({ id }) => id))
    const leaving = inRooms.filter((one) => counted.has(one.pool)).flatMap((one) => leavesOn(one) ?? [])
    const coming = announced.filter(({ contact }) => contact.site === place).map(({ contact }) => contact.expectedOn)
    const now = known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0)
    return daysOf(window).map((day) => {
      const released = leaving.filter((due) => due <= day).length
      const comes = coming.filter((due) => due <= day).length
      return {
        id: `${place} ${day}`, place, unit: sites[place]?.unit ?? '', day, released, announced: comes,
        free: now === null ? null : now + released - comes, unknown,
      }
    })
  })
}

export interface Shortage {
  /** The reporting unit. */
  readonly id: string
  /** The first day on which its rooms do not suffice, and by how many on that day. */
  readonly day: Day
  readonly short: number
  /** By how many at the worst within the window. */
  readonly shortAtWorst: number
  readonly unknown: readonly UnknownRooms[]
}

/**
 * Reporting units whose rooms run out: those of its own sites, against whoever is announced there or has no site yet. Who is
 * announced to a site of which no room is known has none there as far as anybody knows.
 */
export function shortages(days: readonly SiteDay[], announced: readonly Announced[], window: Window): Shortage[] {
  const units = [...new Set([...days.map(({ unit }) => unit), ...announced.map(({ contact }) => contact.unit)])].sort(byCodeUnits)
  return units.flatMap((unit) => {
    const own = days.filter((one) => one.unit === unit)
    const homeless = announced.filter(({ contact }) => contact.unit === unit && contact.site === null)
    const left = daysOf(window).map((day) => ({
      day,
      rooms: own.filter((one) => one.day === day).reduce((sum, { free, announced: coming }) => sum + (free ?? -coming), 0)
        - homeless.filter(({ contact }) => contact.expectedOn <= day).length,
    }))
    const first = left.find(({ rooms }) => rooms < 0)
    if (first === undefined) return []
    return [{
      id: unit, day: first.day, short: -first.rooms, shortAtWorst: -Math.min(...left.map(({ rooms }) => rooms)),
      unknown: own.filter((one) => one.day === window.from).flatMap(({ unknown }) => unknown),
    }]
  })
}

export interface Due {
  readonly id: string
  readonly contact: string
  readonly place: string
  readonly pool: string
  readonly day: Day
  readonly half: Half
  /** Its half day has passed. */
  readonly overdue: boolean
}

/** How many days back a look that was missed is still asked for. */
export const LOOKED_BACK_DAYS = 2

/** Looks that were not taken, the oldest first: from the half day after somebody came, until now. */
export function dueObservations(
  inRooms: readonly InRoom[], seen: ReadonlySet<string>, now: Date,
): Due[] {
  const today = dayOf(now)
  const halves = Array.from({ length: LOOKED_BACK_DAYS + 1 }, (_, i) => dayAfter(today, i - LOOKED_BACK_DAYS))
    .flatMap((day) => keysOf(HALVES).map((half) => ({ day, half, begins: halfBegins(day, half) })))
    .filter(({ begins }) => begins <= now)
  return halves.flatMap(({ day, half, begins }, i) =>
    inRooms.filter(({ id, beganAt }) => begins >= beganAt && !seen.has(seenKey({ contactId: id, day, half })))
      .map(({ id, place, pool }) => ({ id: `${day} ${half} ${id}`, contact: id, place, pool, day, half, overdue: i < halves.length - 1 })))
}

export const seenKey = ({ contactId, day, half }: { contactId: string; day: Day; half: Half }): string => JSON.stringify([contactId, day, half])

/** Fever or symptoms of somebody in isolation now, and what has answered them. */
export interface Unwell {
  readonly id: string
  readonly contact: string
  readonly place: string
  readonly pool: string
  readonly look: KeptObservation
  readonly answer: SymptomsAnswered | null
}

/** Who has fever or symptoms now, by contact, the oldest first: what nobody has answered, and what was seen in the last two half days. */
export const unwellOf = (inRooms: readonly InRoom[], remarked: ReadonlyMap<string, readonly KeptObservation[]>, now: Date): Unwell[] =>
  inRooms.flatMap(({ id: who, contact, place, pool }) => unwellNow(contact, remarked.get(who) ?? [], now)
    .map(({ look, answer }) => ({ id: `${who} ${look.day} ${look.half === 'morning' ? 0 : 1}`, contact: who, place, pool, look, answer })))

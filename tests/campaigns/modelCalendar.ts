import { bedsFree, notReported } from './modelBeds.js'
import { EDITIONS, datesUnder, untilOf } from './modelEditions.js'
import { atPlace, ofUnit, type Reach } from './modelRoles.js'
import { idsOf, present, type State, type Stay } from './modelState.js'
import { dayLater, dayOf, type Fields, HOUR, midnightOf, ofCodePoints, read, written } from './modelWords.js'

/** Days from one on. */
export interface Window { readonly from: string; readonly days: number }
const daysOf = ({ from, days }: Window): string[] => Array.from({ length: days }, (_, i) => dayLater(from, i))

const bodyOf = (state: State, id: string): Fields => present(state, 'contacts', id)?.body ?? {}
const inRooms = ({ rooms }: State): Stay[] => [...rooms.values()].filter(({ end }) => end === null).sort((a, b) => ofCodePoints(a.person, b.person))
/** Who was announced and has not come. */
const announced = (state: State): Fields[] => idsOf(state, 'contacts').map((id) => bodyOf(state, id)).filter(({ edition, withdrawn }) => edition === null && withdrawn === false)

/** Who leaves when, by day, site and reporting unit; whose day has passed is counted on the first, and said to be overdue. */
export function releaseCalendar(state: State, reach: Reach, window: Window): Fields[] {
  const last = dayLater(window.from, window.days - 1)
  const groups = new Map<string, { row: Fields; contacts: string[] }>()
  for (const { person, place } of inRooms(state).filter((room) => atPlace(reach, room.place))) {
    const body = bodyOf(state, person)
    const due = untilOf(body)
    if (due === null || due > last) continue
    const overdue = due < window.from
    const row = { day: overdue ? window.from : due, place, unit: body['unit'], overdue }
    const key = JSON.stringify([row.day, overdue ? 0 : 1, place, row.unit])
    groups.set(key, { row, contacts: [...groups.get(key)?.contacts ?? [], person] })
  }
  return [...groups].sort(([a], [b]) => ofCodePoints(a, b)).map(([, { row, contacts }]) => ({ ...row, count: contacts.length, contacts: contacts.sort(ofCodePoints) }))
}

/** Rooms of every isolation site by day: free now, plus who leaves by then, less who is announced by then. */
export function roomsByDay(state: State, window: Window): Fields[] {
  const sites = idsOf(state, 'places').filter((id) => present(state, 'places', id)?.body['kind'] === 'isolationSite').sort(ofCodePoints)
  return sites.flatMap((place) => {
    const own = idsOf(state, 'pools').filter((id) => present(state, 'pools', id)?.body['place'] === place).sort(ofCodePoints)
    const free = own.map((id) => ({ id, beds: bedsFree(state, id) }))
    const counted = free.filter(({ beds }) => beds !== null)
    const leaving = inRooms(state).filter(({ pool }) => counted.some(({ id }) => id === pool)).flatMap(({ person }) => untilOf(bodyOf(state, person)) ?? [])
    const coming = announced(state).filter(({ site }) => site === place).map(({ expectedOn }) => String(expectedOn))
    const now = counted.reduce((sum, { beds }) => sum + (beds ?? 0), 0)
    return daysOf(window).map((day) => {
      const released = leaving.filter((due) => due <= day).length
      const comes = coming.filter((due) => due <= day).length
      return {
        place, unit: present(state, 'places', place)?.body['unit'], day, released, announced: comes, free: counted.length === 0 ? null : now + released - comes,
        unknown: own.map((pool) => ({ pool, figures: notReported(state, pool) })).filter(({ figures }) => figures.length > 0),
      }
    })
  })
}

/** Units whose rooms run out: those of their own sites, none where none is known, less whoever is announced there, and whoever of theirs has no site yet. */
export function shortages(state: State, reach: Reach, window: Window): Fields[] {
  const days = roomsByDay(state, window)
  const people = announced(state)
  const units = [...new Set([...days, ...people].map(({ unit }) => String(unit)))].sort(ofCodePoints)
  return units.filter((unit) => ofUnit(reach, unit)).flatMap((unit) => {
    const own = days.filter((one) => one['unit'] === unit)
    const left = daysOf(window).map((day) => ({
      day,
      rooms: own.filter((one) => one['day'] === day).reduce((sum, { free, announced: coming }) => sum + Number(free ?? -Number(coming)), 0)
        - people.filter((one) => one['unit'] === unit && one['site'] === null && String(one['expectedOn']) <= day).length,
    }))
    const first = left.find(({ rooms }) => rooms < 0)
    if (first === undefined) return []
    const unknown = own.filter((one) => one['day'] === window.from).flatMap((one) => one['unknown'] as Fields[])
    return [{ unit, day: first.day, short: -first.rooms, shortAtWorst: -Math.min(...left.map(({ rooms }) => rooms)), unknown }]
  })
}

const EVERYWHERE: Reach = { isCity: true, units: new Set(), places: new Set(), homes: new Set() }
const LOOKED_BACK_DAYS = 2
const HALVES = [['morning', 0], ['evening', 12]] as const

/** Looks that were not taken, the oldest first: twice a day, from the half day after somebody came. */
export function dueObservations(state: State, reach: Reach): Fields[] {
  const today = dayOf(state.now)
  const halves = [2, 1, 0].filter((back) => back <= LOOKED_BACK_DAYS).flatMap((back) => HALVES.map(([half, hour]) => {
    const day = dayLater(today, -back)
    return { day, half, begins: midnightOf(day) + hour * HOUR }
  })).filter(({ begins }) => begins <= state.now)
  return halves.flatMap(({ day, half, begins }, i) => inRooms(state)
    .filter(({ place, person, began }) => atPlace(reach, place) && begins >= began && !state.seen.has(JSON.stringify([person, day, half])))
    .map(({ person, place, pool }) => ({ contact: person, place, pool, day, half, overdue: i < halves.length - 1 })))
}

/** Who is unwell: what nobody has answered, and what is of this half day or the one before. */
export function illNow(state: State, reach: Reach): Fields[] {
  const half = 12 * HOUR
  const since = midnightOf(dayOf(state.now)) + Math.floor((state.now - midnightOf(dayOf(state.now))) / half) * half - half
  return inRooms(state).filter(({ place }) => atPlace(reach, place)).flatMap(({ person, place, pool }) => observationsOf(state, person).flatMap((seen) => {
    const { day, half: of, temperatureTenths, symptoms } = seen
    const isIll = Number(temperatureTenths ?? 0) > 372 || (symptoms as string[]).some((one) => one !== 'none')
    const answer = ((bodyOf(state, person)['symptomsAnswered'] ?? []) as Fields[]).find((one) => one['day'] === day && one['half'] === of)
    const isRecent = midnightOf(String(day)) + (of === 'evening' ? half : 0) >= since
    if (!isIll || (answer !== undefined && !isRecent)) return []
    return [{ contact: person, place, pool, ...seen, how: answer?.['how'] ?? null, physician: answer?.['physician'] ?? null, reason: answer?.['reason'] ?? null }]
  }))
}

/** Who is in isolation and unwell, with no answer to it, since it was first put down. */
export const illAndUnanswered = (state: State): { contact: string; place: string; unit: unknown; from: number }[] => inRooms(state).flatMap(({ person, place }) => {
  const open = illNow({ ...state, rooms: new Map([...state.rooms].filter(([, room]) => room.person === person)) }, EVERYWHERE).filter(({ how }) => how === null)
  return open.length === 0 ? [] : [{ contact: person, place, unit: bodyOf(state, person)['unit'], from: Math.min(...open.map(({ recordedAt }) => read(recordedAt))) }]
})

/** What was seen of somebody, the oldest first. */
export const observationsOf = ({ seen }: State, contact: string): Fields[] => [...seen.values()].filter((one) => one.contact === contact)
  .sort((a, b) => ofCodePoints(a.day, b.day) || ofCodePoints(b.half, a.half))
  .map(({ day, half, body, at, by }) => ({ day, half, ...body, recordedAt: written(at), recordedBy: by }))

/** What every edition would say of somebody, side by side. */
export const byEveryEdition = (state: State, id: string): Fields[] => EDITIONS.map((edition) => {
  const body = bodyOf(state, id)
  return { edition, applies: edition === body['edition'], ...(datesUnder(edition, body) ?? { siteUntil: null, homeUntil: null }) }
})

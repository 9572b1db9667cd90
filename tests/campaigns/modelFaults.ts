import type { Picture, Rows } from './modelPicture.js'
import { type Fields, isNumberOf, ofCodePoints, read } from './modelWords.js'

const CHILDREN_OF_ONE = 3
/** What the edition of January 2020 knows. */
const SEVERITIES: Readonly<Record<string, readonly string[]>> = { suspected: ['ordinary', 'severe', 'critical'], confirmed: ['ordinary', 'severe', 'critical'] }

/** Whether the edition in force on that day has such a diagnosis; on a day without one nothing can be said. */
export const isDiagnosis = (day: string, status: unknown, severity: unknown): boolean =>
  day < '2020-01-27' || day > '2020-02-03' || SEVERITIES[String(status)]?.includes(String(severity)) === true

type WrongIf = (is: boolean, what: string) => void

/** What does not lead anywhere, is of later, or does not go together; each by a name of its own. */
export function faultsIn(picture: Picture): string[] {
  const found: string[] = []
  const wrongIf: WrongIf = (is, what) => {
    if (is) found.push(what)
  }
  facilities(picture, wrongIf)
  people(picture, wrongIf)
  rides(picture, wrongIf)
  return found
}

/** A value that stands more than once among rows; of each but the first. */
function twice(rows: Rows, valueOf: (row: Fields) => string | null, wrongIf: WrongIf, what: string): void {
  const seen = new Set<string>()
  for (const [id, row] of Object.entries(rows)) {
    const value = valueOf(row)
    wrongIf(value !== null && seen.has(value), `${what} of ${id}`)
    if (value !== null) seen.add(value)
  }
}

function facilities({ units, places, pools, blocks, teams, vehicles, travel }: Picture, wrongIf: WrongIf): void {
  const isLocation = (id: unknown) => units[String(id)] !== undefined || places[String(id)] !== undefined
  twice(units, ({ gbt2260 }) => (gbt2260 === null ? null : String(gbt2260)), wrongIf, 'code')
  for (const [id, { unit }] of Object.entries(places)) {
    wrongIf(units[String(unit)] === undefined, `unit of ${id}`)
    wrongIf(units[id] !== undefined, `${id} is a unit and a place`)
  }
  twice(blocks, ({ place, sequence }) => JSON.stringify([place, sequence]), wrongIf, 'sequence')
  for (const [id, { place }] of Object.entries(blocks)) wrongIf(places[String(place)]?.['kind'] !== 'reserveHospital', `place of block ${id}`)
  for (const [id, { place, block }] of Object.entries(pools)) {
    wrongIf(places[String(place)] === undefined, `place of ${id}`)
    wrongIf(block !== null && blocks[String(block)]?.['place'] !== place, `block of ${id}`)
    wrongIf(block === null && places[String(place)]?.['kind'] === 'reserveHospital', `${id} in no block`)
  }
  for (const [id, { station }] of Object.entries(teams)) wrongIf(places[String(station)] === undefined, `station of ${id}`)
  for (const [id, { fleet, base, availableFrom, availableTo }] of Object.entries(vehicles)) {
    wrongIf(!isLocation(fleet), `fleet of ${id}`)
    wrongIf(!isLocation(base), `base of ${id}`)
    wrongIf(String(availableFrom) >= String(availableTo), `hours of ${id}`)
  }
  for (const [id, { from, to }] of Object.entries(travel)) {
    wrongIf(!isLocation(from), `from of ${id}`)
    wrongIf(!isLocation(to), `to of ${id}`)
  }
}

function people({ asOf, units, places, pools, cases }: Picture, wrongIf: WrongIf): void {
  const isLater = (said: unknown) => said !== null && read(said) > asOf
  const children = new Map<unknown, number>()
  for (const [id, child] of Object.entries(cases).sort(([a], [b]) => ofCodePoints(a, b))) {
    const { unit, place, pool, waitingSince, fitness, fitnessAssessedAt, fitnessValidUntil, companion, status, severity } = child
    wrongIf(!isNumberOf(id, unit), `number of ${id}`)
    wrongIf(units[String(unit)] === undefined, `unit of ${id}`)
    wrongIf(places[String(place)] === undefined, `place of ${id}`)
    wrongIf(pool !== null && pools[String(pool)]?.['place'] !== place, `pool of ${id}`)
    wrongIf(isLater(waitingSince), `${id} waits since later`)
    wrongIf(isLater(fitnessAssessedAt), `${id} assessed later`)
    wrongIf(fitness === 'fit' && fitnessAssessedAt === null, `${id} fit, nobody says since when`)
    wrongIf(fitnessAssessedAt !== null && fitnessValidUntil !== null && read(fitnessValidUntil) < read(fitnessAssessedAt), `${id} fit until before`)
    wrongIf(SEVERITIES[String(status)] === undefined, `no edition of then knows the status of ${id}`)
    wrongIf(SEVERITIES[String(status)]?.includes(String(severity)) === false, `no edition of then knows the severity of ${id}`)
    if (companion === null) continue
    const carer = cases[String(companion)]
    const before = children.get(companion) ?? 0
    children.set(companion, before + 1)
    wrongIf(before === 0 && carer?.['ageBand'] === 'unknown' && companion !== id, `nobody says how old the carer ${String(companion)} is`)
    if (child['ageBand'] === 'unknown') wrongIf(true, `nobody says how old ${id} is`)
    else wrongIf(isWrongCarer(id, child, carer, before), `carer of ${id}`)
  }
}

const isWrongCarer = (id: string, child: Fields, carer: Fields | undefined, childrenBefore: number): boolean =>
  child['companion'] === id || carer === undefined || carer['companion'] !== null || child['ageBand'] !== '0-14' ||
  carer['ageBand'] === '0-14' || carer['status'] !== child['status'] || childrenBefore >= CHILDREN_OF_ONE

/** One vehicle carries out one order at a time. */
function rides({ orders }: Picture, wrongIf: WrongIf): void {
  const timed = Object.entries(orders).filter(([, { vehicle, departs, returns }]) => vehicle !== null && departs !== null && returns !== null)
  timed.forEach(([id, one], i) => {
    const clash = timed.slice(0, i).some(([, other]) => other['vehicle'] === one['vehicle'] &&
      read(other['departs']) < read(one['returns']) && read(one['departs']) < read(other['returns']))
    wrongIf(clash, `${id} and another order of its vehicle`)
  })
}

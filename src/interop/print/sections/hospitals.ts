import { CARE_LEVELS, type CareLevel, type Pool } from '../../../facilities/beds.js'
import { PLACE_KINDS } from '../../../facilities/places.js'
import { byCodeUnits } from '../../../kernel/canonical.js'
import { type Figure, isKnown, sum } from '../../../kernel/quantity.js'
import { keysOf } from '../../../kernel/vocabulary.js'
import { rowOf } from '../../../planning/faults/faultList.js'
import type { Move } from '../../../planning/plan.js'
import { type Line, labelled, section, table } from '../layout.js'
import { groupBy, isOpenedBy, nameOf, type PlanView, say } from '../planView.js'
import { COLUMNS, HEADINGS, WORDS } from '../words.js'

interface Traffic {
  readonly arriving: readonly Move[]
  readonly leaving: readonly Move[]
}

/** Where beds fill: every hospital that receives, and every centralised one; those that only send, in one line. */
export function hospitalsSection(view: PlanView): Line[] {
  const { plan, scenario } = view
  const moves = plan.moves.filter(({ patient }) => !view.fate.struck.has(patient))
  const arriving = groupBy(moves, (move) => move.to)
  const leaving = groupBy(moves, (move) => move.from)
  const traffic = (place: string): Traffic => ({
    arriving: arriving.get(place) ?? [],
    leaving: leaving.get(place) ?? [],
  })
  const places = placesInOrder(view)
  const shown = places.filter(
    (id) => arriving.has(id) || rowOf(scenario.places, id)?.kind === 'centralisedTreatmentHospital',
  )
  const rows = shown.flatMap((id) => placeRows(view, id, traffic(id)))
  const header = [
    COLUMNS.place,
    COLUMNS.careLevel,
    COLUMNS.occupied,
    COLUMNS.staffed,
    COLUMNS.protected,
    COLUMNS.arrivals,
    COLUMNS.leaving,
  ]
  const lines = table({
    header: header.map((column) => say(view, column)),
    rows,
    align: ['left', 'left', 'right', 'right', 'right', 'right', 'right'],
  })
  const sending = places.filter((id) => leaving.has(id) && !shown.includes(id))
  return section(say(view, HEADINGS.hospitals), [...lines, ...sendingLines(view, sending, traffic)])
}

function placesInOrder({ scenario }: PlanView): string[] {
  const kinds = keysOf(PLACE_KINDS)
  const rankOf = (id: string) => {
    const place = rowOf(scenario.places, id)
    return place === undefined ? kinds.length : kinds.indexOf(place.kind)
  }
  return Object.keys(scenario.places).sort((a, b) => rankOf(a) - rankOf(b) || byCodeUnits(a, b))
}

function placeRows(view: PlanView, place: string, { arriving, leaving }: Traffic): string[][] {
  const { scenario, plan } = view
  const opened = new Set(plan.reserves.filter((reserve) => isOpenedBy(view, reserve)).map((reserve) => reserve.block))
  const isOpen = ({ block }: Pool) =>
    block === null || opened.has(block) || rowOf(scenario.blocks, block)?.opened === true
  const levelOf = (pool: string | null) => (pool === null ? undefined : rowOf(scenario.pools, pool)?.careLevel)
  const rows = keysOf(CARE_LEVELS).flatMap((careLevel) => {
    const pools = Object.values(scenario.pools).filter(
      (p) => p.place === place && p.careLevel === careLevel && isOpen(p),
    )
    if (pools.length === 0) return []
    const into = arriving.filter((move) => levelOf(move.pool) === careLevel).length
    const out = leaving.filter((move) => levelOf(move.fromPool) === careLevel).length
    return [figuresRow(view, { careLevel, pools, into, out })]
  })
  const elsewhere = leaving.filter((move) => levelOf(move.fromPool) === undefined).length
  if (elsewhere > 0) rows.push([say(view, WORDS.levelUnknown), '', '', '', '', String(elsewhere)])
  return rows.map((row, index) => [index === 0 ? nameOf(view, place) : '', ...row])
}

function figuresRow(view: PlanView, row: { careLevel: CareLevel; pools: Pool[]; into: number; out: number }): string[] {
  const { careLevel, pools, into, out } = row
  const occupied = total(pools.map((pool) => pool.occupied))
  const staffed = total(pools.map((pool) => pool.staffed))
  const unknown = say(view, WORDS.unknown)
  const change = occupied === null ? unknown : `${occupied} → ${occupied + into - out}`
  const count = (people: number) => (people === 0 ? '' : String(people))
  return [
    say(view, CARE_LEVELS[careLevel]),
    change,
    staffed === null ? unknown : String(staffed),
    // Beds that are kept free: without them 4 of 5 would not be full.
    count(sum(pools.map((pool) => pool.protected))),
    count(into),
    count(out),
  ]
}

/** The sum, or null when a part of it is not known or nothing was stated: unknown is not zero. */
const total = (figures: readonly Figure[]): number | null =>
  figures.length > 0 && figures.every(isKnown) ? sum(figures.filter(isKnown)) : null

function sendingLines(view: PlanView, places: readonly string[], traffic: (place: string) => Traffic): Line[] {
  if (places.length === 0) return []
  const parts = places.map((id) => {
    const occupied = total(
      Object.values(view.scenario.pools)
        .filter((p) => p.place === id)
        .map((p) => p.occupied),
    )
    const leaving = traffic(id).leaving.length
    return `${nameOf(view, id)} ${occupied === null ? `−${leaving}` : `${occupied}→${occupied - leaving}`}`
  })
  return labelled(say(view, WORDS.sentOnly), parts.join(say(view, WORDS.comma)), 2)
}

import { isPlain } from '../planning/faults/schemaFaults.js'
import { UNREADABLE } from '../planning/scenarioFaults.js'
import type { Names } from './csvCells.js'
import type { ReadTable } from './csvRows.js'

/** How tables name reporting units: by id, or by any alias of the units read so far. An id always wins. */
export function namesOf(tables: readonly ReadTable[]): Names {
  const units = rowsOf('units', tables)
  const places = rowsOf('places', tables)
  const ofAlias = new Map<string, string>()
  for (const [id, unit] of units) {
    const aliases = isPlain(unit) && Array.isArray(unit['aliases']) ? unit['aliases'] : []
    for (const alias of aliases) if (typeof alias === 'string' && !ofAlias.has(alias)) ofAlias.set(alias, id)
  }
  const unit = (word: string): string => (units.has(word) ? word : (ofAlias.get(word) ?? word))
  return {
    unit,
    location: (word) => (places.has(word) ? word : unit(word)),
    patient: (word) => patientOf(word, units, ofAlias),
  }
}

/** Whether every alias of every unit could be read. */
export function hasAllAliases(tables: readonly ReadTable[]): boolean {
  const units = tables.find(({ spec }) => spec.table === 'units')?.rows
  if (units === undefined || units === UNREADABLE) return false
  return [...units.values()].every((unit) => isPlain(unit) && unit['aliases'] !== UNREADABLE)
}

/**
 * A case id begins with its unit, which may be written by alias; either may hold a hyphen of its own. A word that
 * begins with a unit's id stands, whatever alias it begins with too: else some case could not be named at all.
 */
function patientOf(
  word: string,
  units: ReadonlyMap<string, unknown>,
  ofAlias: ReadonlyMap<string, string>,
): string {
  const named = [...word.matchAll(/-/g)].map(({ index }) => word.slice(0, index))
  if (named.some((unit) => units.has(unit))) return word
  const alias = named.find((unit) => ofAlias.has(unit))
  return alias === undefined ? word : `${ofAlias.get(alias) ?? alias}${word.slice(alias.length)}`
}

function rowsOf(name: 'units' | 'places', tables: readonly ReadTable[]): ReadonlyMap<string, unknown> {
  const rows = tables.find(({ spec }) => spec.table === name)?.rows
  return rows === undefined || rows === UNREADABLE ? new Map() : rows
}

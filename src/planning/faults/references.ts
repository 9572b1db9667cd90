import { closest } from '../../kernel/nearest.js'
import { text } from '../../kernel/text.js'
import type { TableName } from '../scenario.js'
import { type Check, NEVER_EMPTY, type Report, type Sound, TABLE_TITLES } from './faultList.js'

interface Reference {
  readonly table: TableName
  readonly field: string
  /** Tables of which one has to hold the id. */
  readonly holders: readonly TableName[]
}

/** Every field that names a row of another table. */
const REFERENCES: readonly Reference[] = [
  { table: 'places', field: 'unit', holders: ['units'] },
  { table: 'pools', field: 'place', holders: ['places'] },
  { table: 'pools', field: 'block', holders: ['blocks'] },
  { table: 'blocks', field: 'place', holders: ['places'] },
  { table: 'teams', field: 'station', holders: ['places'] },
  { table: 'cases', field: 'unit', holders: ['units'] },
  { table: 'cases', field: 'place', holders: ['places'] },
  { table: 'cases', field: 'pool', holders: ['pools'] },
  { table: 'cases', field: 'companion', holders: ['cases'] },
  { table: 'vehicles', field: 'fleet', holders: ['units', 'places'] },
  { table: 'vehicles', field: 'base', holders: ['units', 'places'] },
  { table: 'travel', field: 'from', holders: ['units', 'places'] },
  { table: 'travel', field: 'to', holders: ['units', 'places'] },
  { table: 'orders', field: 'patient', holders: ['cases'] },
  { table: 'orders', field: 'pool', holders: ['pools'] },
  { table: 'orders', field: 'vehicle', holders: ['vehicles'] },
  { table: 'lastPlan', field: 'to', holders: ['places'] },
  { table: 'edits', field: 'patient', holders: ['cases'] },
  { table: 'edits', field: 'unit', holders: ['units'] },
  { table: 'edits', field: 'place', holders: ['places'] },
  { table: 'edits', field: 'pool', holders: ['pools'] },
  { table: 'packings', field: 'item', holders: ['items'] },
  { table: 'substitutes', field: 'item', holders: ['items'] },
  { table: 'substitutes', field: 'substitute', holders: ['items'] },
  { table: 'kitParts', field: 'item', holders: ['items'] },
  { table: 'norms', field: 'item', holders: ['items'] },
  { table: 'receivers', field: 'place', holders: ['places'] },
  { table: 'receivers', field: 'suppliedBy', holders: ['units'] },
  { table: 'staff', field: 'place', holders: ['places'] },
  { table: 'uses', field: 'place', holders: ['places'] },
  { table: 'uses', field: 'item', holders: ['items'] },
  { table: 'sources', field: 'place', holders: ['places'] },
  { table: 'lots', field: 'item', holders: ['items'] },
  { table: 'lots', field: 'place', holders: ['places'] },
  { table: 'lots', field: 'earmark', holders: ['units', 'places'] },
  { table: 'supplies', field: 'item', holders: ['items'] },
  { table: 'supplies', field: 'place', holders: ['places'] },
  { table: 'supplies', field: 'earmark', holders: ['units', 'places'] },
  { table: 'consignments', field: 'item', holders: ['items'] },
  { table: 'consignments', field: 'from', holders: ['places'] },
  { table: 'consignments', field: 'to', holders: ['places'] },
  { table: 'requests', field: 'place', holders: ['places'] },
  { table: 'requests', field: 'item', holders: ['items'] },
]

/** Without any place or unit that is the mistake, told once, and not every row that names one. */
export const checkReferences: Check = (sound, report) =>
  checkThose(REFERENCES.filter(({ holders }) => !holders.some((holder) => NEVER_EMPTY.includes(holder) && sound.ids(holder).length === 0)), sound, report)

/** In a store that is being filled nothing may lead nowhere either: what it names could never be put down after it. */
export const checkEveryReference: Check = (sound, report) => checkThose(REFERENCES, sound, report)

function checkThose(references: readonly Reference[], sound: Sound, report: Report): void {
  for (const { table, field, holders } of references) {
    for (const [id, row] of Object.entries<Readonly<Record<string, unknown>>>(sound[table])) {
      const got = row[field]
      if (typeof got !== 'string' || holders.some((holder) => sound.has(holder, got))) continue
      report({ table, id, field, got }, () => missingWant(got, holders, sound))
    }
  }
}

function missingWant(got: string, holders: readonly TableName[], sound: Sound) {
  const near = closest(got, holders.flatMap((holder) => sound.ids(holder)))
  const zh = holders.map((holder) => `「${TABLE_TITLES[holder].zh}」`).join('或')
  const en = holders.map((holder) => TABLE_TITLES[holder].en).join(' or ')
  return text(`应为${zh}表中已有的编号${near.zh}`, `must be an id in the table of ${en}${near.en}`)
}

/** What a vehicle's base or a journey's end names has to be one thing. */
export const checkOneMeaning: Check = (sound, report) => {
  for (const id of Object.keys(sound.places)) {
    if (!Object.hasOwn(sound.units, id)) continue
    report({ table: 'places', id, got: id }, text(
      '此编号已是报告单位，场所须另取编号',
      'this id already names a reporting unit; the place needs another',
    ))
  }
}

import type { Shipment, ShipmentLine } from '../../../planning/material/plan.js'
import { rowOf } from '../../../planning/faults/faultList.js'
import { type Line, paragraph, table } from '../layout.js'
import { itemName, type MaterialView, ofMaterial, unitsOf } from '../materialView.js'
import { MATERIAL_HEADINGS, MATERIAL_PHRASES, MATERIAL_WORDS } from '../materialWords.js'
import { groupBy, isLong, markedIf, nameOf, say } from '../planView.js'
import { PHRASES, POINTERS, WORDS } from '../words.js'

/** What leaves, as a storekeeper packs it: by source and day, then by receiver, with lots and whole packings first. */
export const materialShipmentsSection = ofMaterial((view) => {
  const { shipments } = view.material
  const loads = groupBy(shipments, ({ from, leavesOn, arrivesOn }) => JSON.stringify([from, leavesOn, arrivesOn]))
  const isMerged = isLong(view, shipments)
  const note = isMerged ? paragraph(say(view, MATERIAL_PHRASES.grouped(shipments.length, POINTERS[view.medium].each)), { indent: 2 }) : []
  return {
    heading: say(view, MATERIAL_HEADINGS.shipments),
    lines: [...note, ...[...loads.values()].flatMap((load) => loadLines(view, load, isMerged))],
  }
})

function loadLines(view: MaterialView, load: readonly Shipment[], isMerged: boolean): Line[] {
  const [first] = load
  if (first === undefined) return []
  const { from, leavesOn, arrivesOn } = first
  const isStruck = ({ id }: Shipment) => view.fate.struckShipments.has(id)
  const title = MATERIAL_PHRASES.leaves({ from: nameOf(view, from), day: leavesOn, isSameDay: leavesOn === arrivesOn, arrives: arrivesOn })
  return [
    ...paragraph(say(view, title), { indent: 2 }),
    ...(isMerged ? [...totalsOf(view, load.filter((one) => !isStruck(one))), ...load.filter(isStruck).flatMap((one) => shipmentLines(view, one))]
      : load.flatMap((shipment) => shipmentLines(view, shipment))),
  ]
}

function shipmentLines(view: MaterialView, { id, to, lines, litres }: Shipment): Line[] {
  const struck = view.fate.struckShipments.get(id)
  const volume = litres === null ? MATERIAL_WORDS.noVolume : MATERIAL_PHRASES.litres(litres)
  const rows = lines.map((line) => {
    const instead = line.substituteFor === null ? '' : say(view, MATERIAL_PHRASES.instead(itemName(view, line.substituteFor)))
    return [itemName(view, line.item), unitsOf(view, line.item, line.units), packed(view, line), lotOf(view, line), instead]
  })
  return [
    ...paragraph([markedIf(view, struck !== undefined, id), nameOf(view, to), say(view, volume)].join('  '), { indent: 4 }),
    ...(struck === undefined ? [] : paragraph(say(view, PHRASES.struck(struck)), { indent: 8 })),
    ...table({ rows, align: ['left', 'right'], indent: 8 }),
  ]
}

/** Of many shipments what is taken out of the store in all, and to how many places. */
function totalsOf(view: MaterialView, load: readonly Shipment[]): Line[] {
  const lines = load.flatMap((shipment) => shipment.lines.map((line) => ({ ...line, to: shipment.to })))
  const rows = [...groupBy(lines, ({ table: of, row }) => JSON.stringify([of, row])).values()].flatMap((same) => {
    const [line] = same
    if (line === undefined) return []
    const units = same.reduce((total, one) => total + one.units, 0)
    const places = say(view, MATERIAL_PHRASES.places(new Set(same.map(({ to }) => to)).size))
    return [[itemName(view, line.item), unitsOf(view, line.item, units), places, lotOf(view, line)]]
  })
  return table({ rows, align: ['left', 'right', 'right'], indent: 6 })
}

/** Largest packings first; what no packing holds stands last. */
function packed(view: MaterialView, { packings, singles }: ShipmentLine): string {
  const parts = [
    ...packings.map(({ count, packing }) => say(view, MATERIAL_PHRASES.packed({ count, packing }))),
    ...(singles === 0 ? [] : [say(view, MATERIAL_PHRASES.loose(singles))]),
  ]
  return parts.join(' + ')
}

/** The row of stock, and the number on the packing where there is one. */
function lotOf({ scenario, language }: MaterialView, { table: of, row }: ShipmentLine): string {
  const lot = of === 'lots' ? (rowOf(scenario.lots, row)?.lot ?? null) : null
  return lot === null ? row : `${row}${WORDS.colon[language]}${lot}`
}

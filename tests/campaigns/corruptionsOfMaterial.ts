import { dayAfter } from '../../src/kernel/time.js'
import { check } from '../../src/planning/check.js'
import type { MaterialPlan, Shipment, ShipmentLine } from '../../src/planning/material/plan.js'
import { PLAN_DAY } from '../support/city.js'
import { supplied, type SuppliedPatch } from '../support/supplied.js'
import { planned } from './given.js'

/** A lie in what a plan of material does, and the must that has to refuse it alone. */
interface LieOfMaterial {
  readonly name: string
  readonly rule: string
  /** Beside two receivers, `a` with more to do than `b`, who both wear masks. */
  readonly patch: SuppliedPatch
  readonly corrupt: (plan: MaterialPlan) => MaterialPlan
}

/** Why a lie proves nothing, or null: the true plan is accepted, the false one refused for its own rule only. */
export async function whyMaterialNotRefused({ patch, rule, corrupt }: LieOfMaterial): Promise<string | null> {
  const scenario = supplied({
    receivers: { a: {}, b: {} }, items: { mask: {} }, norms: { mask: {} },
    staff: { 'a/1': { area: 'intensiveCare', peoplePerShift: 60, shiftsPerDay: 3 }, 'b/1': { area: 'checkpoint', peoplePerShift: 20, shiftsPerDay: 2 } }, ...patch,
  })
  const { plan } = await planned(scenario)
  const { material } = plan
  if (material === null) return 'the true plan gives nothing out'
  const accepted = check(scenario, plan)
  if (accepted.length > 0) return `the true plan is refused: ${accepted[0]?.text.en ?? ''}`
  const found = [...new Set(check(scenario, { ...plan, material: corrupt(material) }).map((one) => one.rule))].sort().join(', ')
  return found === rule ? null : `expected ${rule}; found ${found || 'nothing'}`
}

/** The first shipment to a place, changed. */
const withShipment = (to: string, change: (shipment: Shipment) => Shipment) => (plan: MaterialPlan): MaterialPlan => {
  const at = plan.shipments.findIndex((shipment) => shipment.to === to)
  return { ...plan, shipments: plan.shipments.map((shipment, i) => (i === at ? change(shipment) : shipment)) }
}
/** The first line of the first shipment to a place, changed; of what has no packings. */
const withLine = (to: string, change: (line: ShipmentLine) => Partial<ShipmentLine>) =>
  withShipment(to, (shipment) => ({ ...shipment, lines: shipment.lines.map((line, i) => (i === 0 ? { ...line, ...change(line) } : line)) }))
const moreUnits = (more: number) => ({ units, singles }: ShipmentLine) => ({ units: units + more, singles: singles + more })
const other = (row: string) => () => ({ row })

const LITTLE = { 'mask→store': { units: 200 } }
/** Issued before, leaving today: it takes room in the vehicles, and is of what may be given out. */
const ORDERED = { consignments: { 'mask→b': { from: 'store', units: 40 } } }
const MASK_WITH = (of: object) => ({ ...LITTLE, 'mask→store#2': { units: 500, ...of } })

export const CORRUPTIONS_OF_MATERIAL: readonly LieOfMaterial[] = [
  { name: 'more of a lot than there is', rule: 'stockThere', patch: { lots: { 'mask→store': { units: 20 }, 'mask→store#2': { units: 9000 } } }, corrupt: withShipment('a', (shipment) => ({ ...shipment, lines: shipment.lines.map((line) => ({ ...line, row: 'mask→store' })) })) },
  { name: 'what a source keeps back given out', rule: 'keepBack', patch: { lots: LITTLE, sources: { store: { keepBackPerMille: 300 } }, ...ORDERED }, corrupt: withLine('a', moreUnits(9)) },
  { name: 'a lot that nobody released', rule: 'released', patch: { lots: MASK_WITH({ released: false }) }, corrupt: withLine('a', other('mask→store#2')) },
  { name: 'a lot in quarantine', rule: 'quarantine', patch: { lots: MASK_WITH({ quarantined: true }) }, corrupt: withLine('a', other('mask→store#2')) },
  { name: 'a lot that will have expired', rule: 'expired', patch: { lots: MASK_WITH({ expiresOn: dayAfter(PLAN_DAY, -1) }) }, corrupt: withLine('a', other('mask→store#2')) },
  { name: 'a donation given to somebody else', rule: 'earmark', patch: { lots: MASK_WITH({ earmark: 'b' }) }, corrupt: withLine('a', other('mask→store#2')) },
  {
    name: 'more on a day than the vehicles carry', rule: 'volume',
    patch: { items: { mask: { cubicCentimetres: 1000 } }, lots: { 'mask→store': { units: 900 } }, sources: { store: { litresPerDay: 90 } }, ...ORDERED },
    corrupt: withShipment('a', (shipment) => ({ ...shipment, litres: (shipment.litres ?? 0) + 4, lines: shipment.lines.map((line, i) => (i === 0 ? { ...line, ...moreUnits(4)(line) } : line)) })),
  },
  { name: 'said to be of the part of a unit', rule: 'receiver', patch: { lots: LITTLE }, corrupt: withShipment('a', (shipment) => ({ ...shipment, unit: 'south' })) },
  { name: 'arriving before the road lets it', rule: 'arrival', patch: { lots: LITTLE }, corrupt: withShipment('a', (shipment) => ({ ...shipment, leavesOn: dayAfter(shipment.leavesOn, 1) })) },
  {
    name: 'a box that was opened', rule: 'packing', patch: { items: { mask: { shipsBy: 'box' } }, packings: { mask: {} }, lots: LITTLE },
    corrupt: withLine('a', ({ units, packings }) => ({ units: units - 3, packings: packings.map((one) => ({ ...one, count: one.count - 1 })), singles: 7 })),
  },
  {
    name: 'something else in its place', rule: 'grade',
    patch: { items: { mask: {}, visor: {} }, norms: { mask: {}, visor: {} }, lots: LITTLE }, corrupt: withLine('a', () => ({ substituteFor: 'visor' })),
  },
  {
    name: 'the second substitute before the first', rule: 'substituteOrder',
    patch: {
      items: { mask: {}, n95: {}, kn95: {} }, substitutes: { 'mask/n95': { order: 1 }, 'mask/kn95': { order: 2 } },
      lots: { 'n95→store': { units: 4000 }, 'kn95→store': { units: 4000 } },
    },
    corrupt: withLine('b', () => ({ row: 'kn95→store', item: 'kn95' })),
  },
  { name: 'more than anybody needs', rule: 'cap', patch: { lots: { 'mask→store': { units: 9000 } } }, corrupt: withLine('b', moreUnits(11)) },
  {
    name: 'own stock used that is needed there', rule: 'ownSubstitutes',
    patch: { items: { mask: {}, n95: {} }, norms: { mask: {}, n95: { item: 'n95', conventionalPerMille: 100, contingencyPerMille: 100, crisisPerMille: 100 } }, substitutes: { 'mask/n95': {} }, lots: { 'n95→b': { units: 90 } } },
    corrupt: (plan) => ({ ...plan, ownSubstitutes: plan.ownSubstitutes.map((own, i) => (i === 0 ? { ...own, units: own.units + 5 } : own)) }),
  },
  { name: 'the checkpoint before intensive care', rule: 'order', patch: { lots: { 'mask→store': { units: 40 } } }, corrupt: withShipment('a', (shipment) => ({ ...shipment, to: 'b' })) },
]

import type { MaterialTables } from '../../src/planning/scenario.js'

/** The tables of material of a scenario that plans none. */
export const NO_MATERIAL: MaterialTables = {
  items: {}, packings: {}, substitutes: {}, kitParts: {}, norms: {}, receivers: {}, staff: {}, uses: {}, sources: {}, lots: {},
  supplies: {}, consignments: {}, requests: {},
}

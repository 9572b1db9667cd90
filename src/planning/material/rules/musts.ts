import { order } from './order.js'
import type { MaterialMust } from './rule.js'
import { STOCK_MUSTS } from './stock.js'
import { WAY_MUSTS } from './ways.js'

/** Every must of material but the order, which is asked of lawful plans alone. */
export const MATERIAL_MUSTS: readonly MaterialMust[] = [...STOCK_MUSTS, ...WAY_MUSTS]
export const ORDER = order

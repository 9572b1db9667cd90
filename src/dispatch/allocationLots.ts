import { type Text, text } from '../kernel/text.js'
import type { Day } from '../kernel/time.js'
import type { LotRecord } from '../supplies/stock.js'

/** Where a lot is to go, and by when it is there. */
export interface Going {
  readonly to: string
  /** The reporting unit of the place. */
  readonly unit: string
  readonly arrivesOn: Day
}

/** Why none of a lot is given to somebody; null: it may be. */
export function whyNotGiven({ released, quarantined, earmark, expiresOn }: LotRecord, { to, unit, arrivesOn }: Going): Text | null {
  if (quarantined) return text('此批已封存', 'the lot is in quarantine')
  if (!released) return text('此批未经有权者放行', 'the lot has not been released by whoever may dispose of it')
  if (expiresOn !== null && expiresOn < arrivesOn) return text(`此批 ${expiresOn} 到期，${arrivesOn} 才到`, `the lot expires on ${expiresOn}, before it arrives on ${arrivesOn}`)
  if (earmark !== null && earmark !== to && earmark !== unit) return text(`此批定向给 ${earmark}`, `the lot was given for ${earmark}`)
  return null
}

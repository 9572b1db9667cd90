import { type Text, text } from '../../kernel/text.js'
import type { Day } from '../../kernel/time.js'
import type { LotRecord } from '../../supplies/stock.js'

/** Where a lot is to go, and by when it is there. */
export interface Going {
  readonly to: string
  /** The reporting unit of the place. */
  readonly unit: string
  readonly arrivesOn: Day
}

/** Why none of a lot is given to somebody: of one lot, beside a figure, and what may be done about it. */
export const NOT_GIVEN = {
  quarantined: {
    lot: () => text('此批已封存', 'the lot is in quarantine'),
    are: text('封存', 'in quarantine'), then: text('封存的能否解除由全市的物资保障组或物资管理员决定', 'the supplies group or a supply officer of the whole city decides on what is in quarantine'),
  },
  notReleased: {
    lot: () => text('此批未经有权者放行', 'the lot has not been released by whoever may dispose of it'),
    are: text('未放行', 'not released'), then: text('未放行的请有权者放行', 'whoever may dispose of it releases what is not'),
  },
  expires: {
    lot: ({ expiresOn }: LotRecord, { arrivesOn }: Going) => text(`此批 ${expiresOn} 到期，${arrivesOn} 才到`, `the lot expires on ${expiresOn}, before it arrives on ${arrivesOn}`),
    are: text('到货前过期', 'expired before they would arrive'), then: null,
  },
  earmarked: {
    lot: ({ earmark }: LotRecord) => text(`此批定向给 ${earmark}`, `the lot was given for ${earmark}`),
    are: text('定向给他处', 'given for others'), then: null,
  },
} as const satisfies Readonly<Record<string, { lot: (lot: LotRecord, going: Going) => Text; are: Text; then: Text | null }>>
export type NotGiven = keyof typeof NOT_GIVEN

export function notGivenOf({ released, quarantined, earmark, expiresOn }: LotRecord, { to, unit, arrivesOn }: Going): NotGiven | null {
  if (quarantined) return 'quarantined'
  if (!released) return 'notReleased'
  if (expiresOn !== null && expiresOn < arrivesOn) return 'expires'
  return earmark !== null && earmark !== to && earmark !== unit ? 'earmarked' : null
}

/** Why none of a lot is given to somebody; null: it may be. */
export function whyNotGiven(lot: LotRecord, going: Going): Text | null {
  const why = notGivenOf(lot, going)
  return why === null ? null : NOT_GIVEN[why].lot(lot, going)
}

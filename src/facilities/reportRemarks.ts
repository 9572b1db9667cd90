import { isKnown } from '../kernel/quantity.js'
import { type Text, text } from '../kernel/text.js'
import type { Vocabulary } from '../kernel/vocabulary.js'
import { type BedState, countedBelowNamed, peopleIn } from './bedBook.js'

/** What of a report is unlikely, or leaves somebody without a bed. */
export const REMARKS = {
  overPhysical: text('在院多于实有床位', 'more people than beds stand there'),
  overStaffed: text('在院多于开放床位', 'more people than staffed beds'),
  belowNamed: text('清点少于列名者', 'fewer people than are named'),
  promisedWithoutBed: text('许出的床位没有床', 'promised beds that are not there'),
} as const satisfies Vocabulary<string>

/** What whoever reports should look at again: about how many people or beds, and the sentence. */
export interface Remark {
  readonly kind: keyof typeof REMARKS
  readonly count: number
  readonly text: Text
}

/**
 * What should be looked at again in figures that a place reported, with who is named there and all that is promised of
 * them. A count is taken as it is told, since a ward can be overfull, and is said back where it is unlikely or leaves
 * somebody without a bed. Empty: nothing stands out.
 */
export function remarksOn({ figures, named, held }: BedState): Remark[] {
  return [...crowding(figures), ...missingNames({ figures, named }), ...withoutBed({ figures, named, held })]
}

function crowding({ physical, staffed, occupied }: BedState['figures']): Remark[] {
  if (!isKnown(occupied)) return []
  if (isKnown(physical) && occupied > physical) {
    return [{ kind: 'overPhysical', count: occupied - physical, text: text(
      `在院 ${occupied} 人多于实有 ${physical} 张床：请核对；已加床的请一并报实有床位数（physical）`,
      `${occupied} occupied are more than the ${physical} beds that stand there: look again; where beds were added, report physical as well`) }]
  }
  if (!isKnown(staffed) || occupied <= staffed) return []
  const count = occupied - staffed
  return [{ kind: 'overStaffed', count, text: text(`在院 ${occupied} 人多于开放 ${staffed} 张：超出 ${count} 人`, `${occupied} occupied are ${count} more than the ${staffed} staffed beds`) }]
}

function missingNames({ figures, named }: Pick<BedState, 'figures' | 'named'>): Remark[] {
  const count = countedBelowNamed({ figures, named })
  return count === 0 ? [] : [{ kind: 'belowNamed', count, text: text(
    `清点比列名者少 ${count} 人：列名 ${named} 人仍算在院；已离开的请逐人登记`,
    `the count is ${count} below the ${named} who are named there: they still count as present; put down each one who has left`) }]
}

function withoutBed({ figures, named, held }: BedState): Remark[] {
  const people = peopleIn({ figures, named })
  if (!isKnown(figures.staffed) || people === null) return []
  const free = Math.max(0, figures.staffed - people)
  const count = held - free
  return count <= 0 ? [] : [{ kind: 'promisedWithoutBed', count, text: text(
    `已预占 ${held} 张，空床只有 ${free} 张：${count} 张许出去的没有床；请核对，确实没有的请求调整（ask-relief）`,
    `promised beds: ${held}, free beds: ${free}; ${count} of the promised are not there; look again, and where there is no bed ask for relief (ask-relief)`) }]
}

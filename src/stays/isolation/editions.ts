import { text } from '../../kernel/text.js'
import type { Text } from '../../kernel/text.js'
import { type Day, dayAfter } from '../../kernel/time.js'
import { keysOf, type Vocabulary } from '../../kernel/vocabulary.js'

/** Why somebody who is no case is kept apart. Not every edition knows every kind. */
export const CONTACT_KINDS = {
  closeContact: text('密切接触者', 'close contact'),
  secondaryContact: text('密接的密接', 'secondary contact'),
  arrival: text('入境人员', 'arrival from abroad'),
} as const satisfies Vocabulary<string>
export type ContactKind = keyof typeof CONTACT_KINDS

/** Whole days after the last exposure: first in an isolation site, then at home. */
interface Span {
  readonly siteDays: number
  readonly homeDays: number
}

/** An edition of the rules of isolation: how long whom, from which day on, and where that is written. */
export interface IsolationEdition {
  readonly edition: string
  readonly title: Text
  readonly effectiveFrom: Day
  /** First day on which no isolation begins under it any more. */
  readonly effectiveUntil: Day
  readonly spans: Partial<Record<ContactKind, Span>>
  readonly source: string
}

const COUNTED_FROM = 'that the days count from the last exposure is judgement'

/** Oldest first. Each is in force from the day on which it was made public, and until the day on which the next one was. */
export const ISOLATION_EDITIONS: readonly IsolationEdition[] = [
  {
    edition: '2020-01', title: text('2020年1月起（防控方案第一至七版）', 'from January 2020 (prevention plan, 1st to 7th editions)'),
    effectiveFrom: '2020-01-20', effectiveUntil: '2021-05-14',
    spans: { closeContact: { siteDays: 14, homeDays: 0 }, arrival: { siteDays: 14, homeDays: 0 } },
    source: '国家卫生健康委员会公告2020年第1号，2020-01-20, from which on close contacts could be kept apart; 防控方案 1 to 7: 14 days after the last exposure, again from a new one; '
      + 'that arrivals are kept as long is judgement; secondary contacts are named from the 7th edition (2020-09-15) on, and for how long is not stated',
  },
  {
    edition: '2021-05', title: text('2021年5月（防控方案第八版）', 'May 2021 (prevention plan, 8th edition)'),
    effectiveFrom: '2021-05-14', effectiveUntil: '2022-06-28',
    spans: { closeContact: { siteDays: 14, homeDays: 7 }, secondaryContact: { siteDays: 7, homeDays: 0 }, arrival: { siteDays: 14, homeDays: 7 } },
    source: `防控方案（第八版），made public 2021-05-14: 14 days in a site and 7 at home, secondary contacts 7 in a site, as the 9th edition says what it changes; ${COUNTED_FROM}`,
  },
  {
    edition: '2022-06', title: text('2022年6月（防控方案第九版）', 'June 2022 (prevention plan, 9th edition)'),
    effectiveFrom: '2022-06-28', effectiveUntil: '2022-11-11',
    spans: { closeContact: { siteDays: 7, homeDays: 3 }, secondaryContact: { siteDays: 0, homeDays: 7 }, arrival: { siteDays: 7, homeDays: 3 } },
    source: `防控方案（第九版），of 2022-06-27, made public 2022-06-28: 7 days in a site and 3 at home; secondary contacts 7 at home; ${COUNTED_FROM}`,
  },
  {
    edition: '2022-11', title: text('2022年11月（二十条措施）', 'November 2022 (twenty measures)'),
    effectiveFrom: '2022-11-11', effectiveUntil: '2022-12-07',
    spans: { closeContact: { siteDays: 5, homeDays: 3 }, arrival: { siteDays: 5, homeDays: 3 } },
    source: `二十条措施，2022-11-11: 5 days in a site and 3 at home, arrivals too; secondary contacts are not traced any more; until 新十条，2022-12-07, by which contacts stay at home; ${COUNTED_FROM}`,
  },
]

/** The edition under which an isolation that begins on this day stands; null: none is written down. */
export const isolationEditionOn = (day: Day): IsolationEdition | null =>
  ISOLATION_EDITIONS.find(({ effectiveFrom, effectiveUntil }) => effectiveFrom <= day && day < effectiveUntil) ?? null

/** An edition by its name; null: none is called so. */
export const isolationEditionOf = (name: string): IsolationEdition | null => ISOLATION_EDITIONS.find(({ edition }) => edition === name) ?? null

export const isKnownKind = (edition: IsolationEdition, kind: ContactKind): boolean => keysOf(edition.spans as Vocabulary<string>).includes(kind)

export interface Dates {
  /** Released from the site on this day. */
  readonly siteUntil: Day
  /** Free of everything from this day on. */
  readonly homeUntil: Day
}

/** When somebody is released under an edition; null: it does not know the kind. Extensions lengthen the stay in the site. */
export function datesUnder(
  edition: string, { kind, lastExposure, extraDays }: { kind: ContactKind; lastExposure: Day; extraDays: number },
): Dates | null {
  const span = isolationEditionOf(edition)?.spans[kind]
  if (span === undefined) return null
  const siteUntil = dayAfter(lastExposure, span.siteDays + extraDays)
  return { siteUntil, homeUntil: dayAfter(siteUntil, span.homeDays) }
}

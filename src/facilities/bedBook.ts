import { isKnown, UNKNOWN } from '../kernel/quantity.js'
import { text } from '../kernel/text.js'
import type { Vocabulary } from '../kernel/vocabulary.js'
import type { AccountState, Book } from '../ledger/book.js'
import type { BedReport, Pool } from './beds.js'

/**
 * The ledger's book of one pool of beds. `overfull` is what is used or promised beyond the staffed beds: it is never
 * above nought, and free and overfull together are what people call free, negative in an overfull pool.
 */
export const BED_ACCOUNTS = {
  outside: text('账外', 'outside'),
  overfull: text('超出开放床位', 'beyond the staffed beds'),
  unstaffed: text('未开放', 'unstaffed'),
  free: text('空床', 'free'),
  named: text('列名在院', 'occupied by named cases'),
  unnamed: text('未列名在院', 'occupied by others'),
} as const satisfies Vocabulary<string>
export type BedAccount = keyof typeof BED_ACCOUNTS
/** What is promised of a pool is promised of these. */
export const FREE_BEDS = 'free' satisfies BedAccount
/** Who lies there by name. */
export const NAMED_BEDS = 'named' satisfies BedAccount

/** Why beds change their account. */
export const BED_REASONS = {
  count: text('清点', 'count'),
  admission: text('入住', 'admission'),
  departure: text('离开', 'departure'),
  promise: text('预占', 'promise'),
} as const satisfies Vocabulary<string>
export type BedReason = keyof typeof BED_REASONS
/** Whoever is named comes and goes for these. */
export const COMING_AND_GOING = ['admission', 'departure'] as const satisfies readonly BedReason[]

/** What the book of a pool follows from: the figures reported, the named cases there, and what is promised. */
export interface BedState {
  readonly figures: Pick<Pool, 'physical' | 'staffed' | 'occupied'>
  readonly named: number
  readonly held: number
}

/** Everyone in the pool: a count never makes fewer than the named who lie there. Null: nobody counted. */
export const peopleIn = ({ figures: { occupied }, named }: Pick<BedState, 'figures' | 'named'>): number | null =>
  isKnown(occupied) ? Math.max(occupied, named) : null

/** Named cases beyond what the last count found; nought when they agree, and where nobody counted. */
export const countedBelowNamed = ({ figures: { occupied }, named }: { readonly figures: Pick<Pool, 'occupied'>; readonly named: number }): number =>
  isKnown(occupied) ? Math.max(0, named - occupied) : 0

/** The accounts of a pool in this state. What nobody counted is not counted, and stays out of the sums. */
export function bedBook(state: BedState): Record<BedAccount, AccountState> {
  const { figures: { physical, staffed }, named, held } = state
  const people = peopleIn(state)
  const unstaffed = isKnown(physical) && isKnown(staffed) ? Math.max(0, physical - staffed) : null
  const free = isKnown(staffed) && people !== null ? staffed - people : null
  const unnamed = people === null ? null : people - named
  // What is promised has to be covered; what does not exist is owed, in plain sight.
  const covered = Math.max(free ?? 0, held)
  const inside = {
    overfull: account((free ?? 0) - covered, true),
    unstaffed: account(unstaffed ?? 0, unstaffed !== null),
    free: { ...account(covered, free !== null), held },
    named: account(named, true),
    unnamed: account(unnamed ?? 0, unnamed !== null),
  }
  const sum = Object.values(inside).reduce((total, { balance }) => total + balance, 0)
  return {
    outside: { ...account(sum === 0 ? 0 : -sum, true), mayOwe: true },
    ...inside,
    overfull: { ...inside.overfull, mayOwe: true },
  }
}

const account = (balance: number, counted: boolean): AccountState => ({ balance, counted, mayOwe: false, held: 0 })

/** Named cases of a book, and what is promised of it; nought of a book that is not there yet. */
export const namedIn = (book: Book): number => book[NAMED_BEDS]?.balance ?? 0
export const heldOf = (book: Book): number => book[FREE_BEDS]?.held ?? 0

/**
 * Beds that may still be given to somebody by name; null while the pool is not counted, negative when it is overfull.
 * Staffed beds that do not stand there, or that the oxygen is known not to reach, are given to nobody. Protected beds are
 * kept for the hospital's own: it may admit to them by name, a plan may not.
 */
export function bedsLeft(state: BedState & { readonly figures: Pick<Pool, 'oxygenBeds'> }): number | null {
  const { free, overfull } = bedBook(state)
  const { physical, staffed, oxygenBeds } = state.figures
  if (!free.counted || !isKnown(staffed)) return null
  const open = Math.min(staffed, ...[physical, oxygenBeds].filter((figure) => typeof figure === 'number'))
  return free.balance + overfull.balance - free.held - (staffed - open)
}

type Figures = BedState['figures']

/** A census speaks for whoever came or left until then. */
const isCounted = (countedAt: Date | null, at: Date): boolean => countedAt !== null && at <= countedAt

/**
 * The figures after one named person came in at `at`. Somebody who was there at the last count is one of the counted;
 * whoever came after it is one more.
 */
export function withArrival({ figures, named }: Pick<BedState, 'figures' | 'named'>, at: Date, countedAt: Date | null): { figures: Figures; isOneMore: boolean } {
  const { occupied } = figures
  if (!isKnown(occupied)) return { figures, isOneMore: true }
  if (isCounted(countedAt, at) && occupied > named) return { figures, isOneMore: false }
  return { figures: { ...figures, occupied: Math.max(occupied, named) + 1 }, isOneMore: true }
}

/** The figures after one named person left at `at`: a later count has left them out already. */
export function withDeparture({ figures, named }: Pick<BedState, 'figures' | 'named'>, at: Date, countedAt: Date | null): Figures {
  const { occupied } = figures
  // Fewer counted than named: the one who was not counted is the one who left.
  if (!isKnown(occupied) || isCounted(countedAt, at) || occupied < named) return figures
  return { ...figures, occupied: occupied - 1 }
}

/** The figures after a report. */
export const withReport = (pool: Pool, report: Pick<BedReport, 'physical' | 'staffed' | 'occupied' | 'held'>): Pool => ({
  ...pool,
  physical: report.physical ?? pool.physical,
  staffed: report.staffed,
  occupied: report.occupied,
  held: report.held ?? pool.held,
})

/** What the place itself has promised, as far as it said. */
export const reportedHeld = ({ held }: Pick<Pool, 'held'>): number => (isKnown(held) ? held : 0)

/** A pool whose beds nobody has counted yet. */
export const NOT_COUNTED = { physical: UNKNOWN, staffed: UNKNOWN, occupied: UNKNOWN, held: UNKNOWN } as const

import type { Status } from '../cases/cases.js'
import type { Span } from '../db/history.js'
import type { During } from '../stays/store.js'
import type { DayRead } from './reading.js'

/** Who was counted at the beginning has come by then; what happens at the cut-off is of the day. */
export const isWithin = ({ from, to }: Pick<Span, 'from' | 'to'>, at: Date | null): at is Date => at !== null && at > from && at <= to

export const isOpenAt = ({ beganAt, endedAt }: During<unknown>, at: Date): boolean => beganAt <= at && (endedAt === null || endedAt > at)

/**
 * Stays that begin in a span where the person had no other: whoever is moved neither comes nor goes. Somebody may come
 * and be moved at one moment, so that as many beginnings of it are no coming as stays ended by moving then.
 */
export function comings<E>(stays: readonly During<E>[], span: Span): During<E>[] {
  const beginnings = new Map<string, During<E>[]>()
  for (const stay of stays) {
    if (!isWithin(span, stay.beganAt)) continue
    const key = keyOf(stay.person, stay.beganAt)
    beginnings.set(key, [...(beginnings.get(key) ?? []), stay])
  }
  const moved = new Map<string, number>()
  for (const { person, endedAt, ending } of stays) {
    if (endedAt !== null && ending === 'moved') moved.set(keyOf(person, endedAt), (moved.get(keyOf(person, endedAt)) ?? 0) + 1)
  }
  return [...beginnings].flatMap(([key, own]) => own.slice(0, own.length - (moved.get(key) ?? 0)))
}

const keyOf = (person: string, at: Date): string => `${person} ${at.getTime()}`

/** Stays that end in a span for good, with when and how. */
export const goings = <E extends string>(stays: readonly During<E>[], span: Span): (During<E> & { endedAt: Date; ending: Exclude<E, 'moved'> })[] =>
  stays.flatMap((stay) => {
    const { endedAt, ending } = stay
    return isWithin(span, endedAt) && ending !== null && ending !== 'moved' ? [{ ...stay, endedAt, ending: ending as Exclude<E, 'moved'> }] : []
  })

/** The diagnosis of somebody at a moment of the day, one that was put down at that very moment among them. */
export function statusesOf({ people, changes }: Pick<DayRead, 'people' | 'changes'>): (id: string, at: Date) => Status {
  const byPerson = new Map<string, DayRead['changes'][number][]>()
  for (const change of changes) byPerson.set(change.id, [...(byPerson.get(change.id) ?? []), change])
  return (id, at) => (byPerson.get(id) ?? []).findLast((change) => change.at <= at)?.is ?? people.get(id)?.atFirst ?? 'confirmed'
}

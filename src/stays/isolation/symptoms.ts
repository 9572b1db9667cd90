import { refuse } from '../../kernel/refusal.js'
import { type Text, text } from '../../kernel/text.js'
import { type Day, dayAfter, dayOf } from '../../kernel/time.js'
import { type Contact, type Half, halfBegins, HALVES, type Observation, SYMPTOMS, type SymptomsAnswered } from './contacts.js'

/**
 * From so many tenths of a degree on somebody has a fever: 37.3 °C in the armpit, as those are screened who are under
 * observation (体温 ≥ 37.3 ℃). The editions of the rules at hand say fever without a figure, so that it holds for all of
 * them is judgement.
 */
export const FEVER_TENTHS = 373

/** A half day, by which everything that was seen then is called. */
export interface HalfDay {
  readonly day: Day
  readonly half: Half
}

/** What was seen in a half day. */
export type Looked = Omit<Observation, 'symptoms'> & { readonly symptoms: Readonly<Observation['symptoms']> }

export const isUnwell = ({ temperatureTenths, symptoms }: Pick<Looked, 'temperatureTenths' | 'symptoms'>): boolean =>
  (temperatureTenths !== null && temperatureTenths >= FEVER_TENTHS) || symptoms.some((one) => one !== 'none')

export const isSameHalf = (one: HalfDay, other: HalfDay): boolean => one.day === other.day && one.half === other.half
const isUntil = (one: HalfDay, last: HalfDay): boolean => halfBegins(one.day, one.half) <= halfBegins(last.day, last.half)

/** Where the last two half days begin, as of a moment: that in which it lies, and the one before. */
export function lastDayBegins(moment: Date): Date {
  const day = dayOf(moment)
  return halfBegins(day, 'evening') <= moment ? halfBegins(day, 'morning') : halfBegins(dayAfter(day, -1), 'evening')
}
const isSince = (begins: Date) => ({ day, half }: HalfDay): boolean => halfBegins(day, half) >= begins

const answerOf = ({ symptomsAnswered = [] }: Contact, look: HalfDay): SymptomsAnswered | null => symptomsAnswered.find((one) => isSameHalf(one, look)) ?? null

/** Fever or symptoms that nobody has answered: neither ruled out nor by a longer isolation. They ring. */
export const unanswered = <T extends Looked>(contact: Contact, seen: readonly T[]): T[] =>
  seen.filter((look) => isUnwell(look) && answerOf(contact, look) === null)

/** Who is unwell now: what rings, and what was seen in the last two half days, answered or not. With its answer. */
export function unwellNow<T extends Looked>(contact: Contact, seen: readonly T[], now: Date): { look: T; answer: SymptomsAnswered | null }[] {
  return seen.filter(isUnwell).map((look) => ({ look, answer: answerOf(contact, look) }))
    .filter(({ look, answer }) => answer === null || isSince(lastDayBegins(now))(look))
}

/** Open symptoms have this answer from now on; the same contact where there are none. */
export function withAnswer(contact: Contact, looks: readonly HalfDay[], answer: Omit<SymptomsAnswered, 'day' | 'half'>): Contact {
  if (looks.length === 0) return contact
  const others = (contact.symptomsAnswered ?? []).filter((one) => !looks.some((look) => isSameHalf(one, look)))
  return { ...contact, symptomsAnswered: [...others, ...looks.map(({ day, half }) => ({ day, half, ...answer }))] }
}

/** What is told anew of a half day has no answer yet. */
export function withoutAnswer(contact: Contact, told: HalfDay): Contact {
  const { symptomsAnswered = [] } = contact
  const left = symptomsAnswered.filter((one) => !isSameHalf(one, told))
  return left.length === symptomsAnswered.length ? contact : { ...contact, symptomsAnswered: left }
}

/** Fever and symptoms up to a half day that no physician has ruled out. */
export const notRuledOut = <T extends Looked>(contact: Contact, seen: readonly T[], until: HalfDay): T[] =>
  seen.filter((look) => isUnwell(look) && isUntil(look, until) && answerOf(contact, look)?.how !== 'ruledOut')

/** What speaks for a release at a moment: the last two half days and all that was seen since, or else the last that is known. */
function speaking(seen: readonly Looked[], at: Date): { looks: readonly Looked[]; isOfLastDay: boolean } {
  const recent = seen.filter(isSince(lastDayBegins(at)))
  return { looks: recent.length > 0 ? recent : seen.slice(-1), isOfLastDay: recent.length > 0 }
}

/** Whether anybody looked in the last two half days before a moment. */
export const wasSeenBefore = (seen: readonly Looked[], at: Date): boolean => speaking(seen, at).isOfLastDay

/**
 * Refuses to let somebody go who has fever or symptoms that no physician has ruled out, or of whom nobody knows how they
 * are. `seen`: the oldest first. Returns what has been ruled out among what speaks for the release.
 */
export function checkWell(contact: Contact, seen: readonly Looked[], at: Date): SymptomsAnswered[] {
  const { looks, isOfLastDay } = speaking(seen, at)
  const unwell = looks.filter(isUnwell).map((look) => ({ look, answer: answerOf(contact, look) }))
  const open = unwell.find(({ answer }) => answer?.how !== 'ruledOut')?.look
  if (open !== undefined) {
    const [half, found] = [HALVES[open.half], saidOf(open)]
    throw refuse('symptomsObserved', `${open.day} ${half.zh}观察到${found.zh}，不能解除；请延长、转为阳性，或由医师排除后记入（rule-out）`,
      `${found.en} in the ${half.en} of ${open.day}: not to be released; extend the isolation, put down that they are positive, or have a physician rule it out (rule-out)`)
  }
  if (!isOfLastDay) {
    throw refuse('notObserved', '解除前的两个半天都没有观察记录，不知是否有症状；请先记观察（observations），当时看过而未记的可补记',
      'nothing was seen in the two half days before the release, and nobody knows how they are; put down what was seen first (observations), late too')
  }
  return unwell.flatMap(({ answer }) => answer ?? [])
}

/** Temperature and symptoms in words. */
export function saidOf({ temperatureTenths, symptoms }: Pick<Looked, 'temperatureTenths' | 'symptoms'>): Text {
  const degrees = temperatureTenths === null ? [] : [text(`体温 ${(temperatureTenths / 10).toFixed(1)} ℃`, `${(temperatureTenths / 10).toFixed(1)} °C`)]
  const said = symptoms.map((one) => SYMPTOMS[one])
  const parts: Text[] = [...degrees, ...said]
  return text(parts.map(({ zh }) => zh).join('、'), parts.map(({ en }) => en).join(', '))
}

import { type Act, done, found, keep, match, matchIfGiven, needs, No, note, when } from './modelAct.js'
import { checkBed, comeIn, goOut } from './modelBeds.js'
import { mustBeLately } from './modelCases.js'
import { contactOut, editionOn, knowsKind, untilOf } from './modelEditions.js'
import { atPlace, mayBegin, ofUnit, reachOf, seesContact } from './modelRoles.js'
import { openRoomOf, present, type Seen, type State, type Stay, type Version } from './modelState.js'
import { begin } from './modelStays.js'
import { type Answered, DAY, dayOf, type Fields, isCount, isNumberOf, midnightOf, written } from './modelWords.js'

/** How long ago somebody may have come. */
const TOLD_LATE = 7 * DAY

const NEW: Fields = { edition: null, extensions: [], certificate: null, withdrawn: false, case: null }

/** A district announces somebody, corrects what it announced, or announces them again after it was withdrawn. */
export function announce(act: Act, id: string, notice: Fields): Answered {
  const { state, reach } = act
  const { unit, kind, expectedOn, site } = notice
  needs(isNumberOf(id, unit), 'wrongReference')
  const before = present(state, 'contacts', id)
  const isTheirs = before !== undefined && seesContact(state, reach, id)
  needs(isTheirs || mayBegin(reach, unit), 'forbidden')
  needs(before === undefined || isTheirs, 'alreadyExists')
  match(act, before?.version ?? null)
  needs(before === undefined || !isOver(before.body), 'isolationIsOver')
  const lastExposure = hasCome(act, notice['lastExposure'])
  const edition = before?.body['edition'] ?? null
  // Whoever has come leaves by what was signed for.
  if (edition !== null) {
    needs(before?.body['lastExposure'] === lastExposure, 'wrongTime', ['/lastExposure'])
    needs(before?.body['kind'] === kind, 'wrongReference', ['/kind'])
  }
  // The edition that holds already has to know such people too, or nobody could ever release them.
  if (edition === null) editionFor(kind, String(expectedOn))
  else needs(knowsKind(String(edition), kind), 'wrongReference')
  const at = when(act, notice['asOf'])
  needs(present(state, 'reporting-units', String(unit)) !== undefined, 'unknownReference')
  needs(site === null || present(state, 'places', String(site)) !== undefined, 'unknownReference')
  if (before?.body['withdrawn'] === true) act.reached('announced again after it was withdrawn')
  const kept = put(act, id, { ...NEW, ...before?.body, ...notice, withdrawn: false }, at, 'announced')
  return done(contactOut(kept), before === undefined ? 201 : 200)
}

/** Not once they have come. */
export function withdrawNotice(act: Act, id: string): Answered {
  const before = going(act, id)
  needs(before.body['edition'] === null, 'alreadyInCare')
  return done(contactOut(put(act, id, { ...before.body, withdrawn: true }, act.state.now, 'withdrawn')))
}

export function checkIn(act: Act, id: string, { place, pool, at: told }: Fields): Answered {
  const { state, reach } = act
  needs(atPlace(reach, place), 'forbidden')
  const before = going(act, id)
  needs(openRoomOf(state, id) === undefined, 'alreadyInCare')
  const last = [...state.rooms.values()].filter((room) => room.person === id).at(-1)?.end
  needs(last?.how !== 'died', 'isolationIsOver')
  const at = when(act, told)
  needs(state.now - at <= TOLD_LATE, 'wrongTime', ['/at'])
  needs(last === undefined || last === null || at >= last.at, 'wrongTime')
  hasCome(act, before.body['lastExposure'])
  checkRoom(act, place, pool)
  comeIn(act, String(pool), at)
  const edition = before.body['edition'] ?? editionFor(before.body['kind'], dayOf(at))
  const kept = put(act, id, { ...before.body, edition }, at, 'checkedIn')
  enter(act, id, { place: String(place), pool: String(pool) }, at)
  return done(contactOut(kept))
}

export function moveRoom(act: Act, id: string, { place, pool, at: told }: Fields): Answered {
  needs(atPlace(act.reach, place), 'forbidden')
  const { contact, room } = inRoom(act, id)
  const at = since(act, room, told)
  checkRoom(act, place, pool)
  if (pool !== room.pool) {
    goOut(act, String(room.pool), at)
    comeIn(act, String(pool), at)
  }
  leave(act, room, at, 'moved')
  note(act, 'isolation.moved', 'contacts', id)
  enter(act, id, { place: String(place), pool: String(pool) }, at)
  return done(contactOut(contact))
}

export function leaveRoom(act: Act, id: string, { ending, at: told }: Fields): Answered {
  out(act, id, String(ending), told)
  return done(contactOut(found(act, 'contacts', id)))
}

/** A newer exposure sets the days again. With a reason it is put right, earlier too, by a desk or planner of their unit or of the city. */
export function exposeAgain(act: Act, id: string, { lastExposure, kind, reason }: Fields): Answered {
  const before = going(act, id)
  const day = hasCome(act, lastExposure)
  const { body } = before
  if (reason !== undefined) {
    needs(ofUnit(reachOf(act.state, act.by, 'tp'), body['unit']), 'forbidden')
    const now = kind ?? body['kind']
    if (body['edition'] === null) editionFor(now, String(body['expectedOn']))
    else needs(knowsKind(String(body['edition']), now), 'wrongReference')
    if (body['edition'] !== null && day < String(body['lastExposure'])) act.reached('exposure put right to an earlier day')
    return done(contactOut(put(act, id, shortened(act, body, { ...body, lastExposure: day, kind: now }), act.state.now, 'corrected')))
  }
  needs(day >= String(body['lastExposure']), 'figureIsOlder')
  if (day === body['lastExposure']) return done(contactOut(before))
  if (body['edition'] !== null) act.reached('exposed again in isolation')
  return done(contactOut(put(act, id, { ...body, lastExposure: day }, act.state.now, 'exposed')))
}

/** Who made it earlier stands beside it, until another post makes it later or it is what it was. */
function shortened(act: Act, before: Fields, after: Fields): Fields {
  const [was, is] = [before, after].map((body) => untilOf({ ...body, extensions: [] }))
  if (typeof was !== 'string' || typeof is !== 'string' || is === was) return after
  const { shortened: stands, ...others } = after
  const { by, from = '' } = (stands ?? {}) as { by?: string; from?: string }
  const highest = from > was ? from : was
  if (is < was) return { ...others, shortened: { by: act.by, from: highest } }
  return by === act.by && is < highest ? after : others
}

export function extendIsolation(act: Act, id: string, extension: Fields): Answered {
  const { contact: { body: before } } = inRoom(act, id)
  const body = answered(before, illOf(act.state, id).filter((one) => answerTo(before, one) === undefined), { how: 'extended', physician: null, reason: null, by: act.by })
  return done(contactOut(put(act, id, { ...body, extensions: [...body['extensions'] as Fields[], extension] }, act.state.now, 'extended')))
}

/** Not before the day that the edition of their beginning says, and what was added to it. */
export function releaseFromIsolation(act: Act, id: string, { signedBy, at: told }: Fields): Answered {
  const { contact: before, room } = inRoom(act, id)
  const at = when(act, told)
  const until = untilOf(before.body)
  if (until !== null && dayOf(at) < until) act.reached('release on a day that is too early')
  needs(until !== null && dayOf(at) >= until, 'wrongTime')
  if (dayOf(at) === until) act.reached('release on the very day')
  if ((before.body['extensions'] as Fields[]).length > 0) act.reached('release after an extension')
  const cleared = well(act, before, at)
  needs(![signedBy, act.by].some((post) => cleared.includes(String(post).toLowerCase())), 'ownRuling')
  if (cleared.length > 0) act.reached('release of who was cleared')
  const { by: hurried } = (before.body['shortened'] ?? {}) as { by?: string }
  if (hurried === act.by) act.reached('release by who made the day earlier')
  needs(hurried !== act.by, 'ownRuling')
  if (hurried !== undefined) act.reached('release by another than who made the day earlier')
  needs(at >= room.began, 'wrongTime')
  out(act, id, 'released', told)
  const certificate = { number: `${id}-R${before.version + 1}`, day: dayOf(at), signedBy }
  return done(contactOut(put(act, id, { ...before.body, certificate }, at, 'certified')))
}

/** Isolation ends and care begins in the same room at one moment; its figures do not change. */
export function turnPositive(act: Act, id: string, said: Fields): Answered {
  const { state, given } = act
  const { contact: before, room } = inRoom(act, id)
  const { case: whom, status, severity, at: told, source = `contact ${id} turned positive` } = said
  const person = String(whom)
  const { unit } = before.body
  needs(isNumberOf(person, unit), 'wrongReference')
  needs(present(state, 'cases', person) === undefined, 'alreadyExists')
  const at = since(act, room, told)
  mustBeLately(act, at)
  const body: Fields = {
    unit, status, severity, waitingSince: written(at), fitness: 'unknown', fitnessAssessedAt: null, fitnessValidUntil: null, needs: [], sex: 'unknown',
    ageBand: 'unknown', companion: null, dischargeDue: null, travelExceptionUntil: null, source, assumed: [], asOf: written(at),
  }
  keep(act, 'cases', { id: person, body, at })
  note(act, 'put', 'cases', person)
  leave(act, room, at, 'positive')
  const kept = put(act, id, { ...before.body, case: person }, at, 'positive')
  begin(act, { id: given.stays.get(person) ?? 'none', person, place: room.place, pool: room.pool }, at, 'admitted')
  return done(contactOut(kept))
}

/** What was seen in a half day; the later word stands. */
export function observeContact(act: Act, id: string, said: Fields): Answered {
  const { contact, room } = inRoom(act, id)
  const { day: told, half, temperatureTenths = null, symptoms = [] } = said
  const day = String(told)
  needs(day <= dayOf(act.state.now) && day >= dayOf(room.began), 'wrongTime')
  needs(act.state.now >= midnightOf(day) + (half === 'evening' ? DAY / 2 : 0), 'wrongTime')
  const key = JSON.stringify([id, day, half])
  const last = act.state.seen.get(key)
  if (last !== undefined) act.reached('observed again in the same half day')
  needs(last === undefined || !isIll(last) || isIll({ ...last, body: { temperatureTenths, symptoms } }), 'symptomsObserved')
  act.state.seen.set(key, { contact: id, day, half: String(half), body: { temperatureTenths, symptoms }, at: act.state.now, by: act.by })
  const left = answersIn(contact.body).filter((one) => one['day'] !== day || one['half'] !== half)
  if (left.length === answersIn(contact.body).length) {
    note(act, 'isolation.observed', 'contacts', id)
    return done(contactOut(contact))
  }
  act.reached('ill seen again after it was answered')
  return done(contactOut(put(act, id, { ...contact.body, symptomsAnswered: left }, act.state.now, 'observed')))
}

/** What was seen up to and with a half day has another cause. */
export function ruleOutSymptoms(act: Act, id: string, { day, half, physician, reason }: Fields): Answered {
  const { contact: { body } } = inRoom(act, id)
  const until = begins({ day: String(day), half: String(half) })
  const open = illOf(act.state, id).filter((one) => begins(one) <= until && answerTo(body, one)?.['how'] !== 'ruledOut')
  needs(open.length > 0, 'nothingToRuleOut')
  return done(contactOut(put(act, id, answered(body, open, { how: 'ruledOut', physician, reason, by: act.by }), act.state.now, 'ruledOut')))
}

type HalfDay = Pick<Seen, 'day' | 'half'>
const begins = ({ day, half }: HalfDay): number => midnightOf(day) + (half === 'evening' ? DAY / 2 : 0)
const byTime = (one: HalfDay, other: HalfDay): number => begins(one) - begins(other)
const seenOf = ({ seen }: State, id: string): Seen[] => [...seen.values()].filter(({ contact }) => contact === id).sort(byTime)
const isIll = ({ body: { temperatureTenths, symptoms } }: Seen): boolean => Number(temperatureTenths ?? 0) > 372 || (symptoms as string[]).some((one) => one !== 'none')
const illOf = (state: State, id: string): Seen[] => seenOf(state, id).filter(isIll)
const answersIn = (body: Fields) => (body['symptomsAnswered'] ?? []) as Fields[]
const answerTo = (body: Fields, { day, half }: HalfDay) => answersIn(body).find((one) => one['day'] === day && one['half'] === half)

function answered(body: Fields, ill: readonly Seen[], answer: Fields): Fields {
  if (ill.length === 0) return body
  const others = answersIn(body).filter((one) => !ill.some(({ day, half }) => one['day'] === day && one['half'] === half))
  return { ...body, symptomsAnswered: [...others, ...ill.map(({ day, half }) => ({ day, half, ...answer }))] }
}

/** Nobody goes who is ill, or of whom nothing was seen in this half day and the last. Who has cleared them, and put that down. */
function well({ state }: Act, { id, body }: Version, at: number): string[] {
  const half = DAY / 2
  const seen = seenOf(state, id)
  // Half days begin at midnight and at noon.
  const since = midnightOf(dayOf(at)) + Math.floor((at - midnightOf(dayOf(at))) / half) * half - half
  const recent = seen.filter((one) => begins(one) >= since)
  const ill = (recent.length > 0 ? recent : seen.slice(-1)).filter(isIll).map((one) => answerTo(body, one))
  needs(ill.every((answer) => answer?.['how'] === 'ruledOut'), 'symptomsObserved')
  needs(recent.length > 0, 'notObserved')
  return ill.flatMap((answer) => [answer?.['physician'], answer?.['by']].map((post) => String(post).toLowerCase()))
}

/** The edition under which an isolation that begins on this day stands. */
function editionFor(kind: unknown, day: string): string {
  const edition = editionOn(day)
  if (edition === null) throw new No('wrongTime')
  needs(knowsKind(edition, kind), 'wrongReference')
  return edition
}

/** The contact, whose isolation is not over, in the version that the asker saw. */
function going(act: Act, id: string): Version {
  const record = found(act, 'contacts', id)
  needs(seesContact(act.state, act.reach, id), 'notFound')
  matchIfGiven(act, record.version)
  needs(!isOver(record.body) && record.body['withdrawn'] === false, 'isolationIsOver')
  return record
}

const isOver = ({ case: become, certificate }: Fields): boolean => become !== null || certificate !== null

/** A day of exposure, none of which lies ahead. */
function hasCome({ state }: Act, day: unknown): string {
  needs(String(day) <= dayOf(state.now), 'wrongTime')
  return String(day)
}

function inRoom(act: Act, id: string): { contact: Version; room: Stay } {
  const contact = going(act, id)
  const room = openRoomOf(act.state, id)
  if (room === undefined) throw new No('notInCare')
  needs(atPlace(act.reach, room.place), 'forbidden')
  return { contact, room }
}

function since(act: Act, { began }: Stay, told: unknown): number {
  const at = when(act, told)
  needs(at >= began, 'wrongTime')
  return at
}

/** A room in which somebody is kept apart, at that place. */
function checkRoom(act: Act, place: unknown, pool: unknown): void {
  checkBed(act, place, pool)
  needs(['room', 'observation'].includes(String(present(act.state, 'pools', String(pool))?.body['careLevel'])), 'wrongReference')
}

function out(act: Act, id: string, how: string, told: unknown): void {
  const { room } = inRoom(act, id)
  const at = since(act, room, told)
  goOut(act, String(room.pool), at)
  leave(act, room, at, how)
  note(act, `isolation.${how}`, 'contacts', id)
}

function enter({ state, by, reached }: Act, contact: string, room: { place: string; pool: string }, began: number): void {
  const occupied = present(state, 'pools', room.pool)?.body['occupied']
  if (isCount(occupied)) reached('contact in a counted room')
  const id = String(state.rooms.size + 1)
  state.rooms.set(id, { id, person: contact, ...room, began, beganRecorded: state.now, beganBy: by, end: null })
}

function leave({ state, by }: Act, room: Stay, at: number, how: string): void {
  state.rooms.set(room.id, { ...room, end: { at, how, recorded: state.now, by } })
}

function put(act: Act, id: string, body: Fields, at: number, action: string): Version {
  const kept = keep(act, 'contacts', { id, body, at })
  note(act, `isolation.${action}`, 'contacts', id)
  return kept
}

import { type Act, matchVersion, matchVersionIfGiven, mustReach } from '../../db/act.js'
import { currentRecord, isSeen, lockRecord, putRecord, type Recorded } from '../../db/records.js'
import { isNumberOf } from '../../kernel/ids.js'
import { notFound, refuse, type Refused, wrongAt } from '../../kernel/refusal.js'
import { isWithin } from '../../kernel/roles.js'
import { type Day, dayOf, instantOf } from '../../kernel/time.js'
import { whenOf } from '../../kernel/when.js'
import { checkBed, checkNotBefore, lockBeds, type LockedPools, throughPool } from '../commands.js'
import { comeIn, goOut } from '../occupancy.js'
import { type Contact, halfBegins, HALVES, type IsolationEnding, NEW_CONTACT, type Notice, type Observation, reckonedOtherwise } from './contacts.js'
import { type IsolationEdition, isKnownKind, isolationEditionOf, isolationEditionOn } from './editions.js'
import { beginIsolation, CONTACTS, endIsolation, type IsolationStay, lastIsolationOf, observationsOf, openIsolationOf, putObservation } from './store.js'
import { isSameHalf, isUnwell, saidOf, withoutAnswer } from './symptoms.js'

type When = string | undefined

/** What is older was told when it happened, or is no longer to be told: release would be by an edition of long ago. */
const BACK_DAYS_MAX = 7
const DAY_MILLISECONDS = 86_400_000

export interface Room {
  readonly place: string
  readonly pool: string
}

/**
 * A district announces somebody, corrects what it announced, or announces again whom it withdrew: nobody came under that.
 * Refuses: forbidden, alreadyExists, wrongReference, wrongTime, versionMissing, changedMeanwhile, isolationIsOver.
 */
export async function announce(act: Act, id: string, notice: Notice): Promise<{ record: Recorded<Contact>; isNew: boolean }> {
  if (!isNumberOf(id, notice.unit)) throw refuse('wrongReference', `编号应为“报告单位-本单位编号”，即 ${notice.unit}-…`, `the id must be the reporting unit and its own number: ${notice.unit}-…`)
  const before = await lockRecord(act, CONTACTS, id)
  const isTheirs = before !== null && await isSeen(act.tx, CONTACTS, id, act.reach)
  // Somebody new is announced by their unit, or by a place that lies in it.
  if (!isTheirs && !isWithin(act.reach, { unit: notice.unit }) && !act.reach.homes.has(notice.unit)) {
    throw refuse('forbidden', `${notice.unit}的隔离人员由该单位登记`, `contacts of ${notice.unit} are put down by that unit`)
  }
  if (before !== null && !isTheirs) throw refuse('alreadyExists', `${id} 已由他处登记`, `${id} was put down by others`)
  matchVersion(act, before)
  if (before !== null) checkGoesOn(before)
  checkExposure(notice.lastExposure, act.at)
  if (before !== null) checkReckoning(before, notice)
  checkKind(before?.body.edition ?? null, notice)
  const body = { ...NEW_CONTACT, ...before?.body, ...notice, withdrawn: false }
  const record = await keepContact(act, { id, before, body, at: whenOf(notice.asOf, act.at), action: 'announced' })
  return { record, isNew: before === null }
}

/** Refuses an exposure that has not come: by nobody's word is somebody kept, or let go, for what may be. */
export function checkExposure(day: Day, now: Date): void {
  if (day <= dayOf(now)) return
  throw wrongAt('wrongTime', '/lastExposure', `末次暴露 ${day} 还没到；今天是 ${dayOf(now)}`, `the last exposure, ${day}, has not come yet; it is ${dayOf(now)} today`)
}

/** Once somebody has come, the day on which they leave is no matter of a notice any more. */
function checkReckoning({ id, body }: Recorded<Contact>, notice: Notice): void {
  const field = reckonedOtherwise(body, notice)
  if (field === null) return
  throw wrongAt(field === 'kind' ? 'wrongReference' : 'wrongTime', `/${field}`,
    `${id} 已入住，解除日期按${field === 'kind' ? '此类别' : '末次暴露'} ${body[field]} 计算，不由预告改动；新的暴露用 /exposure，更正用 /exposure 并写明缘由（reason）`,
    `${id} has come, and release is reckoned from the ${field === 'kind' ? 'kind' : 'last exposure'} ${body[field]}, which a notice does not change; a newer exposure goes by /exposure, a correction too, with its reason`)
}

/** Whoever was announced does not come. Refuses: notFound, changedMeanwhile, alreadyInCare, isolationIsOver. */
export async function withdrawNotice(act: Act, id: string): Promise<Recorded<Contact>> {
  const before = await lockedContact(act, id)
  if (before.body.edition !== null) throw refuse('alreadyInCare', `${id} 已入住过，不能撤回预告`, `${id} has come already; the notice cannot be withdrawn`)
  return keepContact(act, { id, before, body: { ...before.body, withdrawn: true }, at: act.at, action: 'withdrawn' })
}

/** Takes a room. Refuses: forbidden, notFound, changedMeanwhile, isolationIsOver, alreadyInCare, unknownReference, wrongReference, wrongTime, noFreeBed. */
export async function checkIn(act: Act, id: string, room: Room, when: When): Promise<IsolationStay> {
  mustReach(act, { place: room.place })
  const before = await lockedContact(act, id)
  const open = await openIsolationOf(act.tx, id)
  if (open !== null) throw inRoomAlready(open, room)
  const ended = await lastIsolationOf(act.tx, id)
  if (ended?.ending === 'died') throw refuse('isolationIsOver', `${id} 已死亡`, `${id} has died`)
  const last = ended?.endedAt ?? null
  const beganAt = whenOf(when, act.at, last)
  if (act.at.getTime() - beganAt.getTime() > BACK_DAYS_MAX * DAY_MILLISECONDS) {
    throw wrongAt('wrongTime', '/at', `入住最多补记 ${BACK_DAYS_MAX} 天；请核对日期`, `a check-in may be told at most ${BACK_DAYS_MAX} days late; look at the date again`)
  }
  if (last !== null) checkNotBefore(beganAt, last)
  // Of a notice that was put down before this was asked of it.
  checkExposure(before.body.lastExposure, act.at)
  const pools = await lockedRooms(act, [room])
  await checkRoom(act, room, pools)
  await throughPool(act, room, pools, comeIn, beganAt)
  const edition = before.body.edition ?? editionFor(before.body.kind, dayOf(beganAt))
  await keepContact(act, { id, before, body: { ...before.body, edition }, at: beganAt, action: 'checkedIn', details: { ...room, edition } })
  return beginIsolation(act.tx, { id: act.newId(), contactId: id, ...room, beganAt }, act)
}

const inRoomAlready = ({ contactId: id, pool, beganAt }: IsolationStay, room: Room): Refused => {
  const since = instantOf(beganAt)
  return pool === room.pool ? refuse('alreadyInCare', `${id} 自 ${since} 起已住在 ${pool}，不必再办`, `${id} has been in ${pool} since ${since}; there is nothing left to do`)
    : refuse('alreadyInCare', `${id} 自 ${since} 起住在 ${pool}；请用换房`, `${id} has been in ${pool} since ${since}; move them instead`)
}

/** Another room, in the same site or elsewhere: both steps, or neither. Refuses as `checkIn` does, and notInCare. */
export async function moveRoom(act: Act, id: string, room: Room, when: When): Promise<IsolationStay> {
  mustReach(act, { place: room.place })
  const { contact, open } = await inIsolation(act, id)
  const movedAt = whenOf(when, act.at, open.beganAt)
  checkNotBefore(movedAt, open.beganAt)
  const pools = await lockedRooms(act, [open, room])
  await checkRoom(act, room, pools)
  if (room.pool !== open.pool) {
    await throughPool(act, open, pools, goOut, movedAt)
    await throughPool(act, room, pools, comeIn, movedAt)
  }
  await endIsolation(act.tx, open, { endedAt: movedAt, ending: 'moved' }, act)
  await tell(act, id, 'moved', { version: contact.version, from: { place: open.place, pool: open.pool }, ...room, at: instantOf(movedAt) })
  return beginIsolation(act.tx, { id: act.newId(), contactId: id, ...room, beganAt: movedAt }, act)
}

/** Leaves the room for good. Refuses: notFound, changedMeanwhile, isolationIsOver, notInCare, wrongTime. */
export async function leaveRoom(act: Act, id: string, ending: IsolationEnding, when: When): Promise<IsolationStay> {
  const { contact, open } = await inIsolation(act, id)
  const endedAt = whenOf(when, act.at, open.beganAt)
  checkNotBefore(endedAt, open.beganAt)
  await throughPool(act, open, await lockBeds(act, [open]), goOut, endedAt)
  const ended = await endIsolation(act.tx, open, { endedAt, ending }, act)
  await tell(act, id, ending, { version: contact.version, place: open.place, pool: open.pool, at: instantOf(endedAt) })
  return ended
}

/**
 * What was seen of somebody; the later word for a half day stands, but that nobody who was unwell in it is well by a word:
 * that is a physician's to say. Refuses: notFound, changedMeanwhile, isolationIsOver, notInCare, wrongTime, symptomsObserved.
 */
export async function observe(act: Act, id: string, seen: Observation): Promise<void> {
  const { contact, open } = await inIsolation(act, id)
  const today = dayOf(act.at)
  if (seen.day > today || seen.day < dayOf(open.beganAt)) {
    throw refuse('wrongTime', `观察日应在 ${dayOf(open.beganAt)} 至 ${today} 之间`, `the day must lie between ${dayOf(open.beganAt)} and ${today}`)
  }
  if (halfBegins(seen.day, seen.half) > act.at) {
    throw wrongAt('wrongTime', '/half', `${seen.day} 下午还没到；现在是 ${instantOf(act.at)}`, `the afternoon of ${seen.day} has not come yet; it is ${instantOf(act.at)} now`)
  }
  const before = (await observationsOf(act.tx, id)).find((look) => isSameHalf(look, seen))
  if (before !== undefined && isUnwell(before) && !isUnwell(seen)) {
    const [half, found] = [HALVES[seen.half], saidOf(before)]
    throw refuse('symptomsObserved', `${seen.day} ${half.zh}已记有${found.zh}，后记不能抹去；与本病无关的，由医师排除后记入（rule-out）`,
      `${found.en} stands for the ${half.en} of ${seen.day}, and no later word takes it away; where it is not of the disease, have a physician rule it out (rule-out)`)
  }
  await putObservation(act.tx, id, seen, act)
  const body = withoutAnswer(contact.body, seen)
  if (body === contact.body) await tell(act, id, 'observed', { ...seen })
  else await keepContact(act, { id, before: contact, body, at: act.at, action: 'observed', details: { ...seen } })
}

/** The edition under which an isolation that begins on this day stands, if it keeps such people apart at all. */
function editionFor(kind: Contact['kind'], day: string): string {
  const edition = isolationEditionOn(day)
  if (edition === null) throw refuse('wrongTime', `${day} 没有收录的隔离规定`, `no rules of isolation are written down for ${day}`)
  return knowing(edition, kind).edition
}

/** The edition of their beginning, or else of the day on which they come, has to know such people: nobody could release them. */
export function checkKind(held: string | null, { kind, expectedOn }: Pick<Notice, 'kind' | 'expectedOn'>): void {
  const edition = held === null ? null : isolationEditionOf(held)
  if (edition === null) editionFor(kind, expectedOn)
  else knowing(edition, kind)
}

function knowing(edition: IsolationEdition, kind: Contact['kind']): IsolationEdition {
  if (isKnownKind(edition, kind)) return edition
  throw refuse('wrongReference', `${edition.title.zh}没有这一类人员（kind）`, `${edition.title.en} does not know such people (kind)`)
}

/** The contact, locked, in the version that the asker saw where they said which; whose isolation can still go on. */
export async function lockedContact(act: Act, id: string): Promise<Recorded<Contact>> {
  const found = await lockRecord(act, CONTACTS, id)
  if (found === null || !await isSeen(act.tx, CONTACTS, id, act.reach)) throw notFound(id)
  matchVersionIfGiven(act, found)
  checkGoesOn(found)
  if (found.body.withdrawn) {
    throw refuse('isolationIsOver', `${id} 的预告已撤回；要来的，请再登记（PUT）一次`, `the notice of ${id} was withdrawn; if they come after all, announce them again (PUT)`)
  }
  return found
}

/** Refuses whoever has become a case or was released. */
function checkGoesOn({ id, body: { case: become, certificate } }: Recorded<Contact>): void {
  if (become !== null) throw refuse('isolationIsOver', `${id} 已转为病例 ${become}`, `${id} has become the case ${become}`)
  if (certificate !== null) throw refuse('isolationIsOver', `${id} 已于 ${certificate.day} 解除隔离`, `${id} was released on ${certificate.day}`)
}

/** The contact, locked, and their stay that goes on, at a place within reach. */
export async function inIsolation(act: Act, id: string): Promise<{ contact: Recorded<Contact>; open: IsolationStay }> {
  const contact = await lockedContact(act, id)
  const open = await openIsolationOf(act.tx, id)
  if (open === null) throw refuse('notInCare', `${id} 不在隔离点`, `${id} is in no isolation site`)
  mustReach(act, { place: open.place })
  return { contact, open }
}

const lockedRooms = (act: Act, rooms: readonly Room[]): Promise<LockedPools> => lockBeds(act, rooms)

/** It exists, at that place, and is a room in which somebody is kept apart. */
async function checkRoom(act: Act, room: Room, pools: LockedPools): Promise<void> {
  await checkBed(act, room, pools)
  const level = pools.get(room.pool)?.record.body.careLevel
  if (level === 'room' || level === 'observation') return
  throw refuse('wrongReference', `${room.pool} 不是隔离房间`, `${room.pool} is no isolation room`)
}

interface Kept {
  readonly id: string
  readonly before: Recorded<Contact> | null
  readonly body: Contact
  readonly at: Date
  readonly action: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** One new version of the contact, and its line in the journal. */
export async function keepContact(act: Act, { id, before, body, at, action, details = {} }: Kept): Promise<Recorded<Contact>> {
  const record = await putRecord(act.tx, CONTACTS, { id, body, effectiveAt: at, before }, act)
  await tell(act, id, action, { version: record.version, before: before?.body ?? null, after: body, at: instantOf(at), ...details })
  return record
}

const tell = (act: Act, id: string, action: string, details: Readonly<Record<string, unknown>>): Promise<void> =>
  act.journal({ action: `isolation.${action}`, kind: CONTACTS.kind, subject: id, details })

/** The contact as it stands in this transaction. */
export async function standing({ tx }: Pick<Act, 'tx'>, id: string): Promise<Recorded<Contact>> {
  const found = await currentRecord(tx, CONTACTS, id)
  if (found === null) throw notFound(id)
  return found
}

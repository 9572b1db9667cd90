import { faultsNow } from './modelLook.js'
import {
  type Command, type Deed, type Fields, isCount, type Kept, type Kind, type Predicted, read, recordOut, type Run, runOut, type Sent, type State,
  type Stay, stayOut, type Version, written,
} from './modelWords.js'

const STATUS: Readonly<Record<string, number>> = {
  invalidInput: 400, keyMissing: 400, notFound: 404, alreadyExists: 409, noFreeBed: 409, alreadyInCare: 409, notInCare: 409,
  figureIsOlder: 409, storeNotEmpty: 409, runIsOver: 409, changedMeanwhile: 412, unknownReference: 422, wrongReference: 422,
  wrongTime: 422, wrongFigure: 422, keyReused: 422, scenarioRefused: 422, versionMissing: 428,
}

class No extends Error {
  constructor(readonly code: string) {
    super(code)
  }
}

const orNought = (figure: unknown): number => (isCount(figure) ? figure : 0)
const NOBODY_COUNTED = { physical: 'unknown', staffed: 'unknown', occupied: 'unknown', held: 'unknown', asOf: null }
const PROVENANCE = { assumed: [], asOf: null }
/** What stands where nothing was said. */
const LEFT_OUT: Readonly<Record<Kind, Fields>> = {
  'reporting-units': { aliases: [], ...PROVENANCE }, places: PROVENANCE, pools: { attributes: [], ...PROVENANCE },
  cases: { needs: [], ...PROVENANCE }, intake: PROVENANCE,
}
const JOURNAL_NAMES: Readonly<Record<Kind, string>> = {
  'reporting-units': 'units', places: 'places', pools: 'pools', cases: 'cases', intake: 'intake',
}

/**
 * What the service ought to do, in plain maps: written from its rules in words, and sharing nothing with its code. It is
 * told each command after the service has answered it, with the id that the service gave to whatever is new.
 */
export class World implements State {
  now: number
  records: Readonly<Record<Kind, Map<string, Version[]>>> = {
    'reporting-units': new Map(), places: new Map(), pools: new Map(), cases: new Map(), intake: new Map(),
  }
  stays = new Map<string, Stay>()
  readonly runs = new Map<string, Run>()
  readonly journal: Deed[] = []
  private readonly keys = new Map<string, Kept>()
  private post = ''
  private ifMatch: string | null = null

  constructor(now: number, private readonly reached: (situation: string) => void) {
    this.now = now
  }

  /** What the service ought to have answered; `givenId` is the id that it gave to a new stay or run. */
  act({ command, post, key, ifMatch, isCrooked }: Sent, givenId: string): Predicted {
    this.post = post
    this.ifMatch = ifMatch
    const out = isCrooked ? 'invalidInput' : this.refusedAtTheDoor(command) ?? (key === null ? 'keyMissing' : null)
    if (out !== null || key === null) return { ...refusal(out ?? 'keyMissing'), kept: null, again: false }
    const same = canonical([command, ifMatch])
    const before = this.keys.get(`${post} ${key}`)
    if (before !== undefined && before.same !== same) {
      this.reached('key reused for something else')
      return { ...refusal('keyReused'), kept: null, again: false }
    }
    if (before !== undefined) {
      this.reached(before.answer.code === null ? 'success replayed' : 'refusal replayed')
      return { ...before.answer, kept: before, again: true }
    }
    if ([...this.keys.keys()].some((used) => used.endsWith(` ${key}`))) this.reached('key of another post')
    const kept = { same, answer: this.answered(command, givenId), bytes: '' }
    this.keys.set(`${post} ${key}`, kept)
    return { ...kept.answer, kept, again: false }
  }

  present(kind: Kind, id: string): Version | undefined {
    return this.records[kind].get(id)?.at(-1)
  }

  openStayOf(person: string): Stay | undefined {
    return [...this.stays.values()].find((stay) => stay.person === person && stay.end === null)
  }

  named(pool: string): number {
    return [...this.stays.values()].filter((stay) => stay.pool === pool && stay.end === null).length
  }

  /** Null: nobody knows. */
  bedsLeft(pool: string): number | null {
    const { physical, staffed, occupied, held, oxygenBeds } = this.present('pools', pool)?.body ?? { ...NOBODY_COUNTED, oxygenBeds: 'unknown' }
    if (!isCount(staffed) || !isCount(occupied)) return null
    return Math.min(...[staffed, physical, oxygenBeds].filter(isCount)) - Math.max(occupied, this.named(pool)) - orNought(held)
  }

  /** What is refused before its key counts for anything. */
  private refusedAtTheDoor(command: Command): string | null {
    if (command.op !== 'put') return null
    const { kind, id, body } = command
    if (kind === 'cases' && !(id.startsWith(`${String(body['unit'])}-`) && id.length > String(body['unit']).length + 1)) return 'wrongReference'
    return kind === 'intake' && !/^\d{4}-\d\d-\d\d$/.test(id) ? 'wrongTime' : null
  }

  private answered(command: Command, givenId: string): Kept['answer'] {
    try {
      switch (command.op) {
        case 'put': return this.soundly(() => this.put(command.kind, command.id, { ...LEFT_OUT[command.kind], ...command.body }))
        case 'report': return this.report(command.id, command.body)
        case 'admit': return this.soundly(() => this.admit(command.body, givenId))
        case 'move': return this.move(command.id, command.body, givenId)
        case 'end': return this.end(command.id, command.body)
        case 'ask': return this.ask(command.body, givenId)
        case 'cancel': return this.cancel(command.id)
        case 'import': throw new No('storeNotEmpty')
      }
    } catch (no) {
      if (no instanceof No) return refusal(no.code)
      throw no
    }
  }

  /** Done, unless the picture of the present would then contradict itself where it did not before. */
  private soundly(work: () => Kept['answer']): Kept['answer'] {
    const { 'reporting-units': units, places, pools, cases, intake } = this.records
    const records = { 'reporting-units': new Map(units), places: new Map(places), pools: new Map(pools), cases: new Map(cases), intake: new Map(intake) }
    const before = { records, stays: new Map(this.stays), deeds: this.journal.length, faults: faultsNow(this) }
    const answer = work()
    if (faultsNow(this).every((fault) => before.faults.includes(fault))) return answer
    this.records = before.records
    this.stays = before.stays
    this.journal.splice(before.deeds)
    throw new No('scenarioRefused')
  }

  private put(kind: Kind, id: string, body: Fields): Kept['answer'] {
    const before = this.present(kind, id)
    if (before !== undefined) this.match(before.version, true)
    else if (this.ifMatch !== null) throw new No('changedMeanwhile')
    const at = this.when(body['asOf'])
    const told = kind === 'cases' ? [body['waitingSince'], body['fitnessAssessedAt']].filter((one) => one !== null) : []
    if (told.some((one) => read(one) > at)) throw new No('wrongTime')
    const { physical, staffed, occupied, held, asOf } = before?.body ?? NOBODY_COUNTED
    const after = kind === 'pools' ? { ...body, physical, staffed, occupied, held, asOf } : body
    this.checkReferences(kind, id, after)
    if (kind === 'cases' && body['companion'] !== null) this.reached('companion')
    const kept = this.keep(kind, id, after, at)
    this.note('put', JOURNAL_NAMES[kind], id)
    return { status: before === undefined ? 201 : 200, code: null, body: recordOut(kept) }
  }

  private checkReferences(kind: Kind, id: string, body: Fields): void {
    const { unit, place, block, companion, gbt2260 } = body
    const needs = (there: boolean, code: string) => {
      if (!there) throw new No(code)
    }
    if (kind === 'reporting-units' && gbt2260 !== null) {
      needs(![...this.records[kind].keys()].some((other) => other !== id && this.present(kind, other)?.body['gbt2260'] === gbt2260), 'alreadyExists')
    }
    if (kind === 'places' || kind === 'cases') needs(this.present('reporting-units', String(unit)) !== undefined, 'unknownReference')
    if (kind === 'cases' && companion !== null) needs(companion === id || this.present('cases', String(companion)) !== undefined, 'unknownReference')
    if (kind !== 'pools') return
    // Whoever lies there, or has lain there, was at the place that the pool then had.
    needs(![...this.stays.values()].some((stay) => stay.pool === id && stay.place !== place), 'wrongReference')
    needs(this.present('places', String(place)) !== undefined, 'unknownReference')
    needs(block === null, 'wrongReference')
  }

  private report(id: string, said: Fields): Kept['answer'] {
    const before = this.present('pools', id)
    if (before === undefined) throw new No('notFound')
    this.match(before.version, false)
    const at = this.when(said['asOf'])
    const { body } = before
    if (body['asOf'] !== null && at < read(body['asOf'])) {
      this.reached('late report')
      throw new No('figureIsOlder')
    }
    const { physical = body['physical'], staffed, occupied, held = body['held'], source = `report by ${this.post}` } = said
    const assumed = (body['assumed'] as string[]).filter((field) => !(field in said))
    if (isCount(physical) && isCount(staffed) && staffed > physical) throw new No('wrongFigure')
    const counted = this.records.pools.get(id)?.some((version) => isCount(version.body['occupied']))
    if (!isCount(body['occupied']) && counted === true && isCount(occupied)) this.reached('unknown, then known again')
    if (isCount(occupied) && occupied < this.named(id)) this.reached('census below the named')
    if (at < before.effectiveAt) this.reached('report of before the last change')
    const kept = this.keep('pools', id, { ...body, physical, staffed, occupied: this.afterwards(id, occupied, at), held, source, assumed, asOf: written(at) }, at)
    if ((this.bedsLeft(id) ?? 0) + orNought(held) < 0) this.reached('overfull pool')
    this.note('beds.reported', 'pools', id)
    return { status: 200, code: null, body: recordOut(kept) }
  }

  /** A count of an earlier moment, with whoever came and left since. */
  private afterwards(pool: string, occupied: unknown, at: number): unknown {
    if (!isCount(occupied)) return occupied
    const stays = [...this.stays.values()].filter((stay) => stay.pool === pool)
    const came = stays.filter(({ began }) => began > at).length
    const left = stays.filter(({ end }) => end !== null && end.at > at).length
    if (came !== left) this.reached('report of before somebody came or left')
    return Math.max(0, occupied + came - left)
  }

  private admit({ case: person, place, pool = null, at: said }: Fields, id: string): Kept['answer'] {
    if (this.present('cases', String(person)) === undefined) throw new No('unknownReference')
    if (this.openStayOf(String(person)) !== undefined) throw new No('alreadyInCare')
    const at = this.when(said)
    const last = Math.max(...[...this.stays.values()].flatMap((stay) => (stay.person === person && stay.end !== null ? [stay.end.at] : [])))
    if (at < last) throw new No('wrongTime')
    if (at === last) this.reached('back in the very moment of leaving')
    const bed = this.bed(place, pool)
    if (bed.pool !== null) this.comeIn(bed.pool, at)
    return this.begin(id, String(person), bed, at, 'admitted')
  }

  private move(stayId: string, { place, pool = null, at: said }: Fields, id: string): Kept['answer'] {
    const { stay, at } = this.openStay(stayId, said)
    const bed = this.bed(place, pool)
    if (bed.pool !== stay.pool) {
      if (bed.pool !== null) this.comeIn(bed.pool, at)
      if (stay.pool !== null) this.goOut(stay.pool, at)
    } else this.reached(bed.pool === null ? 'move between places whose pools nobody knows' : 'move inside one pool')
    this.close(stay, at, 'moved')
    return this.begin(id, stay.person, bed, at, 'moved')
  }

  private end(stayId: string, { ending, at: said }: Fields): Kept['answer'] {
    const { stay, at } = this.openStay(stayId, said)
    if (stay.pool !== null) this.goOut(stay.pool, at)
    this.note(String(ending), 'stays', stayId)
    return { status: 200, code: null, body: stayOut(this.close(stay, at, String(ending))) }
  }

  private ask(request: Fields, id: string): Kept['answer'] {
    this.when(request['asOf'])
    const run = { id, request, by: this.post, at: this.now, cancelled: null }
    this.runs.set(id, run)
    this.note('plan.asked', 'plan-runs', id)
    return { status: 202, code: null, body: runOut(run) }
  }

  private cancel(id: string): Kept['answer'] {
    const run = this.runs.get(id)
    if (run === undefined) throw new No('notFound')
    if (run.cancelled !== null) throw new No('runIsOver')
    const after = { ...run, cancelled: this.now }
    this.runs.set(id, after)
    this.note('plan.cancelled', 'plan-runs', id)
    return { status: 200, code: null, body: runOut(after) }
  }

  private openStay(id: string, said: unknown): { stay: Stay; at: number } {
    const stay = this.stays.get(id)
    if (stay === undefined) throw new No('notFound')
    if (stay.end !== null) throw new No('notInCare')
    this.match(1, false)
    const at = this.when(said)
    if (at < stay.began) throw new No('wrongTime')
    if (at === stay.began) this.reached('stay of no length')
    return { stay, at }
  }

  private bed(place: unknown, pool: unknown): { place: string; pool: string | null } {
    if (this.present('places', String(place)) === undefined) throw new No('unknownReference')
    if (pool === null) {
      this.reached('lying where only the place is known')
      return { place: String(place), pool: null }
    }
    const of = this.present('pools', String(pool))
    if (of === undefined) throw new No('unknownReference')
    if (of.body['place'] !== place) throw new No('wrongReference')
    return { place: String(place), pool: String(pool) }
  }

  private comeIn(pool: string, at: number): void {
    const body = this.present('pools', pool)?.body ?? NOBODY_COUNTED
    const { occupied, asOf, held } = body
    const named = this.named(pool)
    const left = this.bedsLeft(pool)
    if (isCount(occupied) && asOf !== null && at <= read(asOf) && occupied > named) {
      this.reached('arrival counted by an earlier census')
      this.keep('pools', pool, body, at, 1)
      return
    }
    if (left !== null && left < 1) {
      if (left + orNought(held) >= 1) this.reached('the last bed is promised')
      throw new No('noFreeBed')
    }
    if (!isCount(occupied)) this.reached('arrival where nobody counted')
    else if (occupied < named) this.reached('arrival behind a census that missed somebody')
    this.keep('pools', pool, isCount(occupied) ? { ...body, occupied: Math.max(occupied, named) + 1 } : body, at, 1)
  }

  private goOut(pool: string, at: number): void {
    const body = this.present('pools', pool)?.body ?? NOBODY_COUNTED
    const { occupied, asOf } = body
    const wasCounted = asOf !== null && at <= read(asOf)
    if (wasCounted) this.reached('departure counted by an earlier census')
    else if (isCount(occupied) && occupied < this.named(pool)) this.reached('departure of one whom the census missed')
    const takes = isCount(occupied) && !wasCounted && occupied >= this.named(pool)
    this.keep('pools', pool, takes ? { ...body, occupied: occupied - 1 } : body, at, -1)
  }

  private begin(id: string, person: string, bed: { place: string; pool: string | null }, began: number, action: string): Kept['answer'] {
    const stay = { id, person, ...bed, began, beganRecorded: this.now, beganBy: this.post, end: null }
    this.stays.set(id, stay)
    this.note(action, 'stays', id)
    return { status: 201, code: null, body: stayOut(stay) }
  }

  private close(stay: Stay, at: number, how: string): Stay {
    const ended = { ...stay, end: { at, how, recorded: this.now, by: this.post } }
    this.stays.set(stay.id, ended)
    return ended
  }

  private keep(kind: Kind, id: string, body: Fields, at: number, more = 0): Version {
    const versions = this.records[kind].get(id) ?? []
    const last = versions.at(-1)
    if (last !== undefined && at < last.effectiveAt) this.reached('effective time does not go back')
    const effectiveAt = Math.max(at, last?.effectiveAt ?? at)
    const version = { id, version: versions.length + 1, body, effectiveAt, recordedAt: this.now, recordedBy: this.post, ...(more === 0 ? {} : { named: { at, more } }) }
    this.records[kind].set(id, [...versions, version])
    return version
  }

  private note(action: string, kind: string, subject: string): void {
    this.journal.push({ action, kind, subject, actor: this.post, at: this.now })
  }

  private match(version: number, isNeeded: boolean): void {
    if (this.ifMatch === null && !isNeeded) return
    if (this.ifMatch === null) throw new No('versionMissing')
    if (!this.ifMatch.split(', ').includes(`"${version}"`)) throw new No('changedMeanwhile')
  }

  private when(said: unknown): number {
    const at = said === undefined || said === null ? this.now : read(said)
    if (at > this.now) throw new No('wrongTime')
    return at
  }
}

const refusal = (code: string): Kept['answer'] => ({ status: STATUS[code] ?? 0, code, body: null })

/** The same content gives the same text, whatever the order of its keys. */
export const canonical = (value: unknown): string => JSON.stringify(value, (_, inner: unknown) =>
  (typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner))

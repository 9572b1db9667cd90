/**
 * What the service ought to do, in plain maps: written from its rules in words, and sharing nothing with its code. It is
 * told each command after the service has answered it, with the id that the service gave to whatever is new.
 */
export type Fields = Readonly<Record<string, unknown>>

export type Kind = 'reporting-units' | 'places' | 'pools' | 'cases' | 'intake'

export type Command =
  | { readonly op: 'put'; readonly kind: Kind; readonly id: string; readonly body: Fields }
  | { readonly op: 'report' | 'move' | 'end'; readonly id: string; readonly body: Fields }
  | { readonly op: 'admit' | 'ask'; readonly body: Fields }
  | { readonly op: 'cancel'; readonly id: string }
  | { readonly op: 'import' }

/** A command as it is sent. `isCrooked`: its body does not fit the schema. */
export interface Sent {
  readonly command: Command
  readonly post: string
  readonly key: string | null
  readonly ifMatch: string | null
  readonly isCrooked: boolean
}

/** `again` is where the bytes of the first answer are kept, for a key that was used before. */
export interface Predicted {
  readonly status: number
  readonly code: string | null
  readonly body: Fields | null
  readonly kept: Kept | null
  readonly again: boolean
}
export interface Kept {
  readonly same: string
  readonly answer: Pick<Predicted, 'status' | 'code' | 'body'>
  bytes: string
}

export interface Version {
  readonly id: string
  readonly version: number
  readonly body: Fields
  readonly effectiveAt: number
  readonly recordedAt: number
  readonly recordedBy: string
}
export interface Stay {
  readonly id: string
  readonly person: string
  readonly place: string
  readonly pool: string | null
  readonly began: number
  readonly beganRecorded: number
  readonly beganBy: string
  readonly end: { readonly at: number; readonly how: string; readonly recorded: number; readonly by: string } | null
}
export interface Run {
  readonly id: string
  readonly request: Fields
  readonly by: string
  readonly at: number
  readonly cancelled: number | null
}
export interface Deed { readonly action: string; readonly kind: string; readonly subject: string; readonly actor: string; readonly at: number }

const STATUS: Readonly<Record<string, number>> = {
  invalidInput: 400, keyMissing: 400, notFound: 404, alreadyExists: 409, noFreeBed: 409, alreadyInCare: 409, notInCare: 409,
  figureIsOlder: 409, storeNotEmpty: 409, runIsOver: 409, changedMeanwhile: 412, unknownReference: 422, wrongReference: 422,
  wrongTime: 422, keyReused: 422, versionMissing: 428,
}

class No extends Error {
  constructor(readonly code: string) {
    super(code)
  }
}

const HOURS_EAST = 8
/** A moment as people in China write it; milliseconds only where there are some. */
export const written = (moment: number): string =>
  `${new Date(moment + HOURS_EAST * 3_600_000).toISOString().replace('.000Z', 'Z').slice(0, -1)}+08:00`
export const read = (said: unknown): number => Date.parse(String(said))
const writtenOrNull = (moment: number | undefined) => (moment === undefined ? null : written(moment))

export const isCount = (figure: unknown): figure is number => typeof figure === 'number'
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
const RUN_DEFAULTS = { asOf: null, planDay: null, policy: {}, require: null, engine: 'highs', seconds: 60, secondOpinion: true }

export const stayOut = ({ id, person, place, pool, began, beganRecorded, beganBy, end }: Stay): Fields => ({
  id, version: end === null ? 1 : 2, case: person, place, pool,
  beganAt: written(began), beganRecordedAt: written(beganRecorded), beganRecordedBy: beganBy,
  endedAt: writtenOrNull(end?.at), ending: end?.how ?? null, endedRecordedAt: writtenOrNull(end?.recorded), endedRecordedBy: end?.by ?? null,
})
export const recordOut = ({ id, version, body, effectiveAt, recordedAt, recordedBy }: Version): Fields => ({
  id, version, effectiveAt: written(effectiveAt), recordedAt: written(recordedAt), recordedBy, ...body,
})
export const runOut = ({ id, request, by, at, cancelled }: Run): Fields => ({
  id, version: cancelled === null ? 1 : 2, state: cancelled === null ? 'queued' : 'cancelled', request: { ...RUN_DEFAULTS, ...request },
  requestedAt: written(at), requestedBy: by, startedAt: null, finishedAt: cancelled === null ? null : written(cancelled),
  progress: { done: 0, of: 0, title: null }, exit: null, snapshotHash: null, planHash: null, milliseconds: null, reasons: null,
})

export class World {
  now: number
  readonly records: Readonly<Record<Kind, Map<string, Version[]>>> = {
    'reporting-units': new Map(), places: new Map(), pools: new Map(), cases: new Map(), intake: new Map(),
  }
  readonly stays = new Map<string, Stay>()
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
    const { staffed, occupied, held } = this.present('pools', pool)?.body ?? NOBODY_COUNTED
    if (!isCount(staffed) || !isCount(occupied)) return null
    return staffed - Math.max(occupied, this.named(pool)) - orNought(held)
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
        case 'put': return this.put(command.kind, command.id, { ...LEFT_OUT[command.kind], ...command.body })
        case 'report': return this.report(command.id, command.body)
        case 'admit': return this.admit(command.body, givenId)
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

  private put(kind: Kind, id: string, body: Fields): Kept['answer'] {
    const before = this.present(kind, id)
    if (before !== undefined) this.match(before.version, true)
    const at = this.when(body['asOf'])
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
    const counted = this.records.pools.get(id)?.some((version) => isCount(version.body['occupied']))
    if (!isCount(body['occupied']) && counted === true && isCount(occupied)) this.reached('unknown, then known again')
    if (isCount(occupied) && occupied < this.named(id)) this.reached('census below the named')
    if (at < before.effectiveAt) this.reached('report of before the last change')
    const kept = this.keep('pools', id, { ...body, physical, staffed, occupied, held, source, assumed, asOf: written(at) }, at)
    if ((this.bedsLeft(id) ?? 0) + orNought(held) < 0) this.reached('overfull pool')
    this.note('beds.reported', 'pools', id)
    return { status: 200, code: null, body: recordOut(kept) }
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
      this.keep('pools', pool, body, at)
      return
    }
    if (left !== null && left < 1) {
      if (left + orNought(held) >= 1) this.reached('the last bed is promised')
      throw new No('noFreeBed')
    }
    if (!isCount(occupied)) this.reached('arrival where nobody counted')
    this.keep('pools', pool, isCount(occupied) ? { ...body, occupied: Math.max(occupied, named) + 1 } : body, at)
  }

  private goOut(pool: string, at: number): void {
    const body = this.present('pools', pool)?.body ?? NOBODY_COUNTED
    const { occupied, asOf } = body
    const wasCounted = asOf !== null && at <= read(asOf)
    if (wasCounted) this.reached('departure counted by an earlier census')
    else if (isCount(occupied) && occupied < this.named(pool)) this.reached('departure of one whom the census missed')
    const takes = isCount(occupied) && !wasCounted && occupied >= this.named(pool)
    this.keep('pools', pool, takes ? { ...body, occupied: occupied - 1 } : body, at)
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

  private keep(kind: Kind, id: string, body: Fields, at: number): Version {
    const versions = this.records[kind].get(id) ?? []
    const last = versions.at(-1)
    if (last !== undefined && at < last.effectiveAt) this.reached('effective time does not go back')
    const effectiveAt = Math.max(at, last?.effectiveAt ?? at)
    const version = { id, version: versions.length + 1, body, effectiveAt, recordedAt: this.now, recordedBy: this.post }
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

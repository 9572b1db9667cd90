import type { Chance } from './racesChance.js'
import type { Operation } from './fuzzDocument.js'

type Row = Readonly<Record<string, unknown>>
const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const KEPT_MAX = 400

/** What earlier answers gave, for later requests to refer to: ids by the collection they came from, bodies, versions. */
export class Found {
  private readonly ids = new Map<string, string[]>()
  private readonly bodies = new Map<string, Row>()
  /** The newest word of an invitation, while nobody has used it. */
  word: string | null = null
  /** ETags by address. */
  readonly etags = new Map<string, string>()
  /** Cursors, with the operation that gave them. */
  readonly cursors: { operation: string; cursor: string }[] = []

  /** Ids of `pools`, `cases`, …; `stays/open`, `stays/ended`, `runs/done`, `runs/over`, `cases/free`. */
  of(collection: string): readonly string[] {
    return this.ids.get(collection) ?? []
  }

  one(collection: string, chance: Chance): string {
    const ids = this.of(collection)
    return ids.length === 0 ? 'nobody-there-7' : chance.one(ids)
  }

  body(collection: string, id: string): Row | null {
    return this.bodies.get(`${collection} ${id}`) ?? null
  }

  add(collection: string, id: string): void {
    const ids = this.ids.get(collection) ?? []
    if (ids.includes(id)) return
    ids.push(id)
    if (ids.length > KEPT_MAX) ids.splice(Math.floor(KEPT_MAX / 2), 1)
    this.ids.set(collection, ids)
  }

  drop(collection: string, id: string): void {
    const ids = this.ids.get(collection)
    const at = ids?.indexOf(id) ?? -1
    if (at >= 0) ids?.splice(at, 1)
  }

  /** Learns from an answer that was given what it asked for. */
  learn(operation: Operation, path: string, json: unknown, etag: string | undefined): void {
    const [, , collection = '', , under] = operation.segments
    if (!isRow(json)) return
    this.word = text(json['word']) ?? this.word
    if (etag !== undefined && operation.segments.length === 4) this.etags.set(path, etag)
    if (Array.isArray(json['items']) && under === undefined) for (const item of json['items']) this.learnRow(collection, item)
    else this.learnRow(collection, json)
    if (operation.id === 'receiveStock' && Array.isArray(json['lines'])) for (const line of json['lines']) this.add('lots/fresh', text(isRow(line) ? line['lot'] : null) ?? '')
    const cursor = text(json['next'])
    if (cursor !== null) this.cursors.splice(Math.min(this.cursors.length, 20), 1, { operation: operation.id, cursor })
  }

  private learnRow(collection: string, row: unknown): void {
    const id = isRow(row) ? text(row['id']) : null
    if (!isRow(row) || id === null) return
    this.add(collection, id)
    // An answer may say less of it than one before: an invitation is no account.
    this.bodies.set(`${collection} ${id}`, { ...this.body(collection, id), ...row })
    // What was there at the beginning is left alone, so that there is always something to give out.
    if (collection === 'lots' && row['quarantined'] === true) this.drop('lots/fresh', id)
    if (collection === 'stays') this.learnStay(id, row)
    if (collection === 'contacts') this.learnContact(id, row)
    if (collection === 'stock-notes') this.learnNote(id, row)
    if (collection === 'cases' && row['version'] === 1 && id.includes('fuzz')) this.add('cases/free', id)
    if (collection === 'plan-runs') {
      const state = text(row['state']) ?? ''
      for (const other of ['queued', 'running', 'done', 'failed', 'cancelled']) this.drop(`plan-runs/${other}`, id)
      this.add(`plan-runs/${state}`, id)
    }
    if (collection === 'allocation-orders') {
      const state = text(row['state']) ?? ''
      const isLive = ['issued', 'shipped'].includes(state)
      for (const other of ['issued', 'shipped']) this.drop(`${collection}/${other}`, id)
      this.add(`${collection}/${isLive ? state : 'over'}`, id)
    }
    if (collection === 'material-requests') {
      const isOpen = row['state'] === 'open'
      this.add(`${collection}/${isOpen ? 'open' : 'over'}`, id)
      if (!isOpen) this.drop(`${collection}/open`, id)
    }
  }

  private learnContact(id: string, row: Row): void {
    const isReleased = row['certificate'] !== null
    const isOver = isReleased || row['case'] !== null || row['withdrawn'] === true
    for (const state of ['announced', 'begun', 'over', 'released']) this.drop(`contacts/${state}`, id)
    this.add(`contacts/${isOver ? 'over' : row['edition'] === null ? 'announced' : 'begun'}`, id)
    if (isReleased) this.add('contacts/released', id)
  }

  /** What came in and was not taken back since may be taken back. */
  private learnNote(id: string, row: Row): void {
    const isStanding = row['kind'] === 'receipt' && row['reversedBy'] === null
    if (isStanding) this.add('stock-notes/standing', id)
    else this.drop('stock-notes/standing', id)
    const reversed = row['reversedBy'] === null ? text(row['reverses']) : id
    if (reversed === null) return
    this.drop('stock-notes/standing', reversed)
    this.add('stock-notes/reversed', reversed)
  }

  private learnStay(id: string, row: Row): void {
    const isOpen = row['endedAt'] === null
    const person = text(row['case']) ?? ''
    this.add(isOpen ? 'stays/open' : 'stays/ended', id)
    this.drop(isOpen ? 'stays/ended' : 'stays/open', id)
    if (isOpen) this.add('cases/lying', person)
    else this.drop('cases/lying', person)
    this.drop('cases/free', person)
  }
}

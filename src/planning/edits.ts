import { z } from 'zod'
import { byCodeUnits } from '../kernel/canonical.js'
import { postSchema } from '../kernel/ids.js'
import { provenanceShape } from '../kernel/provenance.js'
import { text } from '../kernel/text.js'
import { type Vocabulary, wordSchema } from '../kernel/vocabulary.js'
import type { Bed } from '../stays/stays.js'

/** What somebody may decide by hand before a plan is made: the draft is then solved again around it. */
export const EDIT_KINDS = {
  pin: text('指定去向', 'pin to a place'),
  forbid: text('不去某处', 'keep from a place'),
  stay: text('留在原处', 'stay where they lie'),
} as const satisfies Vocabulary<string>

const name = z.string().min(1).max(200).nullable()

/** What is decided; who decided it is whoever asks. Which fields belong to which kind is said in faults/edits.ts. */
const decisionShape = {
  kind: wordSchema(EDIT_KINDS),
  /** Whom it is about; null where it is about all cases of a unit. */
  patient: name,
  /** forbid only: all cases of this reporting unit. */
  unit: name,
  /** pin: afterwards they lie there. forbid: nobody of them goes there. stay: null. */
  place: name,
  /** pin only: in this pool; null: in any that the place has. */
  pool: name,
  reason: z.string().min(1).max(400),
}

/** A decision by hand as it is asked for. */
export const editAskSchema = z.strictObject({
  ...decisionShape,
  patient: name.default(null), unit: name.default(null), place: name.default(null), pool: name.default(null),
}).meta({ id: 'Edit' })
export type EditAsk = z.infer<typeof editAskSchema>

/** A decision by hand (人工决定) as the plan is made with it. */
export const editSchema = z.strictObject({ ...decisionShape, by: postSchema, ...provenanceShape })
export type Edit = z.infer<typeof editSchema>

export const EDITS_MAX = 200

/** `E001`, `E002`, …: the decisions of one request, in their order. */
const editId = (index: number): string => `E${String(index + 1).padStart(3, '0')}`

/** How manieth of its request an edit is, from 0. */
export const editIndex = (id: string): number => Number(id.slice(1)) - 1

/** The decisions of a request as rows of the scenario, decided by whoever asked. */
export const editRows = (asked: readonly EditAsk[], by: string): Record<string, Edit> =>
  Object.fromEntries(asked.map((edit, i) => [editId(i), { ...edit, by, source: 'asked for with the plan', assumed: [], asOf: null }]))

/** Where a decision wants somebody to lie afterwards. */
export interface Placed {
  readonly id: string
  readonly edit: Edit
}

/** Whether a bed afterwards is what was decided for somebody who lies in `own` now. A forbid is about coming from elsewhere. */
export function isAsDecided({ kind, place, pool }: Edit, { own, after }: { own: Bed; after: Bed }): boolean {
  switch (kind) {
    case 'pin':
      return after.place === place && (pool === null || after.pool === pool)
    case 'stay':
      return after.place === own.place && after.pool === own.pool
    case 'forbid':
      return after.place !== place || own.place === place
  }
}

/** Decisions by hand, by the person whom they bind. */
export class HandDecisions {
  /** A pin or a stay: at most one a person. */
  private readonly placed = new Map<string, Placed>()
  /** Forbids by person, in the order of their ids. */
  private readonly forbids = new Map<string, Placed[]>()
  private readonly people = new Map<string, string[]>()

  /** `unitOf`: everybody who may be bound, with their reporting unit; an order that stands is bound by none of them. */
  constructor(rows: Readonly<Record<string, Edit>>, unitOf: ReadonlyMap<string, string>) {
    const ofUnit = new Map<string, string[]>()
    for (const [person, unit] of unitOf) ofUnit.set(unit, [...(ofUnit.get(unit) ?? []), person])
    for (const [id, edit] of Object.entries(rows).sort(([a], [b]) => byCodeUnits(a, b))) {
      const { patient, unit, kind } = edit
      const bound = patient !== null ? [patient].filter((one) => unitOf.has(one)) : ofUnit.get(unit ?? '') ?? []
      this.people.set(id, bound)
      for (const person of bound) {
        if (kind === 'forbid') this.forbids.set(person, [...(this.forbids.get(person) ?? []), { id, edit }])
        else this.placed.set(person, { id, edit })
      }
    }
  }

  /** The pin or stay of this person, or null. */
  placedOf(person: string): Placed | null {
    return this.placed.get(person) ?? null
  }

  /** The pin of this person, or null. */
  pinOf(person: string): Placed | null {
    const placed = this.placedOf(person)
    return placed?.edit.kind === 'pin' ? placed : null
  }

  /** What keeps this person from places. */
  forbidsOf(person: string): readonly Placed[] {
    return this.forbids.get(person) ?? []
  }

  /** Ids of all that binds this person. */
  of(person: string): string[] {
    return [this.placedOf(person), ...this.forbidsOf(person)].flatMap((one) => (one === null ? [] : [one.id]))
  }

  /** Those whom an edit binds. */
  boundBy(id: string): readonly string[] {
    return this.people.get(id) ?? []
  }

  /** Whether somebody is to be moved, whatever it gains. */
  get arePins(): boolean {
    return [...this.placed.values()].some(({ edit }) => edit.kind === 'pin')
  }
}

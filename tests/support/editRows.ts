import { CENTRALISED, type CityPatch } from './city.js'
import { broken, ill, kept, type MustRow, type Person, to } from './mustRow.js'
import type { ForbidRow } from './forbidRows.js'
import { moves } from './planning.js'

type Edits = NonNullable<CityPatch['edits']>
const TWO_HUBS: CityPatch = {
  places: { hub2: CENTRALISED }, travel: { 'dist→hub2': 52, 'hub→hub2': 19 }, pools: { 'hub2/ordinary': {}, 'hub2/severe': {} },
}
const decided = (edits: Edits, cases: Readonly<Record<string, Person>> = { 'south-1': {} }): CityPatch => ill(cases, { ...TWO_HUBS, edits })
const PINNED = { E1: { kind: 'pin', patient: 'south-1', place: 'hub2' } } as const
const STAYS = { E1: { kind: 'stay', patient: 'south-1' } } as const
const UNIT = { E1: { kind: 'forbid', unit: 'south', place: 'hub2' } } as const
const TWO = { 'south-1': {}, 'north-1': {} }

export const BY_HAND: readonly MustRow[] = [
  broken('placedByHand', 'who is pinned is not moved at all', ['E1'], { city: decided(PINNED), paper: {} }),
  broken('placedByHand', 'who is pinned goes elsewhere', ['E1'], { city: decided(PINNED), paper: to('hub/ordinary') }),
  broken('placedByHand', 'who is pinned to beds goes into others of the place', ['E1'], {
    city: decided({ E1: { ...PINNED.E1, pool: 'hub2/severe' } }), paper: to('hub2/ordinary'),
  }),
  broken('placedByHand', 'who stays changes beds inside the hospital', ['E1'], { city: decided(STAYS), paper: to('dist/ordinary') }),
  kept('placedByHand', 'who is pinned goes there, into any beds', { city: decided(PINNED), paper: to('hub2/severe') }),
  kept('placedByHand', 'who stays does so while another moves', {
    city: decided(STAYS, TWO), paper: { moves: moves({ 'north-1': 'hub/ordinary' }) },
  }),
  broken('forbiddenByHand', 'one of the unit goes where none of it may', ['E1'], { city: decided(UNIT, TWO), paper: to('hub2/ordinary') }),
  broken('forbiddenByHand', 'somebody goes where they were kept from', ['E1'], {
    city: decided({ E1: { kind: 'forbid', patient: 'south-1', place: 'hub' } }), paper: to('hub/ordinary'),
  }),
  kept('forbiddenByHand', 'one of another unit goes there', { city: decided(UNIT, TWO), paper: { moves: moves({ 'north-1': 'hub2/ordinary' }) } }),
  kept('forbiddenByHand', 'one of the unit who lies there changes beds inside', {
    city: decided(UNIT, { 'south-1': { place: 'hub2', pool: 'hub2/ordinary', severity: 'severe' } }), paper: to('hub2/severe'),
  }),
  // Orders that stand are not undone by hand: whoever decides on a unit decides on those whom the plan moves.
  kept('forbiddenByHand', 'an order that stands is carried out', {
    city: { ...decided(UNIT), orders: { 'O-1': { patient: 'south-1', pool: 'hub2/ordinary' } } },
    paper: { moves: [{ patient: 'south-1', pool: 'hub2/ordinary', order: 'O-1' }] },
  }),
]

const no = (rule: string, says: string, edits: Edits, pool: string): ForbidRow =>
  ({ rule, says, forbids: true, city: decided(edits), pool, subject: 'E1' })
const yes = (rule: string, says: string, edits: Edits, pool: string): ForbidRow =>
  ({ rule, says, forbids: false, city: decided(edits), pool })

export const FORBIDDEN_BY_HAND: readonly ForbidRow[] = [
  no('placedByHand', 'who is pinned elsewhere does not go here', PINNED, 'hub/ordinary'),
  no('placedByHand', 'who is pinned to other beds of the place neither', { E1: { ...PINNED.E1, pool: 'hub2/severe' } }, 'hub2/ordinary'),
  no('placedByHand', 'who stays goes nowhere', STAYS, 'hub/ordinary'),
  yes('placedByHand', 'who is pinned goes there', PINNED, 'hub2/ordinary'),
  no('forbiddenByHand', 'none of the unit goes there', UNIT, 'hub2/ordinary'),
  yes('forbiddenByHand', 'they go elsewhere', UNIT, 'hub/ordinary'),
]

import { edit, person, type Row } from './scenarioMistakes.js'

const wrong = (what: string, decided: object, field: string, got: string, says: string, more: Readonly<Record<string, unknown>> = {}): Row =>
  [what, { 'edits.e2': edit(decided), ...more }, 'edits', 'e2', field, got, says]

/** Decisions by hand that nobody can carry out, or that contradict each other. The scenario pins jia-3 to the hub; o1 is for jia-1. */
export const EDITS: readonly Row[] = [
  wrong('a pin of nobody', { kind: 'pin', place: 'hub' }, 'patient', '', 'must name the case'),
  wrong('a pin to nowhere', { kind: 'pin', patient: 'jia-2' }, 'place', '', 'must name the place'),
  wrong('a pin of a whole unit', { kind: 'pin', patient: 'jia-2', unit: 'jia', place: 'hub' }, 'unit', 'jia', 'leave it empty'),
  wrong('a forbid of no place', { kind: 'forbid', patient: 'jia-2' }, 'place', '', 'must name the place'),
  wrong('a forbid of beds', { kind: 'forbid', patient: 'jia-2', place: 'hub', pool: 'hub/1' }, 'pool', 'hub/1', 'leave it empty'),
  wrong('a forbid of nobody', { kind: 'forbid', place: 'hub' }, 'patient', '', 'either a case or a reporting unit'),
  wrong('a forbid of a case and its unit', { kind: 'forbid', patient: 'jia-2', unit: 'jia', place: 'hub' }, 'patient', 'jia-2', 'either a case or'),
  wrong('a stay of nobody', { kind: 'stay' }, 'patient', '', 'must name the case'),
  wrong('a stay somewhere', { kind: 'stay', patient: 'jia-2', place: 'dist' }, 'place', 'dist', 'leave it empty'),

  wrong('case of a pin', { kind: 'pin', patient: 'jia-9', place: 'hub' }, 'patient', 'jia-9', 'table of cases'),
  wrong('unit of a forbid', { kind: 'forbid', unit: 'yo', place: 'hub' }, 'unit', 'yo', 'reporting units; the closest is yi'),
  wrong('place of a pin', { kind: 'pin', patient: 'jia-2', place: 'hud' }, 'place', 'hud', 'places; the closest is hub'),
  wrong('beds of a pin', { kind: 'pin', patient: 'jia-2', place: 'hub', pool: 'hub/2' }, 'pool', 'hub/2', 'beds; the closest is hub/1'),
  wrong('beds of another place', { kind: 'pin', patient: 'jia-2', place: 'hub', pool: 'res/1' }, 'pool', 'res/1', 'belongs to res'),
  wrong('a place that nobody commands', { kind: 'forbid', patient: 'jia-2', place: 'res' }, 'place', 'res', 'not under the command', { 'places.res.underCommand': false }),
  wrong('who lies where nobody commands', { kind: 'stay', patient: 'jia-4' }, 'patient', 'jia-4', 'is not planned',
    { 'cases.jia-4': person('res', null), 'places.res.underCommand': false }),
  wrong('who has an order', { kind: 'stay', patient: 'jia-1' }, 'patient', 'jia-1', 'transfer order o1 stands'),
  wrong('a pin to where they lie', { kind: 'pin', patient: 'jia-2', place: 'dist' }, 'place', 'dist', 'write stay'),
  wrong('a pin into their own bed', { kind: 'pin', patient: 'jia-2', place: 'dist', pool: 'dist/1' }, 'pool', 'dist/1', 'write stay'),
  wrong('a forbid of where they lie', { kind: 'forbid', patient: 'jia-2', place: 'dist' }, 'place', 'dist', 'pin them to another place'),

  wrong('two pins of one person', { kind: 'pin', patient: 'jia-3', place: 'res' }, 'patient', 'jia-3', 'contradicts e1'),
  wrong('a stay of who is pinned', { kind: 'stay', patient: 'jia-3' }, 'patient', 'jia-3', 'contradicts e1'),
  wrong('a forbid of where they are pinned', { kind: 'forbid', patient: 'jia-3', place: 'hub' }, 'patient', 'jia-3', 'contradicts e1'),
  wrong('a forbid of where one of the unit is pinned', { kind: 'forbid', unit: 'jia', place: 'hub' }, 'unit', 'jia', 'contradicts e1'),
  wrong('a pin to where the unit does not go', { kind: 'pin', patient: 'jia-3', place: 'hub' }, 'patient', 'jia-3', 'contradicts e1',
    { 'edits.e1': edit({ kind: 'forbid', unit: 'jia', place: 'hub' }) }),
  wrong('one pin twice', { kind: 'pin', patient: 'jia-3', place: 'hub' }, 'patient', 'jia-3', 'e1 decides the same already'),
  wrong('one forbid of a unit and of a case of it', { kind: 'forbid', patient: 'jia-2', place: 'res' }, 'patient', 'jia-2', 'e1 decides the same already',
    { 'edits.e1': edit({ kind: 'forbid', unit: 'jia', place: 'res' }) }),
  wrong('no reason', { kind: 'stay', patient: 'jia-2', reason: '' }, 'reason', '', 'must not be empty'),
  wrong('a name for a post', { kind: 'stay', patient: 'jia-2', by: '值班员' }, 'by', '值班员', 'must be a post'),
]

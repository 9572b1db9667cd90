import { shown } from '../../kernel/shown.js'
import { type Text, text } from '../../kernel/text.js'
import type { Edit } from '../edits.js'
import { type Check, rowOf, type Sound } from './faultList.js'

type Field = 'patient' | 'unit' | 'place' | 'pool'
interface Wrong {
  readonly field: Field | 'kind'
  readonly want: Text
}

/** A decision by hand names what its kind needs, is about somebody whom a plan may decide on, and contradicts no other. */
export const checkEdits: Check = (sound, report) => {
  const earlier = new Map<string, readonly [string, Edit]>()
  const ordered = new Map(Object.entries(sound.orders).map(([id, { patient }]) => [patient, id]))
  for (const [id, edit] of Object.entries(sound.edits)) {
    const wrong = shapeWrong(edit) ?? placeWrong(sound, edit) ?? personWrong(sound, edit, ordered) ?? contradiction(sound, edit, earlier)
    for (const key of keysOf(sound, edit).stands) if (!earlier.has(key)) earlier.set(key, [id, edit])
    if (wrong !== null) report({ table: 'edits', id, field: wrong.field, got: edit[wrong.field] }, wrong.want)
  }
}

const NEEDED: Readonly<Record<Edit['kind'], Readonly<Partial<Record<Field, Text>>>>> = {
  pin: { patient: text('指定去向须写明病例', 'a pin must name the case'), place: text('指定去向须写明去哪一场所', 'a pin must name the place') },
  forbid: { place: text('不去某处须写明哪一场所', 'a forbid must name the place') },
  stay: { patient: text('留在原处须写明病例', 'a stay must name the case') },
}
const NOT_OF_KIND: Readonly<Record<Edit['kind'], readonly Field[]>> = { pin: ['unit'], forbid: ['pool'], stay: ['unit', 'place', 'pool'] }

function shapeWrong(edit: Edit): Wrong | null {
  const { kind, patient, unit } = edit
  for (const [field, want] of Object.entries(NEEDED[kind]) as [Field, Text][]) if (edit[field] === null) return { field, want }
  const superfluous = NOT_OF_KIND[kind].find((field) => edit[field] !== null)
  if (superfluous !== undefined) return { field: superfluous, want: text('这一类决定不写此项，请留空', 'this kind of decision has no such field; leave it empty') }
  if (kind !== 'forbid' || (patient === null) !== (unit === null)) return null
  return { field: 'patient', want: text('须写明病例或报告单位，二者之一', 'must name either a case or a reporting unit') }
}

/** Places and beds that a plan may give. */
function placeWrong(sound: Sound, { place, pool }: Edit): Wrong | null {
  const at = place === null ? undefined : rowOf(sound.places, place)
  if (at?.underCommand === false) {
    return { field: 'place', want: text('此场所不归指挥部调用，方案本来就不安排', 'this place is not under the command; no plan sends anybody there') }
  }
  const beds = pool === null ? undefined : rowOf(sound.pools, pool)
  // A place that does not exist is told elsewhere.
  if (beds === undefined || at === undefined || beds.place === place) return null
  return { field: 'pool', want: text(
    `床位须在所定场所 ${shown(place)}；${shown(pool)} 属于 ${shown(beds.place)}`,
    `the beds must be at the place decided, ${shown(place)}; ${shown(pool)} belongs to ${shown(beds.place)}`) }
}

function personWrong(sound: Sound, { kind, patient, place, pool }: Edit, ordered: ReadonlyMap<string, string>): Wrong | null {
  const person = patient === null ? undefined : rowOf(sound.cases, patient)
  if (patient === null || person === undefined) return null
  const order = ordered.get(patient)
  if (order !== undefined) {
    return { field: 'patient', want: text(
      `此人已有转运指令 ${shown(order)}；须先撤销指令，才可另作决定`,
      `transfer order ${shown(order)} stands for this person; cancel it before deciding otherwise`) }
  }
  if (rowOf(sound.places, person.place)?.underCommand === false) {
    return { field: 'patient', want: text(
      '此人所在场所不归指挥部调用，方案不安排此人', 'this person lies at a place that is not under the command, and is not planned') }
  }
  if (kind === 'stay' || place !== person.place) return null
  if (kind === 'forbid') {
    return { field: 'place', want: text(
      '此人已在该处；要其离开，请指定去向', 'this person lies there already; to have them leave, pin them to another place') }
  }
  if (pool !== null && pool !== person.pool) return null
  return { field: pool === null ? 'place' : 'pool', want: text(
    '此人已在该处；要其不动请用留在原处（stay），要换床请写明另一组床位',
    'this person lies there already; write stay to leave them there, or name other beds of the place') }
}

/** One person is pinned or stays, once; a forbid stands once, and not beside a pin to the same place. */
function contradiction(sound: Sound, edit: Edit, earlier: ReadonlyMap<string, readonly [string, Edit]>): Wrong | null {
  const met = keysOf(sound, edit).meets.find((key) => earlier.has(key))
  const other = met === undefined ? undefined : earlier.get(met)
  if (other === undefined) return null
  const [id, before] = other
  const isSame = before.kind === edit.kind && before.place === edit.place && before.pool === edit.pool
  return { field: edit.patient === null ? 'unit' : 'patient', want: isSame
    ? text(`${shown(id)} 已作同样决定，请删去一项`, `${shown(id)} decides the same already; leave one of the two out`)
    : text(`与 ${shown(id)} 相抵触，请只留一项`, `it contradicts ${shown(id)}; keep one of the two`) }
}

/** Under what a decision is found by later ones, and what it must not meet: itself of one person, of one at a place, of a whole unit there. */
function keysOf(sound: Sound, { kind, patient, unit, place }: Edit): { stands: string[]; meets: string[] } {
  const own = patient === null ? undefined : rowOf(sound.cases, patient)?.unit
  const [ofOne, atPlace] = [JSON.stringify(['one', patient]), JSON.stringify(['at', patient, place])]
  const all = (of: string | null | undefined) => JSON.stringify(['all', of, place])
  const some = (of: string | null | undefined) => JSON.stringify(['some', of, place])
  if (kind === 'stay') return { stands: [ofOne], meets: [ofOne] }
  if (patient === null) return { stands: [all(unit)], meets: [all(unit), some(unit)] }
  const here = { stands: [atPlace, some(own)], meets: [atPlace, all(own)] }
  return kind === 'pin' ? { stands: [ofOne, ...here.stands], meets: [ofOne, ...here.meets] } : here
}

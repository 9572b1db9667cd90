import { byCodeUnits } from '../../kernel/canonical.js'
import { counted, joinTexts, type Text, text } from '../../kernel/text.js'
import { type Edit, isAsDecided } from '../edits.js'
import type { Facts } from '../facts.js'
import type { EditLine, Move } from '../plan.js'
import { editSaying, placeName, poolName } from '../sayings.js'

/** Every decision by hand, whether the plan carries it out, and how. */
export function editLines(facts: Facts): EditLine[] {
  const { world } = facts
  return Object.entries(world.scenario.edits).sort(([a], [b]) => byCodeUnits(a, b)).map(([id, edit]) => {
    const bound = world.hand.boundBy(id)
    const carriedOut = bound.every((person) => isAsDecided(edit, { own: world.bedOf(person), after: facts.after(person) }))
    const { kind, patient, unit, place, pool, by, reason } = edit
    const what = editSaying(world, edit)
    return { edit: id, kind, patient, unit, place, pool, text: what, by, reason, carriedOut, outcome: carriedOut ? outcomeOf(facts, edit, bound) : UNDONE }
  })
}

const UNDONE = text('未能照办；卡在何处、怎样才行，见冲突与出路', 'not carried out; the clash and the ways out say what stands in the way')

function outcomeOf(facts: Facts, { kind, patient }: Edit, bound: readonly string[]): Text {
  const { world } = facts
  const move = patient === null ? null : facts.move(patient)
  if (move !== null) return joinTexts([text(`去${poolName(world, move.pool).zh}`, `goes to one of the ${poolName(world, move.pool).en}`), ...tripOf(move)])
  if (kind !== 'forbid') return text(`留在${placeName(world, world.case(patient ?? '').place).zh}`, `stays at ${placeName(world, world.case(patient ?? '').place).en}`)
  if (patient !== null) return text('未去', 'does not go there')
  return text(`所涉 ${bound.length} 人均未去`, `${counted(bound.length, 'people')} kept away from there`)
}

const tripOf = ({ trip, departs }: Move): Text[] =>
  (trip === null || departs === null ? [] : [text(`车次 ${trip}`, `trip ${trip}`)])

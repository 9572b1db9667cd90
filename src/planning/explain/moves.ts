import { CARE_LEVELS } from '../../facilities/beds.js'
import { counted, type Text, joinTexts, text } from '../../kernel/text.js'
import { isAsDecided } from '../edits.js'
import { type Facts, isStepDown } from '../facts.js'
import { goalsOf } from '../levels.js'
import type { Move } from '../plan.js'
import { editName, placeName, poolName } from '../sayings.js'
import type { NextBest } from './nextBest.js'

/** Why this patient goes to this place: what is missing where they lie, what the bed offers, what the next place lacks. */
export function reasonOf(facts: Facts, move: Omit<Move, 'reason'>): Text {
  if (move.order !== null) {
    return text(`执行已下达的转运指令 ${move.order}`, `carries out transfer order ${move.order}, which stands`)
  }
  const byHand = whyByHand(facts, move)
  // Where somebody decided by hand there is no next place to compare with.
  const others = byHand === null ? [whyNotNext(facts, move.nextBest)] : []
  return joinTexts([byHand ?? whyMove(facts, move), whyHere(facts, move), ...others], text('；', '; '))
}

/** The pin that this move carries out. */
function whyByHand({ world }: Facts, { patient, to, pool }: Omit<Move, 'reason'>): Text | null {
  const pin = world.hand.pinOf(patient)
  const isCarriedOut = pin !== null && isAsDecided(pin.edit, { own: world.bedOf(patient), after: { place: to, pool } })
  return isCarriedOut ? editName(world, pin.id) : null
}

function whyMove(facts: Facts, move: Omit<Move, 'reason'>): Text {
  const { world } = facts
  if (isStepDown(world, move)) {
    const next = facts.into(move.fromPool ?? '')[0]
    return text(
      `腾出${poolName(world, move.fromPool ?? '').zh}给${next?.patient ?? '等候者'}`,
      `frees one of the ${poolName(world, move.fromPool ?? '').en} for ${next?.patient ?? 'somebody who waits'}`)
  }
  const after = world.needsMissing(move.patient, { place: move.to, pool: move.pool })
  const missing = world.needsMissing(move.patient, world.bedOf(move.patient)).filter((need) => !after.includes(need))
  if (missing.length === 0 && !isWithCompanion(facts, move)) return text('转入更合适的床位', 'a bed that fits better')
  if (missing.length === 0) return text('随同行者转运', 'goes with the companion')
  return joinTexts(missing.map((need) => MISSING[need]))
}

const isWithCompanion = (facts: Facts, move: Omit<Move, 'reason'>): boolean =>
  move.trip === null ? facts.world.case(move.patient).companion !== null : facts.trip(move.trip).patients.length > 1

const MISSING = {
  critical: text('危重型须有重症监护床和专家组', 'a critical case needs an intensive bed under an expert team'),
  severe: text('重型须有重型床和专家组', 'a severe case needs a severe bed under an expert team'),
  suspected: text('疑似病例须单间隔离', 'a suspected case must lie alone'),
  concentrated: text('须转入集中收治场所', 'has to be concentrated'),
} as const

function whyHere(facts: Facts, move: Omit<Move, 'reason'>): Text {
  const { world } = facts
  const [usable, into] = [world.usable(move.pool), facts.into(move.pool).length - facts.steppingDownFrom(move.pool).length]
  const level = CARE_LEVELS[world.pool(move.pool).careLevel]
  const team = world.hasTeam(move.to) ? text('，有专家组', ', expert team there') : text('', '')
  const ride = move.from === move.to ? text('院内', 'inside the hospital') : text(`路程 ${move.travelMinutes} 分钟`, `${counted(move.travelMinutes, 'minutes')} away`)
  const name = placeName(world, move.to)
  return text(
    `${name.zh}${level.zh}可用 ${usable}、本方案用 ${into}${team.zh}，${ride.zh}`,
    `${name.en} has ${counted(usable, `usable ${level.en}s`)} of which the plan takes ${into}${team.en}, ${ride.en}`)
}

/** The first level at which the next place is worse says why not there. */
function whyNotNext(facts: Facts, next: NextBest): Text {
  if (next === null) return text('别处没有不牵动他人、合规、空余而当日可达的床位', 'no other place has a lawful bed left within reach today, nobody else being moved')
  const { world } = facts
  const name = placeName(world, next.to)
  const [first] = next.differences
  if (first === undefined) {
    return text(`次选${name.zh}各级相同，按编号先后`, `next is ${name.en}, equal at every level; the tie goes by id`)
  }
  const goal = goalsOf(world)[first.rank - 1]
  const better = first.difference < 0
  return text(
    `次选${name.zh}（${next.travelMinutes} 分钟）在“${goal?.title.zh ?? first.rule}”上${better ? '少' : '多'} ${Math.abs(first.difference)} ${goal?.unit.zh ?? ''}${better ? '，但床位或车辆另有安排' : ''}`,
    `next is ${name.en} (${counted(next.travelMinutes, 'minutes')}), ${counted(Math.abs(first.difference), goal?.unit.en ?? '')} ${better ? 'better' : 'worse'} at "${goal?.title.en ?? first.rule}"${better ? ', but vehicles or beds are needed otherwise' : ''}`)
}


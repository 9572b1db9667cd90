import { SEVERITIES, STATUSES } from '../cases/cases.js'
import { CARE_LEVELS, type Pool } from '../facilities/beds.js'
import { type Text, text } from '../kernel/text.js'
import type { Edit } from './edits.js'
import type { Violation } from './plan.js'
import type { World } from './world.js'

/** How rules and explanations name things: always by the name people know, in both languages. */
export const placeName = (world: World, id: string): Text => world.place(id).name

export function poolName(world: World, id: string): Text {
  const pool = world.pool(id)
  const place = placeName(world, pool.place)
  const level = CARE_LEVELS[pool.careLevel]
  const block = blockName(pool)
  return text(`${place.zh}${block.zh}${level.zh}`, `${level.en}s of ${place.en}${block.en}`)
}

/** The beds of a pool where their place has been named already. */
export function bedsName(world: World, id: string): Text {
  const pool = world.pool(id)
  const [level, block] = [CARE_LEVELS[pool.careLevel], blockName(pool)]
  return text(`${block.zh}${level.zh}`, `${level.en}s${block.en}`)
}

const blockName = ({ block }: Pick<Pool, 'block'>): Text => (block === null ? text('', '') : text(`${block}分区`, `, block ${block}`))

export function personName(world: World, caseId: string): Text {
  const person = world.case(caseId)
  const [status, severity] = [STATUSES[person.status], SEVERITIES[person.severity]]
  return text(`${caseId}（${status.zh}，${severity.zh}）`, `${caseId} (${severity.en} ${status.en})`)
}

/** What a decision by hand says: whom it places or keeps where. */
export function editSaying(world: World, { kind, patient, unit, place, pool }: Edit): Text {
  const of = unit === null ? text('', '') : (world.scenario.units[unit]?.name ?? text(unit, unit))
  const who = patient !== null ? text(patient, patient) : text(`${of.zh}的病例`, `cases of ${of.en}`)
  if (kind === 'stay' || place === null) return text(`${who.zh}留在原处`, `${who.en} stays`)
  const there = pool === null ? placeName(world, place) : poolName(world, pool)
  if (kind === 'pin') return text(`${who.zh}去${there.zh}`, `${who.en} goes to ${pool === null ? there.en : `one of the ${there.en}`}`)
  return text(`${who.zh}不去${there.zh}`, patient === null ? `no ${who.en} go to ${there.en}` : `${who.en} does not go to ${there.en}`)
}

/** A decision by hand with who decided it and why. */
export function editName(world: World, id: string): Text {
  const edit = world.edit(id)
  const what = editSaying(world, edit)
  return text(`人工决定 ${id}（岗位 ${edit.by}）${what.zh}：${edit.reason}`, `hand decision ${id} of ${edit.by}: ${what.en} (${edit.reason})`)
}

export const violation = (rule: string, subject: string, what: Text): Violation => ({ rule, subject, text: what })

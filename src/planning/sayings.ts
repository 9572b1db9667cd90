import { SEVERITIES, STATUSES } from '../cases/cases.js'
import { CARE_LEVELS } from '../facilities/beds.js'
import { type Text, text } from '../kernel/text.js'
import type { Violation } from './plan.js'
import type { World } from './world.js'

/** How rules and explanations name things: always by the name people know, in both languages. */
export const placeName = (world: World, id: string): Text => world.place(id).name

export function poolName(world: World, id: string): Text {
  const pool = world.pool(id)
  const place = placeName(world, pool.place)
  const level = CARE_LEVELS[pool.careLevel]
  const block = pool.block === null ? text('', '') : text(`${pool.block}分区`, `, block ${pool.block}`)
  return text(`${place.zh}${block.zh}${level.zh}`, `${level.en}s of ${place.en}${block.en}`)
}

export function personName(world: World, caseId: string): Text {
  const person = world.case(caseId)
  const [status, severity] = [STATUSES[person.status], SEVERITIES[person.severity]]
  return text(`${caseId}（${status.zh}，${severity.zh}）`, `${caseId} (${severity.en} ${status.en})`)
}

export const violation = (rule: string, subject: string, what: Text): Violation => ({ rule, subject, text: what })

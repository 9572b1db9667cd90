import { STATUSES } from '../../cases/cases.js'
import { isKnown } from '../../kernel/quantity.js'
import { shown } from '../../kernel/shown.js'
import { type Text, text } from '../../kernel/text.js'
import { namedByPool } from '../../stays/stays.js'
import type { Policy } from '../policy.js'
import { type Check, type Report, rowOf, type Sound } from './faultList.js'
import { oneOf } from './issueText.js'

export const checkCaseIds: Check = (sound, report) => {
  for (const [id, { unit }] of Object.entries(sound.cases)) {
    if (id.startsWith(`${unit}-`) && id.length > unit.length + 1) continue
    report({ table: 'cases', id, got: id }, text(
      `病例编号应为“报告单位-本单位编号”，即 ${shown(unit)}-…`,
      `a case id must be its reporting unit and the unit's own number: ${shown(unit)}-…`,
    ))
  }
}

export const checkWhereTheyLie: Check = (sound, report) => {
  for (const [id, person] of Object.entries(sound.cases)) {
    const pool = person.pool === null ? undefined : rowOf(sound.pools, person.pool)
    const areKnown = [pool?.place, person.place].every((place) => place !== undefined && sound.has('places', place))
    // A place that does not exist is told elsewhere.
    if (pool === undefined || pool.place === person.place || !areKnown) continue
    report({ table: 'cases', id, field: 'pool', got: person.pool }, text(
      `床位须在该病例所在场所 ${shown(person.place)}；${shown(person.pool)} 属于 ${shown(pool.place)}`,
      `the bed must be at the case's own place ${shown(person.place)}; ` +
        `${shown(person.pool)} belongs to ${shown(pool.place)}`,
    ))
  }
}

/** Occupied counts everyone in the pool, so the named can never be more. */
export const checkOccupied: Check = (sound, report) => {
  const named = namedByPool(sound.cases)
  for (const [id, { occupied }] of Object.entries(sound.pools)) {
    const cases = named.get(id) ?? 0
    if (!isKnown(occupied) || cases <= occupied) continue
    report({ table: 'pools', id, field: 'occupied', got: occupied }, text(
      `在用床位含列名病例，应不少于 ${cases} 张`,
      `occupied beds include the cases named there, so at least ${cases}`,
    ))
  }
}

/** A companion is a carer who travels for nobody but this child: never oneself, never somebody with a carer. */
export const checkCompanions: Check = (sound, report) => {
  for (const [id, { companion }] of Object.entries(sound.cases)) {
    const carer = companion === null ? undefined : rowOf(sound.cases, companion)
    if (companion === null || (carer === undefined && companion !== id)) continue
    const want = companionWant(id, companion, carer?.companion ?? null)
    if (want !== null) report({ table: 'cases', id, field: 'companion', got: companion }, want)
  }
}

function companionWant(id: string, companion: string, carersCarer: string | null): Text | null {
  if (companion === id) return text('陪护人不能是本人', 'a case must not be its own companion: name the carer')
  if (carersCarer === null) return null
  if (carersCarer === id) {
    return text(
      '两人互为陪护成环；只在患儿一行写陪护人',
      'the two name each other, a cycle; name the carer in the row of the child only',
    )
  }
  return text(
    `陪护人自己又有陪护人 ${shown(carersCarer)}，成链；陪护人不能再有陪护人`,
    `the carer has a carer, ${shown(carersCarer)}, which makes a chain; a carer must have none`,
  )
}

/** A diagnosis of another edition cannot be placed by this one. */
export function checkSeverities(sound: Sound, policy: Policy, report: Report): void {
  for (const [id, { status, severity }] of Object.entries(sound.cases)) {
    const known = policy.severities[status]
    if (known.includes(severity)) continue
    if (known.length > 0) {
      const words = oneOf(known)
      report({ table: 'cases', id, field: 'severity', got: severity }, text(
        `本版诊疗方案中${STATUSES[status].zh}的病情${words.zh}`,
        `in the edition in force the severity of a ${STATUSES[status].en} ${words.en}`,
      ))
    } else {
      report({ table: 'cases', id, field: 'status', got: status }, text(
        `本版诊疗方案没有${STATUSES[status].zh}这一类`,
        `the edition in force knows no ${STATUSES[status].en}`,
      ))
    }
  }
}

export const checkOrders: Check = (sound, report) => {
  const ofPerson = new Map<string, string>()
  for (const [id, { patient, pool }] of Object.entries(sound.orders)) {
    const other = ofPerson.get(patient)
    ofPerson.set(patient, other ?? id)
    if (other !== undefined) {
      report({ table: 'orders', id, field: 'patient', got: patient }, text(
        `一人只能有一份未完成指令；${shown(other)} 已存在`,
        `one person has one live order; ${shown(other)} already stands`,
      ))
    }
    if (rowOf(sound.cases, patient)?.pool === pool) {
      report({ table: 'orders', id, field: 'pool', got: pool }, text(
        '患者已在此床位，应为另一处床位',
        'the patient already lies there; must be another pool of beds',
      ))
    }
  }
}

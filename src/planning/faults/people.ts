import { type Case, CHILDREN_MAX, STATUSES } from '../../cases/cases.js'
import { isKnown, UNKNOWN } from '../../kernel/quantity.js'
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

/**
 * A companion is a carer of a child up to 14 years who has the same status: never oneself, never somebody with a
 * carer, never a child. Whoever shares a vehicle does so by this link alone, so it must not be open to adults.
 */
export const checkCompanions: Check = (sound, report) => {
  const children = new Map<string, number>()
  for (const [id, child] of Object.entries(sound.cases)) {
    const { companion } = child
    const carer = companion === null ? undefined : rowOf(sound.cases, companion)
    if (companion === null || (carer === undefined && companion !== id)) continue
    const before = children.get(companion) ?? 0
    children.set(companion, before + 1)
    if (before === 0 && carer?.ageBand === UNKNOWN && companion !== id) {
      report({ table: 'cases', id: companion, field: 'ageBand', got: UNKNOWN }, text(
        '有患儿由其陪护，请填写年龄段：陪护人须满 15 岁',
        'state the age band: a child names this case as its carer, who must not be 0-14',
      ))
    }
    if (child.ageBand === UNKNOWN) {
      report({ table: 'cases', id, field: 'ageBand', got: UNKNOWN }, text(
        '写了陪护人，请填写年龄段：只有 0—14 岁的患儿可有陪护人',
        'state the age band: only a child of 0-14 may have a companion',
      ))
      continue
    }
    const want = companionWant({ id, child, carer: { ...carer, id: companion }, before })
    if (want !== null) report({ table: 'cases', id, field: 'companion', got: companion }, want)
  }
}

interface Companionship {
  readonly id: string
  readonly child: Pick<Case, 'ageBand' | 'status'>
  readonly carer: Partial<Pick<Case, 'ageBand' | 'status' | 'companion'>> & { readonly id: string }
  /** Children who name the same carer in an earlier row. */
  readonly before: number
}

function companionWant({ id, child, carer, before }: Companionship): Text | null {
  if (carer.id === id) return text('陪护人不能是本人', 'a case must not be its own companion: name the carer')
  const carersCarer = carer.companion ?? null
  if (carersCarer !== null) return chained(id, carersCarer)
  if (child.ageBand !== '0-14') {
    return text(
      '只有 0—14 岁的患儿可有陪护人；成人各自转运，请删去',
      'only a child of 0-14 has a companion; adults travel one by one: leave it empty',
    )
  }
  if (carer.ageBand === '0-14') return text('陪护人须满 15 岁', 'the carer must not be a child of 0-14')
  if (carer.status !== child.status) {
    return text(
      '陪护人与患儿须同为疑似、同为确诊或同为无症状；否则不能同车同住，请删去',
      'the carer must have the same status as the child, or they may not ride and stay together: leave it empty',
    )
  }
  if (before < CHILDREN_MAX) return null
  return text(`一名陪护人最多带 ${CHILDREN_MAX} 名患儿，请写另一人`, `a carer goes with ${CHILDREN_MAX} children at most; name another`)
}

function chained(id: string, carersCarer: string): Text {
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

/** What of a diagnosis an edition does not know, and what would be right; null: it knows it. */
export function unknownDiagnosis(policy: Policy, { status, severity }: Pick<Case, 'status' | 'severity'>): { field: 'status' | 'severity'; want: Text } | null {
  const known = policy.severities[status]
  if (known.includes(severity)) return null
  if (known.length === 0) return { field: 'status', want: text(`本版诊疗方案没有${STATUSES[status].zh}这一类`, `the edition in force knows no ${STATUSES[status].en}`) }
  const words = oneOf(known)
  return { field: 'severity', want: text(`本版诊疗方案中${STATUSES[status].zh}的病情${words.zh}`, `in the edition in force the severity of a ${STATUSES[status].en} ${words.en}`) }
}

/** A diagnosis of another edition cannot be placed by this one. */
export function checkSeverities(sound: Sound, policy: Policy, report: Report): void {
  for (const [id, person] of Object.entries(sound.cases)) {
    const fault = unknownDiagnosis(policy, person)
    if (fault !== null) report({ table: 'cases', id, field: fault.field, got: person[fault.field] }, fault.want)
  }
}

export const checkOrders: Check = (sound, report) => {
  const ofPerson = new Map<string, string>()
  for (const [id, { patient, pool, outside }] of Object.entries(sound.orders)) {
    if ((pool === null) === (outside === null)) {
      report({ table: 'orders', id, field: 'pool', got: pool ?? '' }, text(
        '去处只写一个：系统内的床位（pool），或系统外的机构或城市（outside）',
        'an order must lead to one place: a pool of this system, or by name outside of it',
      ))
    }
    const other = ofPerson.get(patient)
    ofPerson.set(patient, other ?? id)
    if (other !== undefined) {
      report({ table: 'orders', id, field: 'patient', got: patient }, text(
        `一人只能有一份未完成指令；${shown(other)} 已存在`,
        `one person has one live order; ${shown(other)} already stands`,
      ))
    }
    if (pool !== null && rowOf(sound.cases, patient)?.pool === pool) {
      report({ table: 'orders', id, field: 'pool', got: pool }, text(
        '患者已在此床位，应为另一处床位',
        'the patient already lies there; must be another pool of beds',
      ))
    }
  }
}

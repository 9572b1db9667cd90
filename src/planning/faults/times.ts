import { text } from '../../kernel/text.js'
import { daySchema, type Instant, instantAt, isBefore } from '../../kernel/time.js'
import { TABLES } from '../scenario.js'
import type { Check } from './faultList.js'

const notLater = (asOf: Instant) =>
  text(`不能晚于数据截止时间 asOf（${asOf}）`, `must not be later than the scenario's asOf, ${asOf}`)

/** Nobody knows the future: what a scenario tells has happened by its asOf. */
export const checkNothingIsLater: Check = (sound, report) => {
  const { asOf } = sound
  if (asOf === null) return
  for (const table of TABLES) {
    for (const [id, row] of Object.entries(sound[table])) {
      if (row.asOf === null || !isBefore(asOf, row.asOf)) continue
      report({ table, id, field: 'asOf', got: row.asOf }, notLater(asOf))
    }
  }
  for (const [id, person] of Object.entries(sound.cases)) {
    for (const field of ['waitingSince', 'fitnessAssessedAt'] as const) {
      const got = person[field]
      if (got !== null && isBefore(asOf, got)) report({ table: 'cases', id, field, got }, notLater(asOf))
    }
  }
}

export const checkFitness: Check = (sound, report) => {
  for (const [id, person] of Object.entries(sound.cases)) {
    const { fitness, fitnessAssessedAt: assessedAt, fitnessValidUntil: validUntil } = person
    if (fitness === 'fit' && assessedAt === null) {
      report({ table: 'cases', id, field: 'fitnessAssessedAt' }, text(
        '评估为可转运（fit）的须写明评估时间',
        'a case that is fit needs the time of the assessment',
      ))
    }
    if (assessedAt !== null && validUntil !== null && isBefore(validUntil, assessedAt)) {
      report({ table: 'cases', id, field: 'fitnessValidUntil', got: validUntil }, text(
        `有效期不能早于评估时间 ${assessedAt}`,
        `must not be before the assessment at ${assessedAt}`,
      ))
    }
  }
}

/** The key of an intake row is the day that it counts. */
export const checkIntakeDays: Check = (sound, report) => {
  for (const id of Object.keys(sound.intake)) {
    if (!daySchema.safeParse(id).success) {
      report({ table: 'intake', id, got: id }, text('应为日期，如 2020-01-30', 'must be a day such as 2020-01-30'))
    } else if (sound.asOf !== null && !isBefore(instantAt(id, 0), sound.asOf)) {
      report({ table: 'intake', id, got: id }, notLater(sound.asOf))
    }
  }
}

/** An order that names a vehicle says when it is out, and one vehicle carries out one order at a time. */
export const checkOrderTimes: Check = (sound, report) => {
  const orders = Object.entries(sound.orders)
  for (const [id, { vehicle, departs, returns }] of orders) {
    const named = [vehicle, departs, returns].filter((field) => field !== null).length
    if (named !== 0 && named !== 3) {
      report({ table: 'orders', id, field: vehicle === null ? 'vehicle' : departs === null ? 'departs' : 'returns' }, text(
        '车辆、离站时间、返回时间须同时填写，或都留空',
        'vehicle, departs and returns are stated together, or all left empty',
      ))
    }
    if (departs !== null && returns !== null && !isBefore(departs, returns)) {
      report({ table: 'orders', id, field: 'returns', got: returns }, text(
        `须晚于离站时间 ${departs}`, `must be later than departs, ${departs}`))
    }
  }
  orders.forEach(([id, order], i) => {
    const clash = orders.slice(0, i).find(([, other]) => other.vehicle !== null && other.vehicle === order.vehicle &&
      overlap(order, other))
    if (clash === undefined) return
    report({ table: 'orders', id, field: 'vehicle', got: order.vehicle }, text(
      `该车此时正执行指令 ${clash[0]}，两份指令的时间不能重叠`,
      `this vehicle is out on order ${clash[0]} then; two orders of one vehicle must not overlap`))
  })
}

type Span = { readonly departs: Instant | null; readonly returns: Instant | null }

const overlap = (a: Span, b: Span): boolean =>
  a.departs !== null && a.returns !== null && b.departs !== null && b.returns !== null &&
  isBefore(a.departs, b.returns) && isBefore(b.departs, a.returns)

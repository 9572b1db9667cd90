import { z } from '@hono/zod-openapi'
import type { Act } from '../db/act.js'
import { filterBy, recordedShape } from '../http/lists.js'
import { refused } from '../http/openapi.js'
import { historyOut, listOut, oneOut, putOut, recordRoutes, send } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { isNumberOf } from '../kernel/ids.js'
import { refuse } from '../kernel/refusal.js'
import { isWithin } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import { daySchema } from '../kernel/time.js'
import { intakeSchema, personSchema } from './cases.js'
import { settled } from './commands.js'
import { CASES, INTAKE } from './store.js'

const tag = 'Cases 病例'
const out = <S extends z.ZodRawShape>(name: string, schema: z.ZodObject<S>) => z.object({ ...recordedShape, ...schema.shape }).meta({ id: name })

export const caseOut = out('Case', personSchema)
const cases = recordRoutes({
  path: '/cases', one: 'Case', many: 'Cases', tag, out: caseOut, body: personSchema,
  also: { 409: refused[409] },
  filters: { unit: filterBy('units'), status: personSchema.shape.status.optional(), severity: personSchema.shape.severity.optional() },
  named: {
    zh: '病例', one: 'case', many: 'cases',
    about: text(
      '编号为“报告单位-本单位编号”，终身不变；不收姓名、证件号、电话。所在之处见住院。改写时病情、诊断不能早于已有的（409 figureIsOlder），能否转运只由 /fitness 改，转运申请只由 /transfer-request、/withdraw-request 改，超程例外只由 /travel-exception 签署（422 wrongReference）；加重为重型、危重型的，此前的“可转运”与例外不再作数。',
      'Its id is the reporting unit and that unit’s own number, for life; names, identity and telephone numbers are refused. Where somebody lies is in their stay. '
        + 'Replacing one takes no older severity or status than stands (409 figureIsOlder), and leaves fitness to /fitness, the request to /transfer-request and /withdraw-request, and an exception from the travel limit to /travel-exception (422 wrongReference); '
        + 'of who became severe or critical, neither “fit” of before nor an exception counts any more.',
    ),
  },
  example: {
    id: '忠县-0031',
    body: {
      unit: '忠县', status: 'confirmed', severity: 'severe', waitingSince: null,
      fitness: 'fit', fitnessAssessedAt: '2020-01-29T20:30:00+08:00', fitnessValidUntil: null, needs: ['ventilator'], sex: 'female', ageBand: '60-79',
      companion: null, dischargeDue: null, travelExceptionUntil: null, source: '忠县人民医院日报 2020-01-29',
    },
  },
})
const intake = recordRoutes({
  path: '/intake', one: 'IntakeDay', many: 'IntakeDays', tag, out: out('IntakeDay', intakeSchema), body: intakeSchema, filters: {},
  named: { zh: '每日新增', one: 'day of intake', many: 'days of intake', about: text('某日新增确诊数；编号即日期。', 'New confirmed cases of one day; its id is the day.') },
  example: { id: '2020-01-29', body: { newConfirmed: 18, source: '市卫健委通报 2020-01-30', asOf: '2020-01-30T00:00:00+08:00' } },
})

/** A case keeps its reporting unit and that unit's number for life. */
function checkCaseId(id: string, unit: string): void {
  if (isNumberOf(id, unit)) return
  throw refuse('wrongReference', `病例编号应为“报告单位-本单位编号”，即 ${unit}-…`, `a case id must be its reporting unit and the unit's own number: ${unit}-…`)
}

/** A new case is put down by its unit, or by a place that lies in it. */
function mustBeOf({ reach }: Act, unit: string): void {
  if (isWithin(reach, { unit }) || reach.homes.has(unit)) return
  throw refuse('forbidden', `${unit}的病例由该单位登记`, `cases of ${unit} are put down by that unit`)
}

/** Cases, and how many are new each day, over HTTP. Where somebody lies is in their stay. */
export const caseRoutes = (service: Service) => routesOf(service)
  .openapi(cases.list, async (c) => c.json(await listOut(c, service, CASES, ['unit', 'status', 'severity'], c.req.valid('query')), 200))
  .openapi(cases.get, async (c) => c.json(await oneOut(c, service, CASES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(cases.history, async (c) => c.json(await historyOut(c, service, CASES, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(cases.put, async (c) => {
    const { id } = c.req.valid('param')
    const body = c.req.valid('json')
    checkCaseId(id, body.unit)
    return send(c, await putOut(c, service, CASES, {
      id, body, mayBegin: (act) => mustBeOf(act, body.unit),
      settle: (act, at, before) => settled(act, { said: body, before, at, judge: service.diagnosisFault }),
    }))
  })
  .openapi(intake.list, async (c) => c.json(await listOut(c, service, INTAKE, [], c.req.valid('query')), 200))
  .openapi(intake.get, async (c) => c.json(await oneOut(c, service, INTAKE, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(intake.history, async (c) => c.json(await historyOut(c, service, INTAKE, c.req.valid('param').id, c.req.valid('query')), 200))
  .openapi(intake.put, async (c) => {
    const { id } = c.req.valid('param')
    if (!daySchema.safeParse(id).success) throw refuse('wrongTime', '编号应为日期，如 2020-01-30', 'the id must be a day such as 2020-01-30')
    return send(c, await putOut(c, service, INTAKE, { id, body: c.req.valid('json') }))
  })

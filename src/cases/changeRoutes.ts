import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Act } from '../db/act.js'
import type { Recorded } from '../db/records.js'
import { both, jsonBody, jsonRequest, refused, told, unsafeHeaders, writesBody } from '../http/openapi.js'
import { idParams, putAnswer, send } from '../http/records.js'
import { type Env, routesOf, type Service } from '../http/service.js'
import { soundCommand } from '../http/soundly.js'
import { type Text, text } from '../kernel/text.js'
import { wordSchema } from '../kernel/vocabulary.js'
import type { Person } from './cases.js'
import { assessmentSchema, exceptionSchema, reassessmentSchema, requestSchema } from './changes.js'
import { assessFitness, reassess, requestTransfer, signTravelException, withdrawRequest } from './commands.js'
import { CASE_REMARKS } from './remarks.js'
import { caseOut } from './routes.js'

const request = requestSchema.meta({ id: 'TransferRequest' })
const reassessment = reassessmentSchema.meta({ id: 'Reassessment' })
const assessment = assessmentSchema.meta({ id: 'FitnessAssessment' })

const exception = exceptionSchema.meta({ id: 'TravelException' })

const reassessedOut = caseOut.extend({
  remarks: z.array(z.object({ kind: wordSchema(CASE_REMARKS), text: z.object({ zh: z.string(), en: z.string() }) }))
    .describe(both('因此须再办之事', 'What has to be done because of it')),
}).meta({ id: 'CaseReassessed' })

/** One thing that happens to a case: a post, answered by the case as it stands then. */
const changeOf = <const P extends string, S extends z.ZodType, R extends Partial<typeof refused>, O extends z.ZodType>(
  spec: { path: P; operationId: string; summary: Text; description: Text; body: S; example: z.input<S>; isRefused: R; out: O },
) => createRoute({
  method: 'post', path: spec.path, tags: ['Cases 病例'], operationId: spec.operationId, ...told(spec.summary, spec.description),
  request: {
    params: z.object({ id: idParams.shape.id.openapi({ example: '忠县-0031' }) }), headers: unsafeHeaders, body: jsonRequest(spec.body, spec.example),
  },
  responses: {
    200: jsonBody(spec.out, text('该病例现在的一版', 'The case as it stands now')), ...writesBody, 404: refused[404], 412: refused[412], ...spec.isRefused,
  },
})

const requesting = changeOf({
  path: '/cases/{id}/transfer-request', operationId: 'requestTransfer', body: request, out: caseOut, isRefused: { 409: refused[409] },
  summary: text('申请转运', 'Ask for another place for a case'),
  description: text(
    '送出医院或区县申请转往他处，等候时间由此起算；再次申请仍按第一次的时间；补记最多 7 天前的，也不早于上次转到他处或离开（422 wrongTime）。已死亡的为 409 notInCare。',
    'The hospital or district where a case lies asks for another place, and the clock starts. Asked twice, the first time stands; it is put down at most 7 days late, and not as of before they last came to another place or left (422 wrongTime). Whoever has died is 409 notInCare.',
  ),
  example: { source: '忠县人民医院转运申请' },
})
const withdrawing = changeOf({
  path: '/cases/{id}/withdraw-request', operationId: 'withdrawRequest', body: request, out: caseOut, isRefused: { 409: refused[409] },
  summary: text('撤回转运申请', 'Withdraw a transfer request'),
  description: text(
    '不再求另一处；没有申请可撤为 409 notWaiting。有有效的转运指令为 409 stepOutOfOrder：先撤销指令，或记不愿。',
    'The case asks for no other place any more; 409 notWaiting when it had not asked. While a transfer order stands it is 409 stepOutOfOrder: cancel that first, or put down that they are unwilling.',
  ),
  example: { source: '忠县人民医院来电' },
})
const reassessing = changeOf({
  path: '/cases/{id}/severity', operationId: 'reassessCase', body: reassessment, out: reassessedOut, isRefused: { 409: refused[409] },
  summary: text('重新评估病情', 'Put down how ill a case is now'),
  description: text(
    '病情或诊断改变时填报，附时间与出处。加重为重型、危重型的，此前“可转运”的评估与超程例外不再作数，并在 remarks 里说明。现行诊疗方案没有的病情为 422；已有更晚的评估为 409 figureIsOlder。',
    'Severity, or diagnosis too, with time and source. Of who became severe or critical neither a judgement of before, that they can travel, nor an exception from the travel limit counts any more, as remarks say. '
      + 'One that the edition in force does not know is 422; 409 figureIsOlder when a later assessment stands.',
  ),
  example: { severity: 'critical', source: '忠县人民医院会诊' },
})
const assessing = changeOf({
  path: '/cases/{id}/fitness', operationId: 'assessFitness', body: assessment, out: caseOut, isRefused: { 409: refused[409] },
  summary: text('评估能否转运', 'Put down whether a case can travel'),
  description: text(
    '两名不同岗位的医生评估，注明时间与有效期；只记岗位，不记姓名。已有更晚的，或加重为重型、危重型之前的“可转运”，为 409 figureIsOlder。',
    'The judgement of two doctors of different posts, dated, and until when it holds. Posts are kept, never names. 409 figureIsOlder when a later one stands, or, of “fit”, when they became severe or critical since.',
  ),
  example: { fitness: 'fit', assessedAt: '2020-01-30T00:00:00+08:00', validUntil: '2020-01-31T00:00:00+08:00', assessors: ['zhongxian-icu-2', 'zhongxian-resp-1'] },
})

const excepting = changeOf({
  path: '/cases/{id}/travel-exception', operationId: 'signTravelException', body: exception, out: caseOut, isRefused: { 403: refused[403], 409: refused[409] },
  summary: text('签署超程转运例外', 'Sign an exception from the travel limit'),
  description: text(
    '救治组或指挥长签署：此人可超出该病情的行车时限转运，至 until 为止，最长 7 天；null 即取消。电话同意（phone）由调度台登记，最长一天。加重为重型、危重型的，此前的例外不再作数。已死亡的为 409 notInCare。',
    'The treatment group or the commander signs that somebody may ride for longer than the limit of their severity, until a time, 7 days at most; null lifts it. A word by phone (phone) the desk puts down, for a day at most. '
      + 'Of who became severe or critical an exception of before counts no more. Whoever has died is 409 notInCare.',
  ),
  example: { until: '2020-01-30T18:00:00+08:00', phone: { calledPost: 'night-desk', answeredPost: 'treatment-group-duty', at: '2020-01-30T00:00:00+08:00' } },
})

/** What happens to a case between two full reports of it, over HTTP. */
export function caseChangeRoutes(service: Service) {
  const answered = (record: Recorded<Person>) => ({ ...putAnswer(record, false), status: 200 as const })
  const changed = async (c: Context<Env>, change: (act: Act) => Promise<Recorded<Person>>) =>
    send(c, await soundCommand(c, service, async (act) => answered(await change(act))))
  return routesOf(service)
    .openapi(requesting, (c) => changed(c, (act) => requestTransfer(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(withdrawing, (c) => changed(c, (act) => withdrawRequest(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(reassessing, async (c) => send(c, await soundCommand(c, service, async (act) => {
      const { record, remarks } = await reassess(act, c.req.valid('param').id, c.req.valid('json'), service.diagnosisFault)
      const answer = answered(record)
      return { ...answer, body: { ...answer.body, remarks: [...remarks] } }
    })))
    .openapi(assessing, (c) => changed(c, (act) => assessFitness(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(excepting, (c) => changed(c, (act) => signTravelException(act, c.req.valid('param').id, c.req.valid('json'))))
}

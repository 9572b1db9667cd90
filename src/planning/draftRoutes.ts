import { createRoute, z } from '@hono/zod-openapi'
import { both, jsonBody, jsonRequest, readsOne, refused, told, writesBody } from '../http/openapi.js'
import { idParams } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { DETAILS_MAX, notFound, Refused } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { instantSchema } from '../kernel/time.js'
import { compared } from './compare.js'
import { comparisonSchema } from './comparison.js'
import { EDITS_MAX, editAskSchema } from './edits.js'
import { whatPinsBreak } from './pinned.js'
import { drafted, RUN } from './routes.js'
import { requestIn } from './runs.js'
import { editFaults, type IssuedAt, snapshotOf, soundPicture } from './snapshot.js'
import { runById } from './store.js'

const tags = ['Plans 方案']

const checkBody = jsonRequest(z.strictObject({ edits: z.array(editAskSchema).min(1).max(EDITS_MAX) }).meta({ id: 'EditsToCheck' }), {
  edits: [{ kind: 'pin', patient: '万州区-0017', place: 'phc', reason: '家属同院' }],
})
const checkedSchema = z.object({
  asOf: instantSchema.describe(both('按何时的情况核对', 'Of when the picture is that they were checked against')),
  breaks: z.array(z.object({
    edit: z.int().min(0).describe(both('第几项决定，从 0 起', 'Which of the decisions, from 0')),
    rule: z.string().describe(both('不合的规则', 'The rule that it would break')),
    subject: z.string().describe(both('规则所及：病例、床位或场所', 'What the rule is about: a case, a pool or a place')),
    text: z.object({ zh: z.string(), en: z.string() }),
  })),
}).meta({ id: 'EditsChecked' })

const check = createRoute({
  method: 'post', path: '/plan-runs/{id}/check-edits', tags, operationId: 'checkEdits',
  ...told(text('核对人工决定', 'Check decisions by hand'), text(
    '不求解，立即回答：按这次计算的要求和当前数据，各项指定去向单独照办会不合哪条必须满足的规则；最不碍事的一组床位为准。不去某处、留在原处不违反任何规则。几项合起来是否可行，求方案才知道。什么也不改动。',
    'Answered at once, without solving: on the data as they are now, under what this run asked for, which musts each pin would break by itself, in those beds of the place '
      + 'where it breaks least. To forbid or to stay breaks none. Whether several of them fit together only a plan says. Nothing is changed.',
  )),
  request: { params: idParams, body: checkBody },
  responses: { 200: jsonBody(checkedSchema, text('会不合的规则；没有即可照办', 'The rules that would be broken; none when each can be carried out')), ...writesBody, 404: refused[404] },
})

const compare = createRoute({
  method: 'get', path: '/plan-runs/{id}/compare', tags, operationId: 'comparePlans',
  ...told(text('两份方案相比', 'Compare two plans'), text(
    'here 为此方案，there 为 with 所指方案。两者据以评判的情况不同（病例及其诊断、病情、所在、等候、转运条件、所需条件，床位、分区、专家组、车辆、路程、指令，规则所读的政策，时刻），即不评优劣：better 为 null，notComparable 写明缘由，basis.judgedOtherwise 逐项列出哪些字段、多少条、前几条的编号。人工决定不同照评。'
      + 'patients 列只在一方的病例，以及两方所知不同的病例。又列各级数值与差，按第一个不同的级别谁更好，先转运后物资；只在一方转运、去向或病情不同的人；未安置者；启用的分区；物资的短缺与发运有何不同；两者所据数据、政策、人工决定有何不同。',
    'here is this plan, there is the one named by with. Where the two are not judged on the same (cases, their status, severity, place, wait, fitness and needs; beds, blocks, teams, vehicles, roads, orders; policy that a rule reads; the moment), neither is called better: '
      + 'better is null, notComparable says why, and basis.judgedOtherwise lists each with its fields, how many rows and the first of them. Hand decisions may differ: they are what one compares. '
      + 'patients lists the cases that only one of them knows, and those that they know otherwise. Then the levels with their differences and which is better at the first that differs, transfers before material; who moves in one only, elsewhere, or as another severity; '
      + 'who is left; blocks opened; what of the material is short or shipped otherwise; and in what figures, policy and hand decisions the two differ.',
  )),
  request: {
    params: idParams,
    query: z.strictObject({ with: z.string().min(1).max(200).describe(both('与哪次计算的方案相比', 'The run whose plan it is compared with')) }),
  },
  responses: { 200: jsonBody(comparisonSchema.meta({ id: 'Comparison' }), text('相比所见', 'What is alike and what is not')), ...readsOne, 409: refused[409] },
})

/** A draft before it is decided on: compared with another, and what a decision by hand would break, over HTTP. */
export const draftRoutes = (service: Service, issuedAt: IssuedAt) => routesOf(service)
  .openapi(check, async (c) => {
    const { edits } = c.req.valid('json')
    const now = service.clock.now()
    const picture = await service.db.inSnapshot(async (tx) => {
      const run = await runById(tx, c.req.valid('param').id)
      if (run === null) throw notFound(c.req.valid('param').id, RUN)
      const request = { ...requestIn(run.request), edits }
      const wrong = await editFaults(tx, request, now, issuedAt)
      const [first] = wrong
      if (first !== undefined) throw new Refused({ code: 'wrongReference', text: first.want, details: wrong.slice(0, DETAILS_MAX) })
      return snapshotOf(tx, { ...request, edits: {} }, now, issuedAt)
    })
    const scenario = soundPicture(picture)
    return c.json({ asOf: scenario.asOf, breaks: whatPinsBreak(scenario, edits) }, 200)
  })
  .openapi(compare, async (c) => {
    const [here, there] = [await drafted(service, c.req.valid('param').id), await drafted(service, c.req.valid('query').with)]
    return c.json(compared(here, there), 200)
  })

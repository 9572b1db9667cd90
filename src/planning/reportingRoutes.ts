import { createRoute, z } from '@hono/zod-openapi'
import { pageInOrder, pageShape } from '../http/lists.js'
import { both, jsonBody, reads, refused, told } from '../http/openapi.js'
import { ONE_PAGE, pageOf } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { text } from '../kernel/text.js'
import { type IssuedAt, snapshotOf, soundPicture } from './snapshot.js'
import { callsThatMatter } from './staleness.js'
import { World } from './world.js'

const callSchema = z.object({
  pool: z.string().nullable().describe(both('床位组；关于整个场所的限额时为 null', 'The pool of beds; null where it is about a limit of the whole place')), place: z.string(),
  why: z.enum(['unknown', 'stale']).describe(both('unknown：没有报过；stale：数字过旧', 'unknown: it was not told; stale: the figure is too old')),
  beds: z.int().nullable().describe(both('报过的床位数；从未报过为 null', 'Beds as far as somebody said; null where nobody did')),
  waiting: z.int().describe(both('现在等候的人里有几人可由它收', 'How many of those who wait now it could take')),
  text: z.object({ zh: z.string(), en: z.string() }).describe(both('给谁打电话，为什么', 'Whom to call, and why')),
}).meta({ id: 'CallToMake' })

const route = createRoute({
  method: 'get', path: '/reporting/call-list', tags: ['Beds 床位'], operationId: 'callList',
  ...told(text('先打哪几个电话', 'Whom to call first'), text(
    '归本委调度、能收现在等候者、但数字未报或过旧的床位组，以及未报每小时接诊数或空闲呼吸机的场所，床位多的在前。等候者：已申请转运，或所在处不能满足其需要，而无有效指令的人。过旧的时限由政策定。',
    'Pools under the command that could take somebody who waits now, but whose figures are missing or too old, and places that did not say how many arrive an hour or which ventilators are free; most beds first. Whoever has asked for a transfer, or lies where a need of theirs is not met, and has no order, waits. How old is too old is policy.',
  )),
  request: { query: z.strictObject(pageShape) },
  responses: { 200: jsonBody(pageOf(callSchema), ONE_PAGE), ...reads, 422: refused[422] },
})

/** Whose figure could change the plan, over HTTP. */
export const callRoutes = (service: Service, issuedAt: IssuedAt) => routesOf(service)
  .openapi(route, async (c) => {
    const now = service.clock.now()
    const scenario = soundPicture(await service.db.inSnapshot((tx) => snapshotOf(tx, { asOf: null, planDay: null, policy: {}, require: null, material: 'none' }, now, issuedAt)))
    const { items, next } = pageInOrder(callsThatMatter(new World(scenario)), c.req.valid('query'), 'calls')
    return c.json({ items: items.map(({ pool, place, why, beds, waiting, text: says }) => ({ pool, place, why, beds, waiting, text: says })), next }, 200)
  })

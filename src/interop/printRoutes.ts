import { createRoute } from '@hono/zod-openapi'
import { accepts } from 'hono/accepts'
import { latelyEnded } from '../dispatch/latelyStore.js'
import { issuedAllocationOf } from '../dispatch/material/store.js'
import { notInPlan } from '../dispatch/notInPlan.js'
import { issuedPlanOf, numbersByPatient } from '../dispatch/store.js'
import { otherBody, readsOne, refused, told } from '../http/openapi.js'
import { idParams } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { STYLED_PAGE } from '../kernel/paper.js'
import { text } from '../kernel/text.js'
import { dayOf } from '../kernel/time.js'
import { draftIn, planBytes } from '../planning/routes.js'
import { latelyFrom, paperText, planPaper } from './print/planPaper.js'

const HTML = 'text/html'
const PLAIN = 'text/plain'

const print = createRoute({
  method: 'get', path: '/plan-runs/{id}/print', tags: ['Plans 方案'], operationId: 'printPlan',
  ...told(text('打印方案', 'Print a plan'), text(
    '供人阅读、可打印的 HTML，逐人逐车逐单列出；抬头中英对照，正文随 Accept-Language。Accept: text/plain 为纯文本，抬头之下与命令 plan 印出的相同，只是所指的去处换成接口的。'
      + '抬头写明是哪次计算、草案还是由谁何时批准、划去哪些行；批准之后各行写明指令编号，划去的就地标明并附理由，人数、车次列出方案与执行两数。此前下达的指令另列，含方案据以计算的车辆与时刻。草案和生效中的方案，抬头还列出打印时已申请转运而方案里没有、也无有效指令的人；其下列出方案中自数据截至前 24 小时起指令已了结或曾被划去者。做不到的方案也印，写明冲突与出路。没有方案时为 409 noPlan。',
    'The whole plan as a person reads it: HTML to be printed, with every patient, trip and shipment by itself, its head in both languages, the rest in that of Accept-Language. '
      + 'With Accept: text/plain it is what the command plan prints, below the head, pointing to what the interface has. The head says which run it is, whether it is a draft or who approved it and when, and which lines were struck. '
      + 'Once it is approved each line has the number of its order, what was struck is marked where it stands with its reason, and both totals are said. Orders issued before are listed with the vehicle and times that the plan reckoned with. The head of a draft and of a plan in force also names who has asked for a transfer by the time of printing and is neither in it nor has an order that stands; below it stand those of the plan whose order ended or whose line was struck from 24 hours before its figures on. '
      + 'A plan that cannot be done is printed too, with its clash and the ways out. Without a plan it is 409 noPlan.',
  )),
  request: { params: idParams }, responses: { 200: otherBody([HTML, PLAIN], text('方案', 'The plan')), ...readsOne, 409: refused[409] },
})

/** The printed plan over HTTP. */
export function printRoutes(service: Service) {
  const { db, clock, isDrill } = service
  const app = routesOf(service)
  app.openAPIRegistry.registerPath(print)
  return app.get('/plan-runs/:id/print', async (c) => {
    const id = c.req.param('id')
    const of = await db.inSnapshot(async (tx) => {
      const { run, ...bytes } = await planBytes(tx, id)
      const drafted = draftIn(bytes)
      const [transfers, material] = [await issuedPlanOf(tx, id), await issuedAllocationOf(tx, id)]
      const patients = drafted.plan.moves.flatMap(({ patient, order }) => (order === null ? [patient] : []))
      // Whoever prints it again once it was signed reads what was to be read then.
      const lately = await latelyEnded(tx, { patients, run: id, from: latelyFrom(drafted.plan), until: transfers?.recordedAt ?? clock.now() })
      // Of a plan that is over, or of a day that is, nobody is forgotten by it any more.
      const isOpen = (transfers?.state ?? 'approved') === 'approved' && dayOf(clock.now()) <= drafted.plan.planDay
      const forgotten = isOpen ? await notInPlan(tx, drafted.plan) : null
      return { ...drafted, run, transfers, material, lately, isDrill, orders: await numbersByPatient(tx, id), forgotten }
    })
    const [language, type] = [c.get('language'), accepts(c, { header: 'Accept', supports: [HTML, PLAIN], default: HTML })]
    c.header('Content-Language', language)
    if (type === PLAIN) return c.body(paperText(of, language), 200, { 'content-type': `${PLAIN}; charset=utf-8` })
    c.header('Content-Security-Policy', STYLED_PAGE)
    return c.body(planPaper(of, language), 200, { 'content-type': `${HTML}; charset=utf-8` })
  })
}

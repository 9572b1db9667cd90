import { createRoute, z } from '@hono/zod-openapi'
import { reachFor } from '../access/policy.js'
import { SEVERITIES } from '../cases/cases.js'
import { concernsPlaces } from '../dispatch/material/steps.js'
import { concerns, STATES } from '../dispatch/orders.js'
import { both, jsonBody, reads, told } from '../http/openapi.js'
import { routesOf, type Service } from '../http/service.js'
import { isWithin, type Principal } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import { instantOf, instantSchema } from '../kernel/time.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { shiftOf } from './handover.js'
import { OVERDUE, type Ring, ringsAt } from './rings.js'

const overdueSchema = z.object({
  rings: z.array(z.object({
    kind: wordSchema(OVERDUE), text: z.object({ zh: z.string(), en: z.string() }), since: instantSchema, severity: wordSchema(SEVERITIES).nullable(),
    order: z.string().nullable(), state: wordSchema(STATES).nullable(), patient: z.string().nullable(), toPlace: z.string().nullable(), outside: z.string().nullable(), vehicle: z.string().nullable(),
    allocation: z.string().nullable(), handover: z.string().nullable(), toPost: z.string().nullable(),
    plan: z.string().nullable(), request: z.string().nullable(), item: z.string().nullable(), contact: z.string().nullable(), place: z.string().nullable(),
    by: z.string().nullable(), note: z.string().nullable(),
    lockedAway: z.array(z.object({ lot: z.string(), at: instantSchema, by: z.string(), reason: z.string().nullable() })).nullable(),
  })).describe(both('逾期各项：危重、重型患者的在前，其余最久的在前；关于指令、仍在等候的患者（place 为所在场所，by、note 为由谁、以何说明结束）、调拨单、方案（plan，其计算编号）、交接班、申领或隔离人员（contact，place 为其隔离点），不相关的各项为 null；lockedAway 为调拨单所列已封存的批次：何时、由谁、为何封存', 'What is overdue: of critical and severe patients first, then the longest; of a transfer order, a patient who waits (place is where they lie; by and note say who ended what they had, and with what word), an allocation order, a plan (by its run), a handover, a request for material or somebody in isolation (contact, at the site place), and null in what is of the others; lockedAway are the lots in quarantine that an allocation order holds: since when, by whom and why')),
}).meta({ id: 'OverdueList' })

const overdue = createRoute({
  method: 'get', path: '/overdue', tags: ['Day 日报与交接班'], operationId: 'listOverdue',
  ...told(text('逾期', 'What is overdue'), text(
    '在途逾期未到、车辆逾期未洗消、调整请求未决、方案外的指令过 12 小时未补书面、患者已不在原处而指令仍有效、应同行者不再同行、过计划出发 30 分钟仍未出车的指令（含导入带来的）、未出车的指令过期前 30 分钟；有过指令（已过期、撤销、不愿、折返、调整成立）、批准时被划去或由隔离人员转为病例，而仍在等候无指令的患者；调拨单当日未发运、到达次日仍未签收、所列批次已封存、电话批准未补签；电话批准的方案及其物资过 12 小时未补书面；交班无人接；紧急申领 60 分钟未答复；隔离人员有发热或症状，未延长、未排除。权限不及全市者只见与其场所有关、且其角色可以查看的各项。',
    'Patients who have not arrived, vehicles that are not clean, reliefs that nobody decided, orders outside any plan without paper after twelve hours, orders whose patient has gone or whose carer or child does not ride along any more, orders not dispatched half an hour after they were to leave, those that an import brought too, and half an hour before they expire; patients who wait without an order, although they had one that expired, was cancelled, came to nothing as they were unwilling, turned back on the way, or of which relief was upheld, were struck when a plan was approved, or turned positive in isolation; allocation orders that were not shipped on their day, not received a day after it, hold a lot in quarantine, or have no paper after a call; plans and their material that were approved by phone twelve hours ago and have no paper; shifts that nobody has taken over; urgent requests for material that nobody answered in 60 minutes; fever and symptoms in isolation until it is extended or a physician has ruled them out. Whoever looks after some places hears of what concerns them, as far as they may read it.',
  )),
  responses: { 200: jsonBody(overdueSchema, text('逾期各项', 'What rings')), ...reads },
})

/** Whom a thing rings for: whoever may read it, and whoever reads the shifts of the city, which list all that rings. */
function heardBy(who: Principal): (ring: Ring) => boolean {
  const shifts = reachFor(who, 'listHandovers')
  if (shifts.isCity) return () => true
  const [orders, cases, allocations, requests] = [reachFor(who, 'listTransferOrders'), reachFor(who, 'listCases'), reachFor(who, 'listAllocationOrders'), reachFor(who, 'listMaterialRequests')]
  const isolation = reachFor(who, 'listSymptoms')
  return ({ order, fallen, allocation, handover, request, contact }) => [
    order !== null && concerns(orders, order), fallen !== null && isWithin(cases, { unit: fallen.waiting.person.unit, place: fallen.waiting.place }),
    allocation !== null && concernsPlaces(allocations, allocation),
    handover !== null && isWithin(shifts, shiftOf(handover)), request !== null && isWithin(requests, request), contact !== null && isWithin(isolation, contact),
  ].includes(true)
}

/** What rings, over HTTP. */
export const overdueRoutes = (service: Service) => routesOf(service)
  .openapi(overdue, async (c) => {
    const isHeard = heardBy(c.get('who'))
    const rings = await service.db.inSnapshot((tx) => ringsAt(tx, service.clock.now()))
    return c.json({ rings: rings.filter(isHeard).map(({ kind, since, severity, order, fallen, allocation, handover, request, contact, plan, lockedAway }) => {
      const last = fallen?.waiting.last ?? null
      return {
        kind, text: OVERDUE[kind], since: instantOf(since), severity,
        order: order?.id ?? fallen?.fall.order ?? null, state: order?.state ?? (fallen?.fall.order == null ? null : last?.state ?? null), patient: order?.patient ?? fallen?.waiting.patient ?? null,
        toPlace: order?.toPlace ?? allocation?.toPlace ?? null, outside: order?.outside ?? null, vehicle: order?.vehicle ?? allocation?.vehicle ?? null,
        allocation: allocation?.id ?? null, handover: handover?.id ?? null, toPost: handover === null ? null : shiftOf(handover).toPost,
        plan: plan ?? fallen?.fall.plan ?? null, request: request?.id ?? null, item: request?.item ?? null, contact: contact?.id ?? null, place: request?.place ?? fallen?.waiting.place ?? contact?.place ?? null,
        by: fallen?.fall.by ?? null, note: fallen?.fall.note ?? null,
        lockedAway: lockedAway?.map(({ lot, at, by, reason }) => ({ lot, at: instantOf(at), by, reason })) ?? null,
      }
    }) }, 200)
  })

import { createRoute, z } from '@hono/zod-openapi'
import { FITNESS, fitnessUntil, hoursWaited, SEVERITIES, STATUSES } from '../cases/cases.js'
import { behind, cursorOf, filterBy, pageShape } from '../http/lists.js'
import { both, jsonBody, reads, told } from '../http/openapi.js'
import { ONE_PAGE, pageOf } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { text } from '../kernel/text.js'
import { dayOf, instantOf, instantOrNull, instantOrNullSchema, instantSchema, momentOf } from '../kernel/time.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { policyOn } from '../planning/store.js'
import { STATES } from './orders.js'
import { FALLEN, fallOf, type Waiting } from './waiting.js'
import { listWaiting } from './waitingStore.js'

const wordsOrNull = z.string().nullable()

const waitingSchema = z.object({
  patient: z.string(), unit: z.string(), severity: wordSchema(SEVERITIES), status: wordSchema(STATUSES),
  place: wordsOrNull.describe(both('所在场所；没有为 null', 'Where they lie; null: they have no place')), pool: wordsOrNull,
  waitingSince: instantSchema, hoursWaited: z.int().describe(both('已等候的整小时数', 'Whole hours that they have waited')),
  fitness: wordSchema(FITNESS), fitnessUntil: instantOrNullSchema.describe(both('评估有效至，未写明的按当日政策；无从得知为 null', 'Until when that holds, by the policy in force where nobody said; null where nobody can say')),
  fallen: wordSchema(FALLEN).nullable().describe(both('因何落空而仍在等候；没有为 null', 'What left them without an order that they wait for; null: nothing')),
  order: wordsOrNull.describe(both('有效的转运指令，没有则为最近一份；从未有过为 null', 'The transfer order that stands, or else the last one; null: they never had one')),
  orderState: wordSchema(STATES).nullable().describe(both('该指令的状态', 'The state of that order')),
  toPlace: wordsOrNull.describe(both('该指令的接收场所', 'The place to which that order leads')), toPool: wordsOrNull.describe(both('该指令的接收床位', 'The pool to which that order leads')),
  outside: wordsOrNull.describe(both('该指令在系统外的去处', 'Where that order leads out of the system')),
  orderEndedAt: instantOrNullSchema.describe(both('该指令何时了结；有效为 null', 'When that order ended; null while it stands')),
  orderEndedBy: wordsOrNull.describe(both('由哪个岗位了结；clock 为到时自动', 'Which post ended it; clock: the time alone')), orderEndedNote: wordsOrNull.describe(both('了结时的说明', 'What was said with that')),
  struckFrom: wordsOrNull.describe(both('最近批准时划去其行、此后再无指令的方案；没有为 null', 'The last plan whose line of theirs was struck at the approval, nothing having been ordered since; null: none')),
  struckAt: instantOrNullSchema.describe(both('何时划去', 'When it was struck')), struckBy: wordsOrNull.describe(both('由谁划去', 'By whom it was struck')), struckReason: wordsOrNull.describe(both('划去的理由', 'Why it was struck')),
}).meta({ id: 'WaitingPatient' })

const list = createRoute({
  method: 'get', path: '/waiting', tags: ['Orders 转运指令'], operationId: 'listWaiting',
  ...told(text('等候者一览', 'List who waits'), text(
    '每位申请转运而尚在等候者一行：病情、所在、等候小时数、能否转运，有效的或最近一份指令及其如何了结，批准时是否被划去。重者在前，同一病情等候久的在前；可按报告单位、病情、所在场所筛选。',
    'One row for each who asks for another place and waits: how ill, where they lie, hours waited, fitness to travel, the order that stands or the last one and how it ended, and whether a line of theirs was struck at an approval. The gravest first, and of one severity whoever has waited longest; filtered by unit, severity, and the place where they lie.',
  )),
  request: { query: z.strictObject({ ...pageShape, unit: filterBy('units'), severity: wordSchema(SEVERITIES).optional(), place: filterBy('places') }) },
  responses: { 200: jsonBody(pageOf(waitingSchema), ONE_PAGE), ...reads },
})

function waitingOut(waiting: Waiting, { now, validHours }: { now: Date; validHours: number | null }): z.infer<typeof waitingSchema> {
  const { patient, person, place, pool, waitingSince, last, struck } = waiting
  const until = fitnessUntil(person, validHours)
  return {
    patient, unit: person.unit, severity: person.severity, status: person.status, place, pool,
    waitingSince: instantOf(waitingSince), hoursWaited: hoursWaited(person, instantOf(now)),
    fitness: person.fitness, fitnessUntil: instantOrNull(until === null ? null : momentOf(until)), fallen: fallOf(waiting)?.kind ?? null,
    order: last?.id ?? null, orderState: last?.state ?? null, toPlace: last?.toPlace ?? null, toPool: last?.pool ?? null, outside: last?.outside ?? null,
    orderEndedAt: instantOrNull(last?.end?.at ?? null), orderEndedBy: last?.end?.by ?? null, orderEndedNote: last?.end?.note ?? null,
    struckFrom: struck?.plan ?? null, struckAt: instantOrNull(struck?.at ?? null), struckBy: struck?.by ?? null, struckReason: struck?.note ?? null,
  }
}

/** Who waits, over HTTP, as far as the asker reads cases. */
export const waitingRoutes = (service: Service) => routesOf(service).openapi(list, async (c) => {
  const { limit, cursor, unit, severity, place } = c.req.valid('query')
  const now = service.clock.now()
  const [policy, { waiting, next }] = await service.db.inSnapshot(async (tx) =>
    [await policyOn(tx, dayOf(now)), await listWaiting(tx, { now, reach: c.get('reach'), unit, severity, place, after: behind(cursor, 'waiting'), limit })] as const)
  const validHours = policy?.fitnessValidHours ?? null
  return c.json({ items: waiting.map((one) => waitingOut(one, { now, validHours })), next: cursorOf(next, 'waiting') }, 200)
})

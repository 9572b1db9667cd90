import { createRoute, z } from '@hono/zod-openapi'
import { filterBy, idFilter, pageInOrder, pageShape } from '../http/lists.js'
import { both, jsonBody, reads, refused, told } from '../http/openapi.js'
import { ONE_PAGE, pageOf } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { isWithin } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import { daySchema } from '../kernel/time.js'
import { missedInCounts } from '../supplies/countedStore.js'
import { HUNDREDTHS } from './material/cover.js'
import { presentCover } from './material/presentCover.js'
import { type IssuedAt, snapshotOf, soundPicture } from './snapshot.js'

const days = z.number().nullable()
const coverSchema = z.object({
  place: z.string(),
  item: z.string().describe(both('品目，或成套的名称', 'The item, or the kit by its name')),
  isKit: z.boolean().describe(both('是否成套：缺一件就不能上一班', 'Whether it is a kit: nobody works a shift with less')),
  usable: z.int().describe(both('现在可用的，基本单位或整套：未过期、未封存、已放行', 'What can be used now, in base units or whole kits: not expired, not in quarantine, released')),
  onTheWay: z.int().describe(both('已下达或在途、到货当天仍可用的', 'What is ordered or on the road and can be used when it comes')),
  perDay: z.number().describe(both('日需（常规定额，按实耗在限度内修正，三位小数）；0 为按定额不用', 'Daily need at the conventional norm, corrected by measured use within its cap, to the thousandth; nought where the norm says that none is used')),
  days: days.describe(both('可用天数，两位小数，最多 999；按定额不用的为 null', 'Days of supply, to the hundredth, 999 at most; null where the norm says that none is used')),
  runsOutOn: daySchema.nullable().describe(both('第一个不够用的日子；长于各档者按末日用量推算', 'The first day that is not covered in full; beyond the bands as if the last day’s use went on')),
  band: z.int().nullable().describe(both('先从哪一档不够，自 0 起；各档都够为 null', 'The band that falls short first, from nought; null where none does')),
  tier: z.int().nullable().describe(both('该档里哪一级先不够', 'The tier that falls short first in that band')),
  scarcest: z.string().nullable().describe(both('成套里先用完的一件；单品为 null', 'Of a kit, the part that runs out first; null of an item')),
  used: z.int().nullable().describe(both('实耗：自报，或按连续三天以上的消耗单；没有为 null', 'Measured use, reported, or by notes of consumption over three days and more; null where there is none')),
  usedDays: z.int().nullable().describe(both('实耗是几天的', 'In how many days that was')),
  usedByNorm: z.int().nullable().describe(both('这几天按定额该用多少', 'What the norm says of those days')),
  missedInCounts: z.int().describe(both('历次盘点没有找到的；负数为多出', 'What stocktakes did not find; negative where they found more')),
  unexplained: z.int().describe(both('待说明：实耗减定额，加盘点没有找到的', 'Unexplained: measured use less the norm, and what counts did not find')),
  daysWithUnexplained: days.describe(both('待说明的仍算在该处时的可用天数', 'Days of supply if what is unexplained is counted as still there')),
}).meta({ id: 'Cover' })

const route = createRoute({
  method: 'get', path: '/cover', tags: ['Stock 库存'], operationId: 'listCover',
  ...told(text('保障天数', 'How long each place lasts'), text(
    '各接收方每一品目和每一套：现在可用的和在途的，除以按定额的日需；最短的在前。申领不参与计算。当天没有政策版本的，各档各级按此前最近一版。收到的减去按定额用的、再减去清点到的，为待说明，一并列出。',
    'Every receiver by item and by kit: what can be used before it expires and what is on the way, by the daily need at the norm; the least covered first. '
      + 'What was asked for has no part in it. On a day without a policy edition bands and tiers are those of the last one before. Received less used by norm less counted is unexplained, and stands beside.',
  )),
  request: { query: z.strictObject({ ...pageShape, place: filterBy('places'), item: idFilter }) },
  responses: { 200: jsonBody(pageOf(coverSchema), ONE_PAGE), ...reads, 422: refused[422] },
})

const daysOf = (hundredths: number | null) => (hundredths === null ? null : hundredths / HUNDREDTHS)

/** Material as it is planned for, over HTTP. */
export const materialRoutes = (service: Service, issuedAt: IssuedAt) => routesOf(service)
  .openapi(route, async (c) => {
    const query = c.req.valid('query')
    const now = service.clock.now()
    const { picture, missed } = await service.db.inSnapshot(async (tx) => ({
      picture: await snapshotOf(tx, { asOf: null, planDay: null, policy: {}, require: null }, now, issuedAt), missed: await missedInCounts(tx),
    }))
    const rows = presentCover(soundPicture(picture, { anyDay: true }), missed).filter(({ place, item }) =>
      isWithin(c.get('reach'), { place }) && (query.place ?? place) === place && (query.item ?? item) === item)
    const { items, next } = pageInOrder(rows, query, 'cover')
    return c.json({
      items: items.map(({ id: _, cover, coverWithUnexplained, dailyPerMille, ...row }) =>
        ({ ...row, perDay: dailyPerMille / 1000, days: daysOf(cover), daysWithUnexplained: daysOf(coverWithUnexplained) })),
      next,
    }, 200)
  })

import { createRoute, z } from '@hono/zod-openapi'
import type { Tx } from '../db/database.js'
import { keepOrders } from '../dispatch/clockwork.js'
import { PLACE_KINDS } from '../facilities/places.js'
import { REPORTING_STATES } from '../facilities/compliance.js'
import { type Answer, command } from '../http/command.js'
import { ABOUT, behind, cursorOf, pageInOrder, pageShape } from '../http/lists.js'
import { both, jsonBody, jsonRequest, keyHeaders, otherBody, reads, readsOne, refused, told, writesBody } from '../http/openapi.js'
import { idParams, ONE_PAGE, pageOf, send } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { nameSchema } from '../kernel/names.js'
import { notFound } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { daySchema, instantOf, instantSchema } from '../kernel/time.js'
import { keysOf, type Vocabulary, wordSchema } from '../kernel/vocabulary.js'
import { ARITHMETIC, checkedIn, lineText, wrongIn } from './arithmetic.js'
import { canBeFrozen, contentOf, correctionsNow, type Draft, draftOf, freeze } from './commands.js'
import type { DayContent, DayFigures } from './content.js'
import { CORRECTED } from './corrections.js'
import { type Asked, askedOf, CUT_OFFS, numberIn, type ReportAsk, reportAskSchema } from './cutOff.js'
import { CITY_FIGURES, PLACE_FIGURES, UNIT_FIGURES } from './figures.js'
import { type ReportOnPaper, reportPaper } from './reportPaper.js'
import { listReports, reportById } from './store.js'

const tags = ['Day 日报与交接班']
const figureSchema = z.union([z.int(), z.literal('unknown')])
const figures = <F extends string, S extends z.ZodType>(vocabulary: Vocabulary<F>, one: S): Record<F, S> =>
  Object.fromEntries(keysOf(vocabulary).map((name) => [name, one.describe(both(vocabulary[name].zh, vocabulary[name].en))])) as Record<F, S>

const citySchema = z.object(figures(CITY_FIGURES, figureSchema)).meta({ id: 'FiguresOfTheCity' })
const unitSchema = z.object({ unit: z.string(), name: nameSchema, ...figures(UNIT_FIGURES, z.int()) }).meta({ id: 'FiguresOfAUnit' })
const placeSchema = z.object({
  place: z.string(), name: nameSchema, kind: wordSchema(PLACE_KINDS), unit: z.string(), underCommand: z.boolean(),
  reported: wordSchema(REPORTING_STATES).nullable().describe(both('本次是否报数；没有床位为 null', 'Whether it told its figures for this cut-off; null where it has no beds')),
  notReported: z.array(z.string()).describe(both('本次未报的床位组，所示为旧数', 'Pools not reported for this cut-off: what they show is older')),
  ...figures(PLACE_FIGURES, figureSchema),
}).meta({ id: 'FiguresOfAPlace' })
const correctionSchema = z.object({
  of: z.enum(CORRECTED).describe(both('全市、报告单位或场所', 'The city, a reporting unit, or a place')),
  subject: z.string(), figure: z.string(),
  frozen: figureSchema.nullable().describe(both('冻结时；当时没有这一项为 null', 'As frozen; null where there was no such row')),
  now: figureSchema.nullable().describe(both('按现在所知；已没有这一项为 null', 'By what is known now; null where there is none any more')),
  difference: z.int().nullable().describe(both('增减；一方未知为 null', 'The difference; null where one of the two is not known')),
}).meta({ id: 'Correction' })
const arithmeticSchema = z.object({
  rule: wordSchema(ARITHMETIC), text: z.object({ zh: z.string(), en: z.string() }),
  lines: z.int().describe(both('核对了几处', 'How many lines were checked')),
}).meta({ id: 'Arithmetic' })
const planSchema = z.object({ id: z.string(), approvedAt: instantSchema, approvedBy: z.string() }).meta({ id: 'PlanApproved' })

const headShape = {
  id: z.string(), number: z.string(), day: daySchema, cutOff: wordSchema(CUT_OFFS), frozenAt: instantSchema, signatory: z.string(),
  hash: z.string().describe(both('冻结内容的 SHA-256', 'SHA-256 of what is frozen')),
}
const spanShape = {
  from: instantSchema, to: instantSchema.describe(both('截止时点；此刻发生的算在内', 'The cut-off; what happened at that moment is in it')),
  knownAt: instantSchema.describe(both('截至此时所知', 'As far as it was known then')),
}
const figuresShape = { city: citySchema, units: z.array(unitSchema), places: z.array(placeSchema), plans: z.array(planSchema), arithmetic: z.array(arithmeticSchema) }
const reportSchema = z.object({
  ...headShape, ...spanShape, note: z.string().nullable(), ...figuresShape,
  corrections: z.array(correctionSchema).describe(both('冻结以后补记所致的变动；不改冻结的数字', 'What was told since makes otherwise; what is frozen stays')),
}).meta({ id: 'DailyReport' })
const shortSchema = z.object({ ...headShape, city: citySchema }).meta({ id: 'DailyReportInList' })
const draftSchema = z.object({
  day: daySchema, cutOff: wordSchema(CUT_OFFS), ...spanShape, ...figuresShape,
  wrong: z.array(z.object({
    rule: wordSchema(ARITHMETIC), subject: z.string(), expected: z.int(), found: z.int(), text: z.object({ zh: z.string(), en: z.string() }),
  })).describe(both('对不上的各处；有一处便不能冻结', 'Lines that do not add up; with one of them nothing is frozen')),
}).meta({ id: 'DayCounted' })

const freezing = createRoute({
  method: 'post', path: '/daily-reports', tags, operationId: 'freezeDailyReport',
  ...told(text('冻结日报', 'Freeze a daily report'), text(
    '截止以后由签发的岗位冻结一次：各报告单位、各场所与全市的数字，按此刻所知，连同编号、签发岗位、时间与哈希。冻结前逐项核对，对不上为 409 doesNotAddUp，逐处列出。此后不改不删，补记的作为订正另列。',
    'Once its cut-off has passed a post freezes it, once, and answers for it: the figures of every reporting unit, every place and the city as they are known at that moment, with number, '
      + 'signatory, time and hash. Its arithmetic is checked first; what does not add up is 409 doesNotAddUp, line by line. It is never changed or deleted; what is told later stands beside it as a correction.',
  )),
  request: { headers: keyHeaders, body: jsonRequest(reportAskSchema, { day: '2020-01-29', cutOff: 'midnight', note: '数据截至 1 月 29 日 24 时' }) },
  responses: { 201: jsonBody(reportSchema, text('已冻结', 'Frozen')), 403: refused[403], ...writesBody, 409: refused[409] },
})
const counting = createRoute({
  method: 'get', path: '/day-figures', tags, operationId: 'countDay',
  ...told(text('一日的数字', 'The figures of a day'), text(
    '按现在所知，未冻结；签发前用来看，连同对不上的各处。', 'By what is known now, and not frozen: what whoever signs looks at first, with every line that does not add up.',
  )),
  request: { query: z.strictObject({
    day: daySchema.optional().describe(both('哪一天；不填即最近已过的截止时点', 'Of which day; of the last cut-off that has passed when left out')),
    cutOff: wordSchema(CUT_OFFS).optional().describe(both('0—12时或 0—24时；不填即已过的最近一次', 'Until noon or midnight; the last that has passed when left out')),
  }) },
  responses: { 200: jsonBody(draftSchema, text('数字', 'The figures')), ...reads },
})
const list = createRoute({
  method: 'get', path: '/daily-reports', tags, operationId: 'listDailyReports',
  ...told(text('日报一览', 'List daily reports'), text('按日期与截止时点；每份带全市的数字。', 'By day and cut-off, each with the figures of the city.')),
  request: {
    query: z.strictObject({
      ...pageShape, sort: z.enum(['day', '-day']).default('-day'), cutOff: wordSchema(CUT_OFFS).optional(),
      from: daySchema.optional().describe(both('此日起', 'From this day on')), until: daySchema.optional().describe(both('至此日止', 'Until this day, which is among them')),
    }),
  },
  responses: { 200: jsonBody(pageOf(shortSchema), ONE_PAGE), ...reads },
})
const get = createRoute({
  method: 'get', path: '/daily-reports/{id}', tags, operationId: 'getDailyReport', [ABOUT]: text('日报', 'daily report'),
  ...told(text('一份日报', 'One daily report'), text(
    '冻结的数字，与按现在所知重算后有变动的每一项：哪一处、哪一项、冻结时、现在、增减。', 'The frozen figures, and every figure that is otherwise when the same cut-off is counted by what is known now.',
  )),
  request: { params: idParams }, responses: { 200: jsonBody(reportSchema, text('日报', 'The report')), ...readsOne },
})
const table = <const P extends string, S extends z.ZodType>(path: P, operationId: string, row: S, summary: ReturnType<typeof text>) => createRoute({
  method: 'get', path: `/daily-reports/{id}/${path}` as const, tags, operationId,
  ...told(summary, text('日报的一张表；带 Accept: text/csv 则为电子表格。', 'One table of the report; with Accept: text/csv it is one for a spreadsheet.')),
  request: { params: idParams, query: z.strictObject(pageShape) }, responses: { 200: jsonBody(pageOf(row), ONE_PAGE), ...readsOne },
})
const unitTable = table('units', 'listUnitsOfDailyReport', unitSchema, text('各报告单位', 'Its reporting units'))
const placeTable = table('places', 'listPlacesOfDailyReport', placeSchema, text('各场所', 'Its places'))
const correctionTable = table('corrections', 'listCorrectionsOfDailyReport', correctionSchema, text('订正', 'What has changed since'))
const print = createRoute({
  method: 'get', path: '/daily-reports/{id}/print', tags, operationId: 'printDailyReport',
  ...told(text('打印日报', 'Print a daily report'), text('可打印的 HTML，中英对照，附订正。', 'HTML to be printed, in both languages, with what has changed since.')),
  request: { params: idParams }, responses: { 200: otherBody('text/html', text('日报', 'The report')), ...readsOne },
})

const unitRows = ({ units }: DayFigures): z.infer<typeof unitSchema>[] => Object.entries(units).map(([unit, { name, figures: own }]) =>
  ({ unit, name, ...own as Record<keyof typeof UNIT_FIGURES, number> }))
const placeRows = ({ places }: DayFigures): z.infer<typeof placeSchema>[] => Object.entries(places).map(([place, { name, kind, unit, underCommand, state, notReported, figures: own }]) =>
  ({ place, name, kind, unit, underCommand, reported: state, notReported: [...notReported], ...own }))
const arithmeticOut = (checked: DayContent['arithmetic']) => checked.map(({ rule, lines }) => ({ rule, text: ARITHMETIC[rule], lines }))
const figuresOut = (counted: DayFigures, checked: DayContent['arithmetic']) =>
  ({ city: counted.city, units: unitRows(counted), places: placeRows(counted), plans: [...counted.plans], arithmetic: arithmeticOut(checked) })

function reportOut({ report, content, corrections, isDrill }: ReportOnPaper): z.infer<typeof reportSchema> {
  const { id, number, year, frozenAt, signatory, contentHash } = report
  const { day, cutOff, from, to, knownAt, note, arithmetic } = content
  return {
    id, number: numberIn(year, number, isDrill), day, cutOff, frozenAt: instantOf(frozenAt), signatory, hash: contentHash, from, to, knownAt, note,
    ...figuresOut(content, arithmetic), corrections: [...corrections],
  }
}

function draftOut({ day, cutOff }: Asked, { span: { from, to, knownAt }, figures: counted, lines }: Draft): z.infer<typeof draftSchema> {
  const wrong = wrongIn(lines).map((line) => ({ rule: line.rule, subject: line.subject, expected: line.expected, found: line.found, text: lineText(line) }))
  return { day, cutOff, from: instantOf(from), to: instantOf(to), knownAt: instantOf(knownAt), ...figuresOut(counted, checkedIn(lines)), wrong }
}

/** Daily reports over HTTP: counted, frozen, read with their corrections, printed. */
export function reportRoutes(service: Service) {
  const { db, clock, isDrill } = service
  const frozen = async (tx: Tx, id: string) => {
    const report = await reportById(tx, id)
    if (report === null) throw notFound(id)
    return { report, content: contentOf(report) }
  }
  const contentIn = async (id: string) => (await db.inSnapshot((tx) => frozen(tx, id))).content
  /** A report with what has changed since, in one moment of the store. */
  const found = (id: string) => db.inSnapshot(async (tx) => {
    const own = await frozen(tx, id)
    return { ...own, corrections: await correctionsNow(tx, own.content, clock.now()) }
  })
  const app = routesOf(service)
  app.openAPIRegistry.registerPath(print)
  return app
    .openapi(freezing, async (c) => {
      const ask = c.req.valid('json')
      const draft = await drafted(service, ask)
      return send(c, await command(c, service, async (act): Promise<Answer<z.infer<typeof reportSchema>, 201>> => {
        const report = await freeze(act, ask, draft)
        return { status: 201, body: reportOut({ report, content: contentOf(report), corrections: [], isDrill }) }
      }))
    })
    .openapi(counting, async (c) => {
      const asked = askedOf(c.req.valid('query'), clock.now())
      return c.json(draftOut(asked, await db.inSnapshot((tx) => draftOf(tx, asked, clock.now()))), 200)
    })
    .openapi(list, async (c) => {
      const { limit, cursor, sort, cutOff, from, until } = c.req.valid('query')
      const rows = await db.inSnapshot((tx) => listReports(tx, {
        cutOff, from, until, after: behind(cursor, sort)?.key ?? null, descending: sort === '-day', limit: limit + 1,
      }))
      const page = rows.slice(0, limit)
      const last = rows.length > limit ? page.at(-1) : undefined
      const items = page.map(({ id, number, year, day, cutOff: which, frozenAt, signatory, contentHash, city }) => ({
        id, number: numberIn(year, number, isDrill), day, cutOff: which as keyof typeof CUT_OFFS, frozenAt: instantOf(frozenAt), signatory, hash: contentHash,
        city: city as z.infer<typeof citySchema>,
      }))
      return c.json({ items, next: cursorOf(last === undefined ? null : { key: last.key, id: last.id }, sort) }, 200)
    })
    .openapi(get, async (c) => {
      const { report, content, corrections } = await found(c.req.valid('param').id)
      return c.json(reportOut({ report, content, corrections, isDrill }), 200)
    })
    .openapi(unitTable, async (c) => {
      const content = await contentIn(c.req.valid('param').id)
      const { items, next } = pageInOrder(unitRows(content).map((row) => ({ id: row.unit, row })), c.req.valid('query'), 'units')
      return c.json({ items: items.map(({ row }) => row), next }, 200)
    })
    .openapi(placeTable, async (c) => {
      const content = await contentIn(c.req.valid('param').id)
      const { items, next } = pageInOrder(placeRows(content).map((row) => ({ id: row.place, row })), c.req.valid('query'), 'places')
      return c.json({ items: items.map(({ row }) => row), next }, 200)
    })
    .openapi(correctionTable, async (c) => {
      const { corrections } = await found(c.req.valid('param').id)
      const { items, next } = pageInOrder(corrections.map((row) => ({ id: `${row.of}/${row.subject}/${row.figure}`, row })), c.req.valid('query'), 'corrections')
      return c.json({ items: items.map(({ row }) => row), next }, 200)
    })
    .get('/daily-reports/:id/print', async (c) => {
      const { report, content, corrections } = await found(c.req.param('id'))
      return c.body(reportPaper({ report, content, corrections, isDrill }), 200, { 'content-type': 'text/html; charset=utf-8' })
    })
}

/** Orders that are due are settled some hundreds at a time. */
const ROUNDS_MAX = 50

/**
 * A day counted before it is frozen, in one moment of the store and without keeping anybody waiting; null where there is
 * nothing to count. What the clock has to say to orders is written down first, so that it is counted.
 */
async function drafted({ db, clock }: Service, ask: ReportAsk): Promise<Draft | null> {
  if (!await db.inSnapshot((tx) => canBeFrozen(tx, ask, clock.now()))) return null
  for (let rounds = 0; rounds < ROUNDS_MAX && await keepOrders(db, clock) > 0;) rounds += 1
  return db.inSnapshot((tx) => draftOf(tx, ask, clock.now()))
}

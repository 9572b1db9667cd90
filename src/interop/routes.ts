import { createRoute, z } from '@hono/zod-openapi'
import { importOrders } from '../dispatch/importing.js'
import { issuedAt } from '../dispatch/issued.js'
import { command } from '../http/command.js'
import { pastOf, pastQuery } from '../http/lists.js'
import { both, jsonBody, keyHeaders, otherBody, reads, readsOne, refused, told, writesBody } from '../http/openapi.js'
import { idParams, send } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { isStamped, stamped } from '../kernel/drill.js'
import { type Detail, DETAILS_MAX, notFound, refuseAt, Refused, wrongAt } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { instantOf, instantSchema } from '../kernel/time.js'
import { drafted } from '../planning/routes.js'
import { type Scenario, scenarioSchema } from '../planning/scenario.js'
import { validateScenario } from '../planning/scenarioFaults.js'
import { detailOf, importScenario, snapshotOf } from '../planning/snapshot.js'
import { planTables } from './planCsv.js'
import { type Problem } from './problem.js'
import { problemLine } from './problemText.js'
import { planZip, scenarioZip } from './scenarioOut.js'
import { readScenarioZip } from './scenarioZip.js'

const tags = ['Scenarios 情景']

const importedSchema = z.object({ name: z.string(), asOf: instantSchema, places: z.int(), pools: z.int(), cases: z.int() }).meta({ id: 'Imported' })

const bring = createRoute({
  method: 'post', path: '/scenario', tags, operationId: 'importScenario',
  ...told(text('导入情景', 'Fill an empty store from a scenario folder'), text(
    '把 CSV 各表、policy.json 与 story.md 的目录压成不超过 10 MB 的 zip。全部导入或全不导入；每处错误指明文件、行、列。',
    'The folder of CSV tables, policy.json and story.md as a zip of at most 10 MB. All of it or nothing; every mistake is named by file, row and column.',
  )),
  request: { headers: keyHeaders, body: { content: { 'application/zip': { schema: z.string().meta({ format: 'binary' }) } }, required: true } },
  responses: { 201: jsonBody(importedSchema, text('已导入', 'Imported')), ...writesBody, 409: refused[409] },
})
const show = createRoute({
  method: 'get', path: '/scenario', tags, operationId: 'getScenario',
  ...told(text('某时的全貌', 'The whole picture of one moment'), text('作为一个情景，可据以求方案；数据不成情景时为 422，逐处列出。', 'As a scenario that a plan can be made from; where the data make none it is 422 and lists each place.')),
  request: { query: pastQuery }, responses: { 200: jsonBody(scenarioSchema.meta({ id: 'Scenario' }), text('情景', 'The scenario')), ...reads, 422: refused[422] },
})
const take = createRoute({
  method: 'get', path: '/scenario.zip', tags, operationId: 'exportScenario',
  ...told(text('导出情景', 'The scenario as a folder'), text('同一内容，CSV 各表压成 zip；可再导入另一个空库。', 'The same as CSV tables in a zip, which another empty store takes in.')),
  request: { query: pastQuery }, responses: { 200: otherBody('application/zip', text('目录', 'The folder')), ...reads, 422: refused[422] },
})
const tables = createRoute({
  method: 'get', path: '/plan-runs/{id}/plan.zip', tags: ['Plans 方案'], operationId: 'getPlanTables',
  ...told(text('方案各表', 'The plan as tables'), text('方案的 CSV 各表，压成 zip；可直接用电子表格打开。', 'CSV tables in a zip that a spreadsheet opens.')),
  request: { params: idParams }, responses: { 200: otherBody('application/zip', text('各表', 'The tables')), ...readsOne, 409: refused[409] },
})
const table = createRoute({
  method: 'get', path: '/plan-runs/{id}/tables/{table}', tags: ['Plans 方案'], operationId: 'getPlanTable',
  ...told(text('方案的一张表', 'One table of the plan'), text('如 moves.csv、trips.csv；没有此表为 404。', 'Such as moves.csv or trips.csv; one that there is not is 404.')),
  request: { params: idParams.extend({ table: z.string().describe(both('表名', 'The name of the table')).openapi({ example: 'moves.csv' }) }) }, responses: { 200: otherBody('text/csv', text('这张表', 'The table')), ...readsOne, 409: refused[409] },
})

/** A mistake in a file of the folder. */
const detailOfFile = (problem: Problem): Detail => ({
  pointer: [problem.file, problem.row, problem.column].filter((part) => part !== null).join('/'),
  want: text(problemLine(problem, 'zh'), problemLine(problem, 'en')),
})

/** What stands in the store at a moment, or the refusal that names what does not fit together. */
async function scenarioAt({ db, clock }: Service, query: z.infer<typeof pastQuery>): Promise<Scenario> {
  const now = clock.now()
  const past = pastOf(query, now)
  const ask = { asOf: past === null ? null : query.asOf ?? instantOf(past.asOf), planDay: null, policy: {}, require: null }
  const read = validateScenario(await db.inSnapshot((tx) => snapshotOf(tx, ask, past?.knownAt ?? now, issuedAt)))
  if (read.ok) return read.scenario
  throw new Refused({
    code: 'scenarioRefused',
    text: text('现有数据不成一个情景；请按所列补正', 'what stands in the store is no scenario; mend what is listed'),
    details: read.faults.slice(0, DETAILS_MAX).map(detailOf),
  })
}

const ZIP = { 'content-type': 'application/zip' }

/** Scenarios in and out, and plans as tables, over HTTP. */
export function exchangeRoutes(service: Service) {
  const app = routesOf(service)
  for (const route of [bring, take, tables, table]) app.openAPIRegistry.registerPath(route)
  return app
    .openapi(show, async (c) => c.json(await scenarioAt(service, c.req.valid('query')), 200))
    .post('/scenario', async (c) => {
      if (!/^application\/(?:zip|x-zip-compressed)\b/.test(c.req.header('content-type') ?? '')) {
        throw wrongAt('unsupportedMediaType', 'header:/content-type', '内容类型应为 application/zip', 'the content type must be application/zip')
      }
      const read = await readScenarioZip(new Uint8Array(await c.req.arrayBuffer()))
      return send(c, await command(c, service, async (act) => {
        if (!read.ok) {
          throw new Refused({
            code: 'scenarioRefused', text: text('未导入任何内容；请按所列改正', 'nothing was imported; mend what is listed'),
            details: read.problems.slice(0, DETAILS_MAX).map(detailOfFile),
          })
        }
        await importScenario(act, read.scenario, issuedAt)
        await importOrders(act, read.scenario)
        const { name, asOf, places, pools, cases } = read.scenario
        const count = (rows: object) => Object.keys(rows).length
        return { status: 201 as const, body: { name, asOf, places: count(places), pools: count(pools), cases: count(cases) } }
      }))
    })
    .get('/scenario.zip', async (c) => {
      const query = pastQuery.safeParse(c.req.query())
      if (!query.success) throw refuseAt(`query:/${fieldOf(query.error.issues[0])}`, '只有 asOf 与 knownAt，应为带时区的时间；其中的 + 写作 %2B', 'there are asOf and knownAt only, times with offset, their + written %2B')
      const scenario = await scenarioAt(service, query.data)
      return c.body(Buffer.from(scenarioZip(scenario)), 200, { ...ZIP, 'content-disposition': attachment(`${scenario.name}.zip`) })
    })
    .get('/plan-runs/:id/plan.zip', async (c) => {
      const { plan, scenario } = await drafted(service, c.req.param('id'))
      return c.body(Buffer.from(planZip(plan, scenario)), 200, { ...ZIP, 'content-disposition': attachment(stamped(`plan-${plan.planDay}.zip`, isStamped(scenario.name))) })
    })
    .get('/plan-runs/:id/tables/:table', async (c) => {
      const { plan, scenario } = await drafted(service, c.req.param('id'))
      const found = planTables(plan, scenario).find(({ name }) => name === c.req.param('table'))
      if (found === undefined) throw notFound(c.req.param('table'), text('表', 'table'))
      return c.body(found.csv, 200, { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': attachment(stamped(found.name, isStamped(scenario.name))) })
    })
}

/** The field of a query that an issue is about. */
const fieldOf = (issue: z.core.$ZodIssue | undefined): string =>
  (issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.map(String)[0]) ?? ''

const attachment = (name: string): string => `attachment; filename*=UTF-8''${encodeURIComponent(name)}`

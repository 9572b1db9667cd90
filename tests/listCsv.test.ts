import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describedBy } from '../src/app/described.js'
import { listTables } from '../src/app/listTables.js'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { story } from './campaigns/given.js'
import { freshDatabase } from './support/databases.js'
import { ask, type Served, serving } from './support/serving.js'

let served: Served
let end: () => unknown
beforeAll(async () => {
  const fresh = await freshDatabase('embedded')
  end = fresh.end
  served = await serving(fresh.database)
  // Titles that a spreadsheet would run, and more rows than a page has.
  const scenario = story('chongqing-2020-01-29-tenfold')
  const places = Object.fromEntries(Object.entries(scenario.places).map(([id, place]) => [id, { ...place, source: '=1+1' }]))
  const zip = { type: 'application/zip', content: scenarioZip({ ...scenario, places }) }
  expect((await ask(served.address, '/api/scenario', { method: 'POST', bytes: zip })).status).toBe(201)
}, 60_000)
afterAll(async () => {
  await served.close()
  await end()
})

const table = async (path: string, headers: Record<string, string> = {}) => {
  const said = await ask(served.address, path, { headers: { accept: 'text/csv', 'accept-language': 'zh', ...headers } })
  return { ...said, rows: said.status === 200 ? parse<Record<string, string>>(said.text, { bom: true, columns: true }) : [] }
}

test('a list is a table of all its pages, as a spreadsheet reads it', async () => {
  const { status, headers, rows } = await table('/api/cases?sort=-id')
  expect([status, headers.get('content-type'), headers.get('content-disposition')]).toEqual([200, 'text/csv; charset=utf-8', "attachment; filename*=UTF-8''cases.csv"])
  const bytes = Buffer.from(await (await fetch(`${served.address}/api/cases`, { headers: { accept: 'text/csv' } })).arrayBuffer())
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  const ids = rows.map((row) => row['编号 id'] ?? '')
  expect(ids.length).toBe(Object.keys(story('chongqing-2020-01-29-tenfold').cases).length)
  expect(ids.length).toBeGreaterThan(500)
  expect(new Set(ids).size).toBe(ids.length)
  expect([...ids].sort().reverse()).toEqual(ids)
})

test('a table is filtered as its list is, has its titles when it is empty, and nothing that runs', async () => {
  const { rows } = await table('/api/pools?careLevel=intensive')
  expect([rows.length > 0, rows.every((row) => row['床位级别 careLevel'] === 'intensive')]).toEqual([true, true])
  expect((await table('/api/reserve-blocks?place=phc')).text).toMatch(/^\uFEFF?编号 id,/)
  const places = (await table('/api/places')).rows
  expect([rows[0]?.['床位级别 careLevel (文字)'], (await table('/api/pools?careLevel=intensive', { 'accept-language': 'en' })).rows[0]?.['Care level careLevel (in words)']])
    .toEqual(['重症监护床', 'intensive bed'])
  expect(places[0]?.['数据出处 source']).toBe("'=1+1")
  expect(places[0]?.['名称（中文） name.zh']).not.toBe('')
})

test('a list that has no pages is a table too', async () => {
  for (const [path, title] of [['/api/overdue', 'kind'], ['/api/vehicle-board', 'vehicle'], ['/api/transfer-clocks', 'severity'], ['/api/integrity', 'rule']] as const) {
    const { status, headers, text } = await table(path)
    expect([path, status, headers.get('content-type'), text.split(',')[0]]).toEqual([path, 200, 'text/csv; charset=utf-8', expect.stringContaining(title)])
  }
})

test('whoever may not see the list gets no table, and a mistake is told as ever', async () => {
  expect((await table('/api/cases', { authorization: 'Post nobody' })).status).toBe(401)
  expect((await table('/api/cases', { authorization: 'Post idle' })).status).toBe(403)
  expect((await table('/api/cases?sort=age')).status).toBe(400)
  expect((await table('/api/cases/nobody-there')).status).toBe(404)
})

test('every column of every list says in either language what it holds, and no two of a list say the same', () => {
  const wrong: string[] = []
  const tables = [...listTables(describedBy(served.app.app))]
  for (const [operation, { columns }] of tables) {
    for (const { path, note } of columns) if (note === null || !/\p{Script=Han}/u.test(note.zh) || note.en === '') wrong.push(`${operation} ${path.join('.')}: nothing`)
    for (const language of ['zh', 'en'] as const) {
      const notes = columns.flatMap(({ note }) => note?.[language] ?? [])
      for (const twice of new Set(notes.filter((note, i) => notes.indexOf(note) !== i))) wrong.push(`${operation}: twice “${twice}”`)
    }
  }
  expect(tables.length).toBeGreaterThan(40)
  expect(wrong).toEqual([])
})

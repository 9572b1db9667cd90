import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { TABLE_SPECS } from '../src/interop/csvTables.js'
import { readJson } from '../src/interop/jsonText.js'
import { problemLine } from '../src/interop/problemText.js'
import { type Problem, readScenarioFolder } from '../src/interop/scenarioFolder.js'
import { fieldsOf, TABLES } from '../src/planning/scenario.js'
import { type Folder, onDisk, SOUND, withCell, withFile, without, withPolicy, withRows } from './doorFixture.js'
import { MISTAKES } from './doorMistakes.js'
import { MATERIAL_DOOR } from './materialDoor.js'

function problemsOf(folder: Folder, name?: string): Problem[] {
  const read = onDisk(folder, readScenarioFolder, name)
  return read.ok ? [] : read.problems
}

function scenarioOf(folder: Folder) {
  const read = onDisk(folder, readScenarioFolder)
  if (!read.ok) throw new Error(read.problems.map((problem) => problemLine(problem, 'en')).join('\n'))
  return read.scenario
}

describe('a folder without mistakes', () => {
  it('is let in, with every cell where the scenario wants it', () => {
    const scenario = scenarioOf(SOUND)
    expect(scenario).toMatchObject({
      name: 'small',
      story: '小城 / A small town\nTwo districts and one hospital.',
      fleet: 'listed',
      require: [],
      policy: {},
    })
    expect(Object.fromEntries(TABLES.map((table) => [table, Object.keys(scenario[table])]))).toEqual({
      units: ['万州区', '两江新区'], places: ['dist', 'hub', 'res', 'store'], pools: ['dist/ordinary', 'hub/severe', 'res/1'],
      blocks: ['res#1', 'res#2'], teams: ['team-1'], cases: ['万州区-01', '两江新区-01', '两江新区-02', '两江新区-03'],
      vehicles: ['v1', 'v2'], travel: ['dist→hub', '万州区→hub'], orders: ['o1'], lastPlan: ['两江新区-02'],
      intake: ['2020-01-28', '2020-01-29'], edits: ['E001', 'E002'],
      items: ['mask', 'n95', 'suit'], packings: ['mask/carton', 'mask/盒'], substitutes: ['mask→n95'], kitParts: ['set/mask', 'set/suit'],
      norms: ['mask-patient', 'suit-red', 'suit-trip'], receivers: ['dist', 'hub'],
      staff: ['dist/feverClinic/buffer/doctor', 'hub/ward/red/nurse'], uses: ['hub/suit'], sources: ['store'], lots: ['a1', 'a2', 'a3'],
      supplies: ['s1'], consignments: ['c1'], requests: ['r1'],
    })
    expect(scenario.units['两江新区']).toEqual({
      name: { zh: '两江新区', en: 'Liangjiang' }, gbt2260: null, aliases: ['两江'], longitude: null, latitude: null,
      source: 'code list', assumed: ['longitude', 'latitude'], asOf: '2020-01-30T00:00:00+08:00',
    })
    expect(scenario.places['dist']).toMatchObject({
      kind: 'districtDesignatedHospital', unit: '两江新区', underCommand: true, arrivalsPerHour: 'unknown',
      ventilatorsFree: 2, assumed: ['name'],
    })
    expect(scenario.pools['dist/ordinary']).toMatchObject({ careLevel: 'ordinary', block: null, protected: 0, held: 0 })
    expect(scenario.pools['hub/severe']?.attributes).toEqual(['negativePressure', 'ventilator'])
    expect(scenario.blocks['res#1']).toMatchObject({ opened: false, conversion: 'notSigned', leadDays: 'unknown' })
    expect(scenario.cases['两江新区-03']).toMatchObject({ companion: '两江新区-02', fitness: 'unknown', sex: 'unknown' })
    expect(scenario.cases['万州区-01']?.assumed).toEqual(['id'])
    expect(scenario.vehicles['v2']).toMatchObject({ fleet: '两江新区', base: '两江新区', negativePressure: false })
    expect([scenario.edits['E001'], scenario.edits['E002']]).toMatchObject([
      { kind: 'pin', patient: '两江新区-02', unit: null, pool: null, by: 'night-desk' }, { kind: 'forbid', patient: null, unit: '两江新区', place: 'dist' },
    ])
    expect(scenario.items['mask']).toMatchObject({ unit: 'piece', zones: ['red', 'buffer'], shipsBy: '盒', cubicCentimetres: 'notTracked' })
    expect(scenario.norms['suit-red']).toMatchObject({ unit: 'suit', per: 'staffShift', severity: null, zone: 'red', role: null, effectiveUntil: null })
    expect(scenario.receivers['dist']).toMatchObject({ suppliedBy: '两江新区', opensOn: '2020-02-01', assumed: ['opensOn'] })
    expect(scenario.lots['a2']).toMatchObject({ lot: null, units: 'unknown', quarantined: true, authority: 'earmarkedDonation', earmark: '万州区' })
    expect(scenario.orders['o1']).toMatchObject({ patient: '两江新区-01', returns: '2020-01-30T16:30:00+08:00' })
  })

  it('may come from Excel: byte order mark, Windows line ends, quotes, blank rows', () => {
    const quoted = (row: string) => row.split(',').map((one) => `"${one}"`).join(',')
    const fromExcel = (content: string) =>
      `\ufeff${content.trimEnd().split('\n').map(quoted).join('\r\n')}\r\n, ,,\r\n\r\n`
    const tables = Object.entries(SOUND).map(([file, content]) =>
      [file, file.endsWith('.csv') ? fromExcel(content) : `\ufeff${content}`])
    expect(scenarioOf(Object.fromEntries(tables))).toEqual(scenarioOf(SOUND))
  })

  it('keeps text that looks like a formula, and trims what surrounds a cell', () => {
    expect(scenarioOf(withCell('places.csv', 2, 'source', '  =HYPERLINK(A1) ')).places['hub']?.source)
      .toBe('=HYPERLINK(A1)')
  })

  const guards: readonly [cell: string, means: string][] = [
    ["'=1+1", '=1+1'], ["'+1", '+1'], ["'-1", '-1'], ["'@a", '@a'], ["'＝1", '＝1'], ["''=1", "'=1"],
    ["'a", "'a"], ["'1", "'1"], ["''", "''"], ["'", "'"], ["a'=1", "a'=1"], ["'a=1", "'a=1"],
  ]
  test.each(guards)('takes off the apostrophe in front of a formula, and no other: %s', (cell, means) => {
    expect(scenarioOf(withCell('places.csv', 2, 'source', cell)).places['hub']?.source).toBe(means)
  })

  it('calls a place by its own id even where a unit has the same alias', () => {
    const scenario = scenarioOf(withCell('reporting-units.csv', 3, 'aliases', '两江|hub'))
    expect(scenario.vehicles['v1']).toMatchObject({ fleet: 'hub', base: 'hub' })
    expect(Object.keys(scenario.travel)).toEqual(['dist→hub', '万州区→hub'])
  })

  it('repeats the first five lines of its story', () => {
    const long = withFile('story.md', '# a\n\n## b\nc\n\nd\ne\nf\n')
    expect(scenarioOf(long).story).toBe('a\nb\nc\nd\ne')
  })

  it('needs no vehicles where the fleet is unlimited, and no cases', () => {
    const unlimited = { ...withPolicy({ fleet: 'unlimited' }) }
    delete (unlimited as Record<string, unknown>)['vehicles.csv']
    delete (unlimited as Record<string, unknown>)['orders.csv']
    expect(problemsOf(unlimited)).toEqual([])
    const empty = { ...without('orders.csv'), ...withRows('cases.csv', (rows) => rows.slice(0, 1)) }
    for (const file of ['orders.csv', 'edits.csv']) delete (empty as Record<string, unknown>)[file]
    expect(scenarioOf(empty).cases).toEqual({})
  })

  it('is only read', () => {
    const before = onDisk(SOUND, (path) => {
      readScenarioFolder(path)
      return readdirSync(path).map((file) => [file, readFileSync(join(path, file), 'utf8')])
    })
    expect(Object.fromEntries(before)).toEqual(SOUND)
  })

  it('takes its columns from the schema: each field of each table has one, and no other', () => {
    for (const { table, columns } of TABLE_SPECS) {
      const fields = columns.flatMap(({ field }) => (field === null ? [] : [field.split('.')[0]]))
      expect([...new Set(fields)].sort()).toEqual(fieldsOf(table).sort())
    }
    expect(TABLE_SPECS.map(({ table }) => table)).toEqual([...TABLES])
  })

  it('has the columns that README.md says, in their order', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const rows = readme.split('\n').filter((line) => /^\| `[\w-]+\.csv`/.test(line)).map((line) => line.replaceAll('\\|', '/').split('|'))
    const said = rows.flatMap(([, files = '', columns = '']) => {
      const lists = columns.replace(/ \([^)]*\)/g, '').split(';').map((list) => list.trim())
      return [...files.matchAll(/`([\w-]+\.csv)`/g)].map(([, file], i) => [file, lists[i]])
    })
    const OF_EVERY = ['source', 'assumed', 'as_of']
    expect(said).toEqual(TABLE_SPECS.map(({ file, columns }) =>
      [file, columns.filter(({ column, leftOut }) => leftOut !== 'id' && !OF_EVERY.includes(column)).map(({ column }) => column).join(', ')]))
  })
})

describe('a mistake at the door', () => {
  test.each([...MISTAKES, ...MATERIAL_DOOR])('$what: $says', ({ folder, name, file, row, column, got, says, others }) => {
    const problems = problemsOf(folder, name)
    const found = problems.find((problem) => problem.want.en.includes(says) && problem.file === file)
    const expected = { file, row: row ?? null, column: column ?? null, got: got ?? '' }
    expect(found, JSON.stringify(problems)).toMatchObject(expected)
    expect(problems.length, JSON.stringify(problems)).toBe(1 + (others ?? 0))
    expect(found?.want.zh).toMatch(/\p{Script=Han}/u)
    for (const problem of problems) {
      for (const language of ['zh', 'en'] as const) {
        const line = problemLine(problem, language)
        expect(line.startsWith(problem.file)).toBe(true)
        expect(line).not.toMatch(/\p{Cc}|undefined|\[object|NaN;/u)
        expect(line).toContain(problem.want[language])
        expect(line).not.toMatch(/1[3-9]\d{9}|\d{17}/)
      }
    }
  })

  it('does not hide the others: all are told at once, in the order of files and rows', () => {
    const places = ([header = '', ...rows]: string[]) => [header, 'x,医院,X,hospital,万州,yes,,,-1,,,,', ...rows]
    const problems = problemsOf({
      ...withPolicy({ planDay: '2020-03-30', policy: { safeFill: 1 } }),
      ...pick(withFile('story.md', ''), 'story.md'),
      ...pick(withRows('places.csv', places), 'places.csv'),
      ...pick(withCell('beds.csv', 2, 'occupied', '0'), 'beds.csv'),
      ...pick(withCell('cases.csv', 3, 'place', 'dist2'), 'cases.csv'),
      'case.csv': 'x',
    })
    expect(problems.map(({ file, row, column }) => [file, row, column])).toEqual([
      ['case.csv', null, null],
      ['policy.json', null, 'policy.safeFill'],
      ['policy.json', null, 'planDay'],
      ['policy.json', null, 'planDay'],
      ['story.md', null, null],
      ['places.csv', 2, 'kind'],
      ['places.csv', 2, 'arrivals_per_hour'],
      ['places.csv', 2, 'ventilators_free'],
      ['places.csv', 2, 'source'],
      ['beds.csv', 2, 'occupied'],
      ['cases.csv', 3, 'place'],
    ])
  })

  it('is counted, not listed, beyond 200 in one file', () => {
    const wrong = Array.from({ length: 1000 }, (_, i) => `hub,u${i},x,,,`)
    const problems = problemsOf(withRows('travel.csv', (rows) => [...rows, ...wrong]))
    expect(problems).toHaveLength(201)
    expect(problems.at(-1)).toMatchObject({ file: 'travel.csv', row: null, got: '1800' })
  })
})

const pick = (folder: Folder, file: string): Folder => ({ [file]: folder[file] ?? '' })

describe('a folder that is none', () => {
  const only = (path: string): string => {
    const read = readScenarioFolder(path)
    return read.ok ? 'ok' : read.problems.map(({ want }) => want.en).join()
  }
  const rows: readonly [what: string, make: (path: string) => string, says: string][] = [
    ['missing', (path) => join(path, 'none'), 'no such folder'],
    ['a file', (path) => join(path, 'story.md'), 'must be a folder'],
    ['under a file', (path) => join(path, 'story.md', 'x'), 'no such folder'],
    ['a loop of links', (path) => linked(join(path, 'loop')), 'run in a loop'],
    ['a NUL in its name', (path) => `${path}\u0000`, 'cannot be read'],
  ]
  test.each(rows)('%s', (_, make, says) => {
    onDisk(SOUND, (path) => expect(only(make(path))).toContain(says))
  })

  const puts: readonly [what: string, put: (path: string) => void, says: string][] = [
    ['a folder in place of a table', (path) => mkdirSync(path), 'must be an ordinary file'],
    ['a loop of links in place of a table', linked, 'run in a loop'],
    ['a device in place of a table', (path) => symlinkSync('/dev/zero', path), 'must be an ordinary file'],
  ]
  test.each(puts)('%s', (_, put, says) => {
    onDisk(SOUND, (path) => {
      rmSync(join(path, 'beds.csv'))
      put(join(path, 'beds.csv'))
      expect(only(path)).toContain(says)
    })
  })

})

/** Makes a link that leads to itself. */
function linked(at: string): string {
  symlinkSync(basename(at), at)
  return at
}

describe('whatever stands in a folder', () => {
  const bytes = fc.uint8Array({ maxLength: 400 })
  const cells = fc.array(fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 20 }), { maxLength: 8 })
    .map((rows) => rows.map((row) => row.join(',')).join('\n'))
  const file = fc.constantFrom(...Object.keys(SOUND))

  function expectAnswer(folder: Folder) {
    const read = onDisk(folder, readScenarioFolder)
    if (read.ok) return
    expect(read.problems.length).toBeGreaterThan(0)
    for (const problem of read.problems) expect(problemLine(problem, 'zh')).not.toMatch(/\p{Cc}/u)
  }

  it('gets problems or a scenario, never a throw: any bytes', () => {
    fc.assert(fc.property(file, bytes, (name, content) => {
      expectAnswer({ ...SOUND, [name]: content })
    }), { numRuns: 150 })
  })

  it('gets problems or a scenario, never a throw: any cells under a right header', () => {
    fc.assert(fc.property(file, cells, (name, rows) => {
      expectAnswer({ ...SOUND, [name]: `${SOUND[name]?.split('\n')[0] ?? ''}\n${rows}` })
    }), { numRuns: 150 })
  })

  it('gets problems or a scenario, never a throw: any one cell', () => {
    const words = fc.constantFrom('__proto__', 'constructor', '-', '|', '*', '"', 'NaN')
    const odd = fc.oneof(fc.string({ unit: 'binary' }), words)
    const tables = fc.constantFrom(...TABLE_SPECS)
    fc.assert(fc.property(tables, fc.nat(), odd, ({ file: name, columns }, at, content) => {
      const column = columns[at % columns.length]
      const header = SOUND[name]?.split('\n')[0]?.split(',') ?? []
      if (column === undefined || !header.includes(column.column)) return
      expectAnswer(withCell(name, 2, column.column, content))
    }), { numRuns: 300 })
  })

  it('gets problems or a scenario, never a throw: any settings', () => {
    fc.assert(fc.property(fc.json(), fc.dictionary(fc.string(), fc.jsonValue()), (whole, policy) => {
      expectAnswer(withFile('policy.json', whole))
      expectAnswer(withPolicy({ policy }))
    }), { numRuns: 100 })
  })
})

describe('readJson', () => {
  const accepts = (source: string) => {
    try {
      JSON.parse(source)
      return true
    } catch {
      return false
    }
  }

  it('accepts what JSON.parse accepts and nothing else', () => {
    const letters = fc.constantFrom('', ',', '"', '{', ']', '\\', '1', '\u0001')
    const spoilt = fc.tuple(fc.json({ maxDepth: 4 }), fc.nat(), letters)
      .map(([source, at, letter]) => {
        const cut = at % (source.length + 1)
        return source.slice(0, cut) + letter + source.slice(cut + (at % 2))
      })
    fc.assert(fc.property(spoilt, (source) => {
      const read = readJson(source, 30)
      // A doubled name is the one thing that JSON.parse lets pass.
      if ('mistake' in read && read.mistake.want.en.includes('once')) return
      expect('value' in read).toBe(accepts(source))
    }), { numRuns: 2000 })
  })

  it('is not led astray by depth', () => {
    expect(readJson('['.repeat(500_000), 20)).toMatchObject({ mistake: { line: 1 } })
  })
})

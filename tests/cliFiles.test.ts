import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { chosenWays, clashingField, readPatchFile, sortApplied } from '../src/cli/applying.js'
import { checkCsvFolder, writeCsvFolder } from '../src/cli/csvFolder.js'
import { planSchema } from '../src/planning/plan.js'
import { smallMaterial } from './materialPlanFixture.js'
import { smallPlan } from './planFixture.js'

const home = mkdtempSync(join(tmpdir(), 'sijizhong-cli-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('ways out', () => {
  test('a path or .json is a file, the rest are ids', () => {
    expect(sortApplied(['w1', 'a.json', './w2', 'w1', 'w3'])).toEqual({ files: ['a.json', './w2'], ids: ['w1', 'w3'] })
  })

  test('are those of the plan, and say which there are', () => {
    expect(chosenWays(smallPlan(), ['w1'])).toMatchObject({ ok: true, value: [{ id: 'w1' }] })
    expect(chosenWays(smallPlan(), ['w9'])).toMatchObject({
      ok: false,
      sentence: { en: '--apply: there is no way out w9. It takes w1, or a patch file (.json).' },
    })
    const { unmet } = smallPlan()
    expect(chosenWays(smallPlan({ unmet: [...unmet, ...unmet] }), ['w9'])).toMatchObject({ sentence: { zh: '选项 --apply：没有出路 w9。可用：w1，或补丁文件（.json）。' } })
    expect(chosenWays(smallPlan({ unmet: [] }), ['w9'])).toMatchObject({ ok: false })
    const material = smallMaterial()
    expect(chosenWays(smallPlan({ material }), ['w1', 'm1'])).toMatchObject({ ok: true, value: [{ id: 'w1' }, { id: 'm1', patch: material.waysOut[0]?.patch }] })
  })

  test('two that set one field differently are refused, and the field is named', () => {
    const [unmet] = smallPlan().unmet
    const way = (id: string, staffed: number) => ({ ...unmet?.waysOut[0], id, patch: { pools: { east: { staffed } } } })
    const plan = planSchema.parse({
      ...smallPlan(),
      unmet: [{ ...unmet, waysOut: [way('w1', 11), way('w2', 12), way('w3', 11)] }],
    })
    expect(chosenWays(plan, ['w1', 'w2'])).toMatchObject({
      ok: false,
      sentence: { en: '--apply: w1 and w2 set pools.east.staffed differently; choose one of them.' },
    })
    expect(chosenWays(plan, ['w1', 'w3'])).toMatchObject({ ok: true })
  })

  test.each([
    [{ a: { b: 1 } }, { a: { c: 1 } }, null],
    [{ a: { b: 1 } }, { a: null }, 'a'],
    [{ a: [1] }, { a: [1] }, null],
    [{}, { toString: 1 }, null],
  ])('%j and %j clash at %s', (a, b, field) => expect(clashingField(a, b)).toBe(field))

  test.each([
    ['[]', 'must be a JSON object'],
    ['{', 'not JSON'],
    // The number is put together here: whoever reads this file finds none.
    [`{"cases":{"x":{"source":"call 1380013${'8000'}"}}}`, 'cases.x.source: looks like'],
    [`{"story":1380013${'8000'}}`, 'story: looks like'],
    [`{"cases":{"1380013${'8000'}":null}}`, 'cases: looks like'],
  ])('a patch file that holds %s is refused', (content, part) => {
    const file = join(home, 'patch.json')
    writeFileSync(file, content)
    const read = readPatchFile(file)
    expect(read.ok ? '' : read.sentence.en).toContain(part)
    expect(readPatchFile(join(home, 'none.json'))).toMatchObject({ ok: false })
  })
})

describe('CSV folder', () => {
  const tables = [
    { name: 'moves.csv', csv: 'a\n1\n' },
    { name: 'trips.csv', csv: 'b\n' },
  ]

  test('is made, replaced as a whole, and leaves nothing beside it', () => {
    const folder = join(home, 'deep', 'csv')
    expect(checkCsvFolder(folder).ok).toBe(true)
    expect(writeCsvFolder(folder, tables).ok).toBe(true)
    expect(readFileSync(join(folder, 'moves.csv'), 'utf8')).toBe('a\n1\n')
    expect(writeCsvFolder(folder, [{ name: 'moves.csv', csv: 'new' }, ...tables.slice(1)]).ok).toBe(true)
    expect(readFileSync(join(folder, 'moves.csv'), 'utf8')).toBe('new')
    expect(readdirSync(join(home, 'deep'))).toEqual(['csv'])
  })

  test.each(['notes.txt', 'mine.csv'])('that holds %s is refused and left alone', (other) => {
    const folder = mkdtempSync(join(home, 'other-'))
    writeFileSync(join(folder, other), 'keep')
    const written = writeCsvFolder(folder, tables)
    expect(written.ok ? '' : written.sentence.en).toContain(other)
    expect(readdirSync(folder)).toEqual([other])
    expect(checkCsvFolder(folder).ok).toBe(other.endsWith('.csv'))
  })

  test('that holds a folder under the name of a table is refused, and what is in it left alone', () => {
    const folder = mkdtempSync(join(home, 'nested-'))
    mkdirSync(join(folder, 'moves.csv'))
    writeFileSync(join(folder, 'moves.csv', 'letter.txt'), 'keep')
    expect(checkCsvFolder(folder).ok).toBe(false)
    const written = writeCsvFolder(folder, tables)
    expect(written.ok ? '' : written.sentence.en).toContain('holds another file, moves.csv')
    expect(readFileSync(join(folder, 'moves.csv', 'letter.txt'), 'utf8')).toBe('keep')
  })

  test('that is a file, or lies below one, is refused', () => {
    const file = join(home, 'file')
    writeFileSync(file, '')
    expect(checkCsvFolder(file).ok).toBe(false)
    expect(writeCsvFolder(join(file, 'below'), tables).ok).toBe(false)
  })

  test('behind a link stays behind it', () => {
    const real = mkdtempSync(join(home, 'real-'))
    const link = `${real}-link`
    symlinkSync(real, link)
    expect(writeCsvFolder(link, tables).ok).toBe(true)
    expect(readdirSync(real).sort()).toEqual(['moves.csv', 'trips.csv'])
  })
})

import { zipSync } from 'fflate'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { problemLine } from '../src/interop/problemText.js'
import { readScenarioFolder } from '../src/interop/scenarioFolder.js'
import { readScenarioZip } from '../src/interop/scenarioZip.js'
import { onDisk, SOUND, withCell } from './doorFixture.js'
import { type Part, UNIX, zipBytes } from './scenarioZipBytes.js'
import { BOMBS, type Hostile, HOSTILE, PARTS } from './scenarioZipHostile.js'

const parts = (folder: string, change: Partial<Part> = {}): Part[] =>
  Object.entries(SOUND).map(([name, data]) => ({ name: `${folder}${name}`, data, ...change }))
const FROM_DISK = onDisk(SOUND, readScenarioFolder)

describe('a scenario as a zip', () => {
  const gbk = Buffer.concat([Buffer.from([0xb2, 0xa1, 0xc0, 0xfd]), Buffer.from('/')])
  const rows: readonly [what: string, zip: Uint8Array, name: string][] = [
    ['in a folder', zipBytes(parts('small/')), 'small'],
    ['at the top', zipBytes(parts('')), 'scenario'],
    ['with its folder listed', zipBytes([{ name: 'small/' }, ...parts('small/')]), 'small'],
    ['with what macOS adds', zipBytes([
      ...parts('small/'), { name: '__MACOSX/small/._beds.csv', data: 'x' }, { name: 'small/.DS_Store', data: 'x' },
    ]), 'small'],
    ['stored', zipBytes(parts('small/', { method: 0 })), 'small'],
    ['by Unix', zipBytes(parts('small/', { host: UNIX, attributes: 0x81a40000 })), 'small'],
    ['with a Chinese name in UTF-8', zipBytes(parts('病例/')), '病例'],
    ['with a Chinese name in UTF-8 that does not say so', zipBytes(parts('病例/', { flags: 0 })), '病例'],
    ['with a Chinese name in GBK, from Windows', zipBytes(parts('small/').map((part) =>
      ({ ...part, flags: 0, name: Buffer.concat([gbk, Buffer.from(String(part.name).slice(6))]) }))), '病例'],
    ['with backslashes, from old Windows', zipBytes(parts('small\\')), 'small'],
    ['with a comment', zipBytes(parts('small/'), { comment: Buffer.from('made today') }), 'small'],
    ['with a program in front of it', zipBytes(parts('small/'), { front: Buffer.from('MZ program') }), 'small'],
    ['with other files beside the tables', zipBytes([...parts('small/'), { name: 'small/expected.json' }]), 'small'],
    ['written by a library', zipSync(Object.fromEntries(
      Object.entries(SOUND).map(([name, data]) => [`small/${name}`, new TextEncoder().encode(data)]))), 'small'],
  ]
  test.each(rows)('is read as its folder is: %s', async (_, zip, name) => {
    expect(FROM_DISK.ok).toBe(true)
    const before = Buffer.from(zip)
    const read = await readScenarioZip(zip)
    expect(read).toEqual(FROM_DISK.ok ? { ok: true, scenario: { ...FROM_DISK.scenario, name } } : null)
    expect(before.equals(zip)).toBe(true)
  })

  it('is read from the middle of other bytes', async () => {
    const zip = zipBytes(parts(''))
    const around = Buffer.concat([Buffer.alloc(7, 'P'), zip, Buffer.alloc(9)])
    expect((await readScenarioZip(around.subarray(7, 7 + zip.length))).ok).toBe(true)
  })

  it('has the same mistakes as its folder', async () => {
    const { 'story.md': _, ...wrong } = withCell('beds.csv', 2, 'staffed', '-3')
    const zip = zipBytes(Object.entries(wrong).map(([name, data]) => ({ name: `small/${name}`, data })))
    const fromDisk = onDisk(wrong, readScenarioFolder)
    expect(fromDisk.ok).toBe(false)
    expect(await readScenarioZip(zip)).toEqual(fromDisk)
  })

  it('has no name that identifies a person', async () => {
    const read = await readScenarioZip(zipBytes(parts('13800138000/')))
    expect(read.ok ? [] : read.problems).toMatchObject([{ file: '138********', got: '138********' }])
  })

  it('holds what may be as large as it is', async () => {
    const zip = zipBytes([...PARTS, { name: 'small/notes.txt', data: Buffer.alloc(20 * 1024 * 1024, 'note ') }])
    expect((await readScenarioZip(zip)).ok).toBe(true)
  })
})

async function problemsOf({ zip, says, file }: Hostile): Promise<number> {
  const read = await readScenarioZip(zip())
  const problems = read.ok ? [] : read.problems
  const found = problems.find(({ want }) => want.en.includes(says))
  expect(found?.file, JSON.stringify(problems).slice(0, 2000)).toBe(file)
  expect(found?.want.zh).toMatch(/\p{Script=Han}/u)
  for (const problem of problems) expect(problemLine(problem, 'zh')).not.toMatch(/\p{Cc}|\p{Cf}|undefined|NaN/u)
  return problems.length
}

describe('a hostile zip', () => {
  test.each(HOSTILE)('is refused in one sentence: $what: $says', async (hostile) => {
    expect(await problemsOf(hostile)).toBe(1)
  })

  test.each(BOMBS)('keeps memory small: $what', async (bomb) => {
    const zip = bomb.zip()
    const before = process.memoryUsage().rss
    let peak = before
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss)
    }, 5)
    await problemsOf({ ...bomb, zip: () => zip })
    clearInterval(watch)
    const grown = (Math.max(peak, process.memoryUsage().rss) - before) / 1024 / 1024
    expect(grown).toBeLessThan(150)
  })

  it('never throws: sound zips with bytes written over, cut out or put in', async () => {
    const zip = zipBytes(PARTS)
    const edit = fc.record({
      // Half of all edits hit what the zip says of itself.
      at: fc.oneof(fc.nat(zip.length), fc.integer({ min: zip.readUInt32LE(zip.length - 6), max: zip.length })),
      out: fc.nat(4),
      into: fc.oneof(fc.uint8Array({ maxLength: 4 }), fc.constantFrom(Uint8Array.of(255, 255, 255, 255))),
    })
    await fc.assert(fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
      const spoilt = edits.reduce((bytes, { at, out, into }) =>
        Buffer.concat([bytes.subarray(0, at), into, bytes.subarray(at + out)]), zip)
      const read = await readScenarioZip(spoilt)
      if (!read.ok) expect(read.problems.length).toBeGreaterThan(0)
    }), { numRuns: 400 })
  })
})

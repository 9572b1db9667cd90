import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Expected, differences, expectedSchema } from '../src/cli/expected.js'
import type { PlanFor } from '../src/cli/planCommand.js'
import { scenarioFolders } from '../src/cli/verifyCommand.js'
import { verifyLine } from '../src/cli/verifyScenario.js'
import { planSchema } from '../src/planning/plan.js'
import { smallPlan, smallScenario } from './planFixture.js'

const home = mkdtempSync(join(tmpdir(), 'sijizhong-cli-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const FOLDER = 'scenarios/nothing-to-do'

describe('expected.json', () => {
  const made = { exit: 0, plan: smallPlan(), scenario: smallScenario() }
  const right: Expected = {
    exit: 0,
    moves: 2,
    unplaced: 1,
    blocksOpened: 0,
    needs: { critical: 1 },
    levels: { minutes: 110 },
    teamsProposed: 1,
    destinations: { '甲县-0001': 'east' },
    stays: ['乙区-0001'],
    destinationKinds: ['centralisedTreatmentHospital'],
    concentratedBefore: '0 of 3',
    concentratedAfter: '2 of 3',
    waysOutAtLeast: 1,
    asFoundRules: ['x'],
    reasoning: 'why',
  }
  test('that is right has no differences', () => expect(differences(expectedSchema.parse(right), made)).toEqual([]))

  test.each<[Expected, string]>([
    [{ exit: 3 }, 'exit expected 3, got 0'],
    [{ moves: 3 }, 'moves expected 3, got 2'],
    [{ unplaced: 0 }, 'unplaced expected 0, got 1'],
    [{ blocksOpened: 1 }, 'blocksOpened expected 1, got 0'],
    [{ needs: { minutes: 110 } }, 'needs.minutes expected 110, got nothing'],
    [{ levels: { minutes: 111 } }, 'levels.minutes expected 111, got 110'],
    [{ teamsProposed: 0 }, 'teamsProposed expected 0, got 1'],
    [{ destinations: { '乙区-0001': 'east' } }, 'destinations.乙区-0001 expected east, got nothing'],
    [{ stays: ['甲县-0001'] }, 'stays.甲县-0001 expected stays, got east'],
    [{ stays: ['x'] }, 'stays.x expected stays, got no such case'],
    [{ destinationKinds: [] }, 'destinationKinds expected none, got centralisedTreatmentHospital'],
    [{ concentratedBefore: '1 of 3' }, 'concentratedBefore expected 1 of 3, got 0 of 3'],
    [{ concentratedAfter: '3 of 3' }, 'concentratedAfter expected 3 of 3, got 2 of 3'],
    [{ waysOutAtLeast: 2 }, 'waysOut expected at least 2, got 1'],
  ])('%j differs', (expected, difference) =>
    expect(differences(expectedSchema.parse(expected), made)).toEqual([difference]),
  )

  test('refuses a key that it does not know', () => expect(expectedSchema.safeParse({ move: 1 }).success).toBe(false))
})

describe('verify', () => {
  function folderWith(expected: string | null): string {
    const folder = mkdtempSync(join(home, 'verify-'))
    cpSync(FOLDER, folder, { recursive: true })
    rmSync(join(folder, 'expected.json'))
    if (expected !== null) writeFileSync(join(folder, 'expected.json'), expected)
    return folder
  }
  /** Impossible until the story says that it is cured; the one way out sets what is given. */
  const curedBy =
    (patch: Record<string, unknown>): PlanFor =>
    async (scenario) => {
      const [unmet] = smallPlan().unmet
      const impossible = {
        ...smallPlan({ levels: [] }),
        status: 'impossible',
        unmet: [{ ...unmet, waysOut: unmet?.waysOut.map((way) => ({ ...way, patch })) }],
      }
      return scenario.story === 'cured'
        ? { exit: 0, plan: smallPlan({ levels: [] }) }
        : { exit: 3, plan: planSchema.parse(impossible) }
    }

  test('an impossible plan shows its clash, and every way out is really tried', async () => {
    const folder = folderWith('{"exit":3}')
    const begin = `${basename(folder)}: exit 3, clash: travelLimit@乙区-0001, ways out: w1 applied: `
    expect(await verifyLine(folder, curedBy({ story: 'cured' }))).toEqual({ line: `${begin}exit 0: ok`, ok: true })
    const useless = await verifyLine(folder, curedBy({ story: 'not cured' }))
    expect(useless.line).toBe(
      `${begin}exit 3: FAILED: w1 exit expected 0, got 3; w1 proved exit 0, got 3`,
    )
    const broken = await verifyLine(folder, curedBy({ planDay: 'x' }))
    expect(
      broken.line.startsWith(`${begin}no valid scenario: FAILED: w1 makes no valid scenario: scenario planDay`),
    ).toBe(true)
  })

  test('says what differs, and when bytes do not repeat', async () => {
    let run = 0
    const restless: PlanFor = async () => {
      run += 1
      return { exit: 3, plan: smallPlan({ levels: [], unmet: [], lotSeed: `seed ${run}` }) }
    }
    const { line } = await verifyLine(folderWith('{"exit":3,"moves":9}'), restless)
    expect(line).toContain('the second run gave another plan; impossible, and no clash is named; moves expected 9')
  })

  test.each<[string | null, RegExp]>([
    [null, /: FAILED: there is no expected\.json$/],
    ['{"movs":1}', /: FAILED: expected\.json: Unrecognized key: "movs"$/],
    ['{', /: FAILED: .*expected\.json: line 1/],
  ])('an expected.json of %j fails', async (expected, said) => {
    expect((await verifyLine(folderWith(expected), curedBy({}))).line).toMatch(said)
  })

  test('a solver or program that fails is this scenario’s verdict', async () => {
    const { line, ok } = await verifyLine(folderWith('{}'), async () => Promise.reject(new Error('broken')))
    expect(line).toMatch(/: FAILED: Error: broken$/)
    expect(ok).toBe(false)
  })

  test('finds the folders that hold a policy.json, in code-unit order', () => {
    const all = join(home, 'all')
    for (const name of ['b', 'B', 'a', 'none']) mkdirSync(join(all, name), { recursive: true })
    for (const name of ['b', 'B', 'a']) writeFileSync(join(all, name, 'policy.json'), '{}')
    expect(scenarioFolders(all)).toEqual(['B', 'a', 'b'].map((name) => join(all, name)))
    expect(scenarioFolders(join(home, 'nowhere'))).toEqual([])
  })
})

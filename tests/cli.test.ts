import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { checkCommand } from '../src/cli/checkCommand.js'
import { planCommand, type PlanFor } from '../src/cli/planCommand.js'
import { startProgress } from '../src/cli/progress.js'
import { jsonSchemaOf, schemaCommand } from '../src/cli/schemaCommand.js'
import { planSchema } from '../src/planning/plan.js'
import type { Scenario } from '../src/planning/scenario.js'
import { smallPlan } from './planFixture.js'
import { screenOf } from './screenFixture.js'

const home = mkdtempSync(join(tmpdir(), 'sijizhong-cli-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const FOLDER = 'scenarios/nothing-to-do'

describe('progress', () => {
  afterEach(() => void vi.useRealTimers())
  const step = (done: number) => ({ done, of: 14, title: { zh: '路程最短', en: 'minutes' } })

  test('is silent for a second and a half, then says each level', () => {
    vi.useFakeTimers()
    const screen = screenOf()
    const progress = startProgress(screen, 'zh')
    progress.report(step(1))
    vi.advanceTimersByTime(1400)
    expect(screen.said.err).toBe('')
    vi.advanceTimersByTime(200)
    progress.report(step(2))
    progress.end()
    expect(screen.said.err).toBe('1/14 路程最短\n2/14 路程最短\n')
  })

  test('keeps to one line of a terminal and wipes it', () => {
    vi.useFakeTimers()
    const screen = screenOf({ errColumns: 10 })
    const progress = startProgress(screen, 'zh')
    vi.advanceTimersByTime(1600)
    progress.report(step(1))
    progress.end()
    expect(screen.said.err).toBe('\r1/14 路…\r        \r')
  })

  test('a quick plan says nothing', () => {
    vi.useFakeTimers()
    const screen = screenOf()
    const progress = startProgress(screen, 'en')
    progress.report(step(1))
    progress.end()
    vi.advanceTimersByTime(5000)
    expect(screen.said.err).toBe('')
  })
})

describe('plan', () => {
  const planned =
    (exit: 0 | 3 | 4, changes = {}): PlanFor =>
    async () => ({ exit, plan: smallPlan(changes) })

  test.each([0, 3, 4] as const)('prints the plan and ends with %i', async (exit) => {
    const screen = screenOf()
    expect(await planCommand([FOLDER], screen, planned(exit))).toBe(exit)
    expect(screen.said.out).toContain('四集中转运方案')
    expect(screen.said.err).toBe('')
  })

  test('--json prints the plan and nothing else', async () => {
    const screen = screenOf({ bold: true })
    expect(await planCommand([FOLDER, '--json'], screen, planned(0))).toBe(0)
    expect(JSON.parse(screen.said.out)).toEqual(smallPlan())
    expect(screen.said.out).toMatch(/^\{\n {2}"scenario"/)
  })

  test('hands on what was asked', async () => {
    const asked: { scenario: Scenario; options: object }[] = []
    const planFor: PlanFor = async (scenario, options) => {
      asked.push({ scenario, options })
      return { exit: 0, plan: smallPlan() }
    }
    const words = [
      FOLDER,
      '--seconds',
      '7',
      '--engine',
      'javascript-lp-solver',
      '--no-second-opinion',
      '--require',
      'severe',
      '--policy',
      'safeFillPerMille=900',
    ]
    expect(await planCommand(words, screenOf(), planFor)).toBe(0)
    expect(asked).toMatchObject([
      {
        scenario: { require: ['severe'], policy: { safeFillPerMille: 900 } },
        options: { milliseconds: 7000, engine: 'javascript-lp-solver', secondOpinion: false },
      },
    ])
  })

  test('--apply plans once silently, lays the way out over the scenario and plans again', async () => {
    const [unmet] = smallPlan().unmet
    const way = { ...unmet?.waysOut[0], patch: { story: 'patched' } }
    const stories: string[] = []
    const planFor: PlanFor = async (scenario) => {
      stories.push(scenario.story)
      return { exit: 0, plan: planSchema.parse({ ...smallPlan(), unmet: [{ ...unmet, waysOut: [way] }] }) }
    }
    const file = join(home, 'story.json')
    writeFileSync(file, '{"story":"from the file"}')
    const screen = screenOf()
    expect(await planCommand([FOLDER, '--apply', 'w1', '--apply', file, '--lang', 'en'], screen, planFor)).toBe(0)
    expect(stories).toEqual(['from the file', 'patched'])
    expect(screen.said.out).toMatch(/^With way out w1: send the first expert team/)
    expect(screen.said.out).not.toContain('--apply')
    expect(await planCommand([FOLDER, '--apply', 'w2'], screen, planFor)).toBe(2)
  })

  test.each<[string[], RegExp]>([
    [['--seconds', 'x'], /^选项 --seconds.*\n--seconds takes.*\n$/],
    [['no-such-folder'], /no-such-folder/],
    [[FOLDER, '--policy', 'safeFillPerMille=1001'], /^政策 safeFillPerMille：/],
    [[FOLDER, '--policy', 'timetable.tea=1', '--lang', 'en'], /^policy timetable/],
    [[FOLDER, '--csv', 'src'], /--csv: the folder src holds another file/],
  ])('%j is bad input: 2, sentences on stderr, no plan', async (words, said) => {
    const screen = screenOf()
    expect(await planCommand(words, screen, planned(0))).toBe(2)
    expect(screen.said.out).toBe('')
    expect(screen.said.err).toMatch(said)
  })

  test('a failure is thrown on, and no plan is printed', async () => {
    const screen = screenOf()
    await expect(planCommand([FOLDER], screen, async () => Promise.reject(new Error('solver')))).rejects.toThrow(
      'solver',
    )
    const broken = planned(0, { violations: [{ rule: 'r', subject: 's', text: { zh: 'x', en: 'x' } }] })
    await expect(planCommand([FOLDER], screen, broken)).rejects.toThrow('keeps every must')
    expect(screen.said.out).toBe('')
  })

  test('--help explains every option', async () => {
    const screen = screenOf()
    expect(await planCommand(['--help', '--lang', 'en'], screen, planned(0))).toBe(0)
    for (const option of [
      'json',
      'csv',
      'policy',
      'apply',
      'require',
      'engine',
      'seconds',
      'no-second-opinion',
      'lang',
      'help',
    ]) {
      expect(screen.said.out).toContain(`--${option}`)
    }
  })
})

describe('schema', () => {
  test.each(['scenario', 'plan'] as const)('%s is draft 2020-12 with a title and no $id', (name) => {
    const schema = jsonSchemaOf(name)
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      additionalProperties: false,
    })
    expect(schema.title).toContain('Sijizhong')
    expect(JSON.stringify(schema)).not.toContain('"$id"')
  })

  test('another word is refused in both languages', () => {
    const screen = screenOf()
    expect(schemaCommand(['plans'], screen)).toBe(2)
    expect(schemaCommand([], screen)).toBe(2)
    expect(screen.said).toMatchObject({
      out: '',
      err: expect.stringContaining('schema must be followed by scenario or plan; got "plans".'),
    })
  })

  test('prints JSON', () => {
    const screen = screenOf()
    expect(schemaCommand(['plan'], screen)).toBe(0)
    expect(JSON.parse(screen.said.out)).toEqual(jsonSchemaOf('plan'))
  })
})

describe('check', () => {
  test('a plan of another scenario has violations, a file that is no plan is bad input', () => {
    const file = join(home, 'plan.json')
    writeFileSync(file, JSON.stringify(smallPlan()))
    const screen = screenOf()
    expect(checkCommand([FOLDER, file, '--lang', 'en'], screen)).toBe(3)
    expect(screen.said.out).toMatch(/^this plan was made from another scenario, .*: the plan small abababababab, the folder nothing-to-do [0-9a-f]{12}\n$/)
    writeFileSync(file, '{"moves":[]}')
    expect(checkCommand([FOLDER, file], screen)).toBe(2)
    expect(checkCommand([FOLDER], screen)).toBe(2)
    expect(checkCommand(['no-such-folder', file], screen)).toBe(2)
  })
})

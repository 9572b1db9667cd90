import { describe, expect, test } from 'vitest'
import { type PlanOptions, readPlanOptions } from '../src/cli/planOptions.js'
import { readPolicySetting, withSetting } from '../src/cli/policyOption.js'
import { complain } from '../src/cli/screen.js'
import { POLICY_FIELDS } from '../src/planning/policy.js'
import { screenOf } from './screenFixture.js'

describe('options of plan', () => {
  test.each<[string[], Partial<PlanOptions>]>([
    [
      [],
      {
        folder: 'scenarios/chongqing-2020-01-29',
        json: false,
        csv: null,
        engine: 'highs',
        seconds: 60,
        secondOpinion: true,
        language: 'zh',
      },
    ],
    [['x', '--json', '--csv', 'out'], { folder: 'x', json: true, csv: 'out' }],
    [['--csv=-out', '--', '--x'], { csv: '-out', folder: '--x' }],
    [['--require', 'critical', '--require=severe'], { require: ['critical', 'severe'] }],
    [['--apply', 'w1', '--apply', 'a.json'], { apply: ['w1', 'a.json'] }],
    [
      ['--engine', 'javascript-lp-solver', '--seconds', '3600', '--no-second-opinion', '--lang', 'en'],
      { engine: 'javascript-lp-solver', seconds: 3600, secondOpinion: false, language: 'en' },
    ],
    [
      ['--policy', 'safeFillPerMille=900', '--policy', 'timetable.lastReturn=22:00'],
      {
        policy: [
          { path: ['safeFillPerMille'], value: 900 },
          { path: ['timetable', 'lastReturn'], value: '22:00' },
        ],
      },
    ],
    [['--help'], { help: true }],
  ])('%j', (words, options) => {
    const read = readPlanOptions(words)
    expect(read).toMatchObject({ ok: true, value: options })
  })

  test.each<[string[], string]>([
    [['--jsn'], '--jsn'],
    [['-j'], '-j'],
    [['--toString'], '--toString'],
    [['--json=yes'], '--json takes no value'],
    [['--json', '--json'], '--json may be given only once'],
    [['--csv'], '--csv must be followed by a folder'],
    [['--csv', '--json'], '--csv must be followed by a folder'],
    [['--csv='], '--csv must be followed by a folder'],
    [['--seconds', '0'], '--seconds takes a whole number from 1 to 3600; got "0"'],
    [['--seconds', '3601'], 'from 1 to 3600'],
    [['--seconds', '1.5'], 'from 1 to 3600'],
    [['--seconds', '1e3'], 'from 1 to 3600'],
    [['--seconds=-5'], 'from 1 to 3600'],
    [['--engine', 'glpk'], '--engine takes one of highs, javascript-lp-solver; got "glpk"'],
    [['--lang', 'fr'], '--lang takes one of zh, en'],
    [['--require', 'waiting'], '--require takes one of critical, severe, suspected, concentrated'],
    [['--policy', 'rounds'], '--policy takes field=value'],
    [['--policy', '=3'], '--policy takes field=value'],
    [['--policy', 'timetable.=3'], '--policy takes field=value'],
    [['--policy', 'safeFill=900'], `Fields: ${POLICY_FIELDS.join(', ')}`],
    [['--policy', '__proto__.x=1'], 'there is no field __proto__'],
    [['a', 'b'], 'One word too many: "b"'],
  ])('%j is one sentence in both languages that names what is wrong', (words, part) => {
    const read = readPlanOptions(words)
    if (read.ok) throw new Error('was accepted')
    expect(read.sentence.en).toContain(part)
    expect(read.sentence.zh).toMatch(/[\u4e00-\u9fff].*。$/u)
  })
})

describe('policy settings', () => {
  test.each<[string, unknown]>([
    ['wishes=["minutes"]', ['minutes']],
    ['travelEstimate=null', null],
    ['safeFillPerMille=900', 900],
    ['timetable={"rounds":0}', { rounds: 0 }],
    ['timetable=a=b', 'a=b'],
  ])('%s', (given, value) => expect(readPolicySetting(given)).toMatchObject({ ok: true, value: { value } }))

  test('go into what stands there, and leave the rest', () => {
    const policy = { timetable: { rounds: 1, lastReturn: '22:00' }, wishes: ['minutes'] }
    expect(withSetting(policy, { path: ['timetable', 'rounds'], value: 2 })).toEqual({
      ...policy,
      timetable: { rounds: 2, lastReturn: '22:00' },
    })
    expect(withSetting(policy, { path: ['timetable'], value: { rounds: 2 } })).toEqual({
      ...policy,
      timetable: { rounds: 2, lastReturn: '22:00' },
    })
    expect(withSetting(policy, { path: ['travelEstimate'], value: null })).toEqual({ ...policy, travelEstimate: null })
    expect(withSetting({}, { path: ['timetable', '__proto__', 'x'], value: 1 })).toHaveProperty(['timetable'])
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
  })
})

test('a sentence that quotes the command line cannot steer the terminal', () => {
  const screen = screenOf()
  const read = readPlanOptions(['--seconds', '\u001b[2J\u202e'])
  if (!read.ok) complain(screen, read.sentence, null)
  expect(screen.said.err).toContain('\\u{1b}[2J\\u{202e}')
  expect(/[\p{Cf}]|[^\P{Cc}\n]/u.test(screen.said.err)).toBe(false)
})

import { describe, expect, test } from 'vitest'
import { widthOf } from '../src/interop/print/columns.js'
import { LINE_COLUMNS } from '../src/interop/print/layout.js'
import { planText } from '../src/interop/print/planText.js'
import { fieldTitle } from '../src/planning/fieldTitles.js'
import { HEADINGS } from '../src/interop/print/words.js'
import type { Move, Trip } from '../src/planning/plan.js'
import { fieldsOf, TABLES } from '../src/planning/scenario.js'
import { smallPlan, smallScenario } from './planFixture.js'

const ESCAPE = '\u001b[31m'
const OVERRIDE = '\u202e'
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

const zh = planText(smallPlan(), smallScenario(), 'zh')
const en = planText(smallPlan(), smallScenario(), 'en')
const lineWith = (text: string, part: string): string => text.split('\n').find((line) => line.includes(part)) ?? ''

describe('the printed plan', () => {
  test.each(['zh', 'en'] as const)('has every section of a full plan, in order (%s)', (language) => {
    const text = language === 'zh' ? zh : en
    const order = [
      'levels',
      'edits',
      'hospitals',
      'patients',
      'trips',
      'teams',
      'stays',
      'reserves',
      'concentration',
      'unmet',
      'asFound',
      'callList',
      'stale',
      'startPreparing',
      'assumed',
      'secondOpinion',
    ] as const
    const places = order.map((name) => text.indexOf(`\n${HEADINGS[name][language]}\n`))
    expect(places.every((place) => place > 0)).toBe(true)
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  test('begins with what was asked and what came of it', () => {
    expect(zh.split('\n').slice(0, 2)).toEqual(['四集中转运方案  small  2020-01-30', '转运 2 人，1 人留在原处。'])
    // 16:00 in Greenwich is midnight in Chongqing.
    expect(zh).toContain('数据截至 2020-01-30 00:00')
    expect(zh).toContain('快照 abababababab')
    expect(zh).not.toContain('ab'.repeat(7))
    expect(zh).toContain('本情景另定：safeFillPerMille')
  })

  test('says honestly how good a value is', () => {
    expect(lineWith(zh, ' 1  需要')).toMatch(/危重型有床有专家组 +1 +人 +最优已证$/)
    expect(lineWith(zh, ' 6  愿望')).toMatch(/110 +分钟 +未证最优，下界 100$/)
    expect(lineWith(en, ' 6  wish')).toMatch(/110 +minutes +not proved optimal, no plan is below 100$/)
  })

  test('says what was decided by hand, by which post and why, and what became of it', () => {
    expect(zh).toContain('  E001  甲县-0001去东部中心医院（岗位 night-desk：家属同院）\n        → 去东部中心医院重型床、车次 T1\n')
    expect(en).toContain('  E001  甲县-0001 goes to East Central Hospital (night-desk: 家属同院)\n')
  })

  test('counts beds before and after; unknown is not zero', () => {
    expect(lineWith(zh, '重型床    ')).toMatch(/东部中心医院 +重型床 +4 → 5 +10 +1$/)
    expect(lineWith(zh, '普通床    ')).toMatch(/普通床 +12 → 13 +30 +1$/)
    expect(lineWith(zh, '只转出')).toBe('  只转出：甲县人民医院 2→0')
  })

  test('lists patients by sending unit, the urgent first, with trip, times, reason and next best', () => {
    expect(zh).toContain('  甲县人民医院：2 人\n')
    expect(lineWith(zh, '甲县-0001  重型')).toMatch(/东部中心医院 +重型床 +T1 +06:30 +07:40 +55$/)
    expect(zh).toContain('      因：东部中心医院有此级别的床和专家组，且路程最短\n')
    expect(zh).toContain('      次选：乙区人民医院 重型床；80 分钟；重型有床有专家组 +1 人\n')
    expect(en).toContain('next best: Yi People’s Hospital severe bed; 80 min; severe cases have their bed +1 person')
  })

  test('shows the trip, the team, who stays and what the four concentrations become', () => {
    expect(lineWith(zh, '渝A001/1')).toMatch(
      /T1 +渝A001 +渝A001\/1 +06:00 +06:30 +07:40 +09:40 +甲县-0001 +东部中心医院$/,
    )
    expect(lineWith(zh, '第一专家组  东部')).toMatch(
      /乙区-0001 +第一专家组 +东部中心医院 +乙区人民医院 +70 +路程超过上限$/,
    )
    expect(lineWith(zh, '集中患者')).toMatch(/0\/3 +→ +2\/3$/)
    expect(lineWith(zh, '集中救治  ')).toMatch(/3 +→ +1$/)
  })

  test('a way out stands with its price, its proof and the way to try it', () => {
    expect(zh).toContain(
      '    冲突：（已证最小）\n      - 危重型路程不超过 180 分钟\n    w1  派第一专家组到乙区人民医院\n',
    )
    expect(zh).toContain('代价：1 个专家组；证实：照此再排，退出码 0，此项为 0 人；试排：--apply w1')
  })

  test('assumptions of one table are one line, each field with its rows', () => {
    expect(zh).toContain('\n假定\n  床位：开放床位 4、实有床位 1\n')
    expect(en).toContain('\nWhat is assumed\n  beds: staffed 4, physical 1\n')
  })

  test('every field of every table has a name in Chinese', () => {
    for (const table of TABLES) {
      for (const field of [...fieldsOf(table), '*', 'id']) {
        if (field !== 'assumed') expect(fieldTitle(field, 'zh', table)).toMatch(/^\p{Script=Han}+$/u)
      }
    }
    expect(fieldTitle('toString', 'zh', 'units')).toBe('toString')
    expect([fieldTitle('unit', 'zh', 'places'), fieldTitle('unit', 'zh', 'norms')]).toEqual(['报告单位', '计量单位'])
  })

  test('a case that is not confirmed says so beside its severity, where it goes and where it stays', () => {
    const { cases } = smallScenario()
    const suspected = smallScenario({
      cases: Object.fromEntries(Object.entries(cases).map(([id, row]) => [id, { ...row, status: 'suspected' as const }])),
    })
    const words = (language: 'zh' | 'en') => planText(smallPlan(), suspected, language).split('\n')
    expect(words('zh').filter((line) => /^ +甲县-000[12] +(?:重型|普通型)，疑似病例 /.test(line))).toHaveLength(2)
    expect(words('zh').filter((line) => /^ +乙区-0001 +危重型，疑似病例 /.test(line))).toHaveLength(1)
    expect(words('en').filter((line) => /^ +甲县-0001 +severe, suspected case /.test(line))).toHaveLength(1)
    expect(en).not.toContain('confirmed case ')
  })

  test('one is said in the singular', () => {
    expect(lineWith(en, ' 1  need')).toMatch(/ 1 +person +proved optimal$/)
    expect(lineWith(en, ' 2  need')).toMatch(/ 0 +people +proved optimal$/)
  })

  test('what is the same for several patients is said once, below the last of them', () => {
    const [first] = smallPlan().moves
    const move = first as Move
    const other = { ...move, patient: '甲县-0005', reason: { ...move.reason, zh: '别的原因' } }
    const moves = [{ ...move, patient: '甲县-0003' }, { ...move, patient: '甲县-0004' }, other]
    const lines = planText(smallPlan({ moves }), smallScenario(), 'zh').split('\n')
    const at = lines.findIndex((line) => line.startsWith('    甲县-0003'))
    const begins = lines.slice(at, at + 5).map((line) => line.trim().slice(0, 7))
    expect(begins).toEqual(['甲县-0003', '甲县-0004', '因：东部中心医', '甲县-0005', '因：别的原因'])
  })

  test('a reason that names the next best place or the order is enough', () => {
    const [, second] = smallPlan().moves
    const move = { ...(second as Move), order: 'Z-1', reason: { zh: '执行 Z-1；次选乙区人民医院远 25 分钟', en: 'x' } }
    const text = planText(smallPlan({ moves: [move] }), smallScenario(), 'zh')
    expect(text).not.toContain('次选：')
    expect(text).not.toContain('执行转运指令')
    const english = planText(smallPlan({ moves: [move] }), smallScenario(), 'en')
    expect(english).toMatch(/carries out transfer order Z-1\n +why: x\n +next best: Yi/)
  })

  test('an empty plan keeps needs and concentrations and says nothing else', () => {
    const empty = smallPlan({
      status: 'impossible',
      levels: [],
      edits: [],
      moves: [],
      trips: [],
      teams: [],
      unplaced: [],
      reserves: [],
      asFound: [],
      callList: [],
      stale: [],
      startPreparing: null,
      assumed: [],
      unmet: [],
      secondOpinion: { engine: 'none', agrees: true, levels: [] },
    })
    const text = planText(empty, smallScenario({ places: {}, pools: {} }), 'zh')
    expect(text).toContain('状态：不可行')
    const headings = Object.values(HEADINGS)
      .map(({ zh: word }) => word)
      .filter((word) => text.includes(`\n${word}\n`))
    expect(headings).toEqual(['需要与愿望', '四集中'])
  })

  test('names that nobody has are shown as they are, even those of Object.prototype', () => {
    const [first] = smallPlan().moves
    const text = planText(
      smallPlan({ moves: [{ ...(first as Move), from: 'constructor', to: 'toString' }] }),
      smallScenario(),
      'zh',
    )
    expect(text).toContain('甲县、constructor：1 人')
  })

  test('more than sixty moves are grouped, and it says how to see all', () => {
    const [first] = smallPlan().moves
    const many = Array.from({ length: 61 }, (_, at): Move => ({
      ...(first as Move),
      patient: `甲县-${at}`,
      arrives: at === 7 ? '2020-01-31T01:00:00+08:00' : '2020-01-30T07:00:00+08:00',
    }))
    const text = planText(smallPlan({ moves: many }), smallScenario(), 'zh')
    expect(text).toContain('共 61 人，同类合并列出；逐人请用 --json 或 --csv <目录>。')
    expect(lineWith(text, '61 人  普通型')).toMatch(/东部中心医院 +普通床 +06:30 +01-31 01:00 +55$/)
    expect(text).not.toContain('甲县-60')
  })

  test('more than sixty trips are summed by base', () => {
    const [first] = smallPlan().trips
    const many = Array.from({ length: 61 }, (_, at): Trip => ({ ...(first as Trip), id: `T${at}`, vehicle: `v${at % 7}` }))
    const text = planText(smallPlan({ trips: many }), smallScenario(), 'zh')
    expect(lineWith(text, '  甲县  ')).toMatch(/^ {2}甲县 +7 +61 +06:00 +09:40$/)
  })

  test('lines keep to their columns', () => {
    for (const line of `${zh}${en}`.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(LINE_COLUMNS)
  })
})

describe('what could steer a terminal', () => {
  test('names, ids and texts of data cannot carry it into the printed plan', () => {
    const evil = `甲${ESCAPE}${OVERRIDE}\n县`
    const scenario = smallScenario()
    const plan = smallPlan()
    for (const place of Object.values(scenario.places)) place.name.zh = evil
    for (const unit of Object.values(scenario.units)) unit.name.zh = evil
    const [first] = plan.moves
    const hurt = {
      ...plan,
      scenario: evil,
      lotSeed: evil,
      moves: [{ ...(first as Move), trip: evil, order: evil, reason: { zh: evil, en: evil } }],
    }
    const text = planText(hurt, scenario, 'zh')
    expect(text.split('\n').filter((line) => UNPRINTABLE.test(line))).toEqual([])
    expect(text).toContain('\\u{1b}[31m\\u{202e}\\u{a}')
  })
})

import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planTables } from '../src/interop/planCsv.js'
import type { Plan } from '../src/planning/plan.js'
import { materialScenario, planWithMaterial } from './materialPlanFixture.js'
import { smallPlan, smallScenario } from './planFixture.js'

/** A table's rows as records by header. */
function table(name: string, plan: Plan, scenario = smallScenario()): Record<string, string>[] {
  const csv = planTables(plan, scenario).find((one) => one.name === name)?.csv ?? ''
  return parse<Record<string, string>>(csv, { columns: true, bom: true, record_delimiter: ['\r\n', '\n', '\r'] })
}

const nothing = {
  edits: [], moves: [], trips: [], unplaced: [], levels: [], teams: [], reserves: [], unmet: [], assumed: [],
} satisfies Partial<Plan>

describe('a plan as tables', () => {
  it('has nine, each with a byte order mark, a header and Windows line ends even when empty', () => {
    const tables = planTables(smallPlan(nothing), smallScenario())
    expect(tables.map(({ name }) => name)).toEqual([
      'moves.csv', 'trips.csv', 'unplaced.csv', 'levels.csv', 'teams.csv', 'reserves.csv', 'edits.csv', 'unmet.csv', 'assumed.csv',
    ])
    for (const { csv } of tables) {
      expect(csv).toMatch(/^\ufeff\p{Script=Han}[^\r\n]* [a-z]+[^\r\n]*\r\n$/u)
    }
  })

  it('has the right columns in the right order, no title twice', () => {
    for (const { csv } of planTables({ ...smallPlan(nothing), material: planWithMaterial().material }, smallScenario())) {
      const [header = []] = parse(csv, { bom: true })
      expect(new Set(header).size).toBe(header.length)
    }
  })

  it('has eleven more for material, each figure with its words; none where there is no plan of it', () => {
    const [plan, scenario] = [planWithMaterial(), materialScenario()]
    const names = planTables(plan, scenario).map(({ name }) => name).slice(9)
    expect(names).toEqual(['allocations', 'shipments', 'unmet', 'ways-out', 'cover', 'kits', 'surplus', 'withheld', 'substitutions', 'levels', 'needs'].map((name) => `material-${name}.csv`))
    expect(table('material-allocations.csv', plan, scenario)).toMatchObject([
      { '行 row': '场所 place', '场所 place': 'dd-jia', '品种名称 item name': '防护服 / Suit', '需求测算 need': '36', '自有与在途 own': '6', '申请数量 asked': '400', '建议数量 proposed': '21', '可用天数方案后 days after': '2.25', '区域 areas': '区县定点病区 ward of a district designated hospital 27/36' },
      { '申请数量 asked': '', '批次 lots': 'l1 store 82' },
      { '品种 item': 'n95', '代替 instead of': 'mask', '代替名称 instead of name': '医用防护口罩 / Respirator' },
    ])
    expect(table('material-shipments.csv', plan, scenario)).toMatchObject([
      { '单号 shipment': 'S0001', '批次 lot': 'l1', '数量 units': '82', '包装 packings': '1 carton | 3 box', '散件 singles': '2' }, { '批次 lot': 'l2' },
      { '单号 shipment': 'S0002', '受领场所名称 to name': '甲县人民医院 / Jia People’s Hospital', '由谁分配 split by': 'jia', '可用日 usable from': '2020-01-31', '升 litres': '' },
    ])
    expect(table('material-unmet.csv', plan, scenario)).toMatchObject([{ '缺 units': '9', '本档首个不足日 first day of the band not covered': '2020-02-01', '档 band': '2', '出路 ways out': 'm1' }, { '品种 item': 'set', '品种名称 item name': '' }])
    expect(table('material-ways-out.csv', plan, scenario)).toMatchObject([{ '代价 price': '9 套 suits', '现缺 short before': '12', '采纳后缺 short then': '3' }])
    expect(table('material-kits.csv', plan, scenario)).toMatchObject([{ '缺的是 short of': '医用防护口罩 / Respirator 3' }])
    expect(table('material-levels.csv', plan, scenario)[1]).toMatchObject({ '其中 short': '防护服 / Suit 12 | 医用防护口罩 / Respirator 5', '已证最优 optimal': '是 yes' })
    expect(table('material-needs.csv', plan, scenario)).toMatchObject([{ '各档千分数 thousandths by band': '20000 | 64500', '实耗修正千分比 factor per mille': '1250' }])
  })

  it('names places beside their ids, and says why in both languages', () => {
    const plan = smallPlan()
    const [row] = table('moves.csv', plan)
    expect(row).toMatchObject({
      '患者 patient': plan.moves[0]?.patient,
      '接收地 to': 'east',
      '接收地名称 to name': '东部中心医院 / East Central Hospital',
      '转出地名称 from name': '甲县人民医院 / Jia People’s Hospital',
      '理由（中文） reason (Chinese)': plan.moves[0]?.reason.zh,
      '理由（英文） reason (English)': plan.moves[0]?.reason.en,
      '路程分钟 travel minutes': String(plan.moves[0]?.travelMinutes),
    })
  })

  it('has a row for every row of the plan, and one for a need without a way out', () => {
    const plan = smallPlan()
    expect(table('moves.csv', plan)).toHaveLength(plan.moves.length)
    expect(table('trips.csv', plan)).toHaveLength(plan.trips.length)
    expect(table('unplaced.csv', plan)).toHaveLength(plan.unplaced.length)
    expect(table('levels.csv', plan)).toHaveLength(plan.levels.length)
    expect(table('teams.csv', plan)).toHaveLength(plan.teams.length)
    expect(table('reserves.csv', plan)).toHaveLength(plan.reserves.length)
    expect(table('edits.csv', plan)).toMatchObject([{ '类别 kind': '指定去向 pin to a place', '决定岗位 by': 'night-desk', '已照办 carried out': '是 yes' }])
    const ways = plan.unmet.reduce((count, { waysOut }) => count + Math.max(1, waysOut.length), 0)
    expect(table('unmet.csv', plan)).toHaveLength(ways)
    const bare = { rule: 'critical', value: 1, demanded: false, clash: null, waysOut: [] }
    expect(table('unmet.csv', smallPlan({ unmet: [bare] }))).toMatchObject([{
      '规则 rule': 'critical',
      '需要 need': '危重型有床有专家组 critical cases have their bed and an expert team',
      '出路 way out': '',
    }])
  })

  it('tells a team from a place of the same id', () => {
    const reason = { zh: '近', en: 'near' }
    const team = { patient: 'p', to: 'dd-yi', team: 'east', from: 'east', travelMinutes: 9, reason }
    const named = { name: { zh: '东组', en: 'East team' }, station: 'east', underCommand: true, source: 'test' }
    const rows = table('teams.csv', smallPlan({ teams: [team] }), smallScenario({ teams: { east: named } }))
    expect(rows).toMatchObject([{
      '专家组 team': 'east', '专家组名称 team name': '东组 / East team',
      '出发地 from': 'east', '出发地名称 from name': '东部中心医院 / East Central Hospital',
    }])
  })

  it('keeps every cell below the length at which a spreadsheet cuts it', () => {
    const ids = Array.from({ length: 1001 }, (_, i) => `${'x'.repeat(75)}${i}`)
    const plan = smallPlan({ assumed: [{ table: 'cases', field: 'fitness', ids, source: 'nobody' }] })
    const rows = table('assumed.csv', plan)
    expect(rows.flatMap((row) => row['编号 ids']?.split(' | ') ?? [])).toEqual(ids)
    for (const row of rows) expect((row['编号 ids'] ?? '').length).toBeLessThan(32_767)
    expect(rows.map((row) => row['条数 count'])).toEqual(['400', '400', '201'])
  })

  it('lets no text run as a formula, whatever it holds, and reads back as it was', () => {
    const formulas = fc.constantFrom('=1+1', '+1', '-1', '@a', '\ta', '\r=1', '"=1"', 'a\r\n=1', 'a\nb', 'a,b')
    const words = fc.oneof(fc.string(), formulas)
    fc.assert(fc.property(words.filter((one) => one !== ''), (zh) => {
      const unplaced = [{ patient: zh, severity: 'severe' as const, at: zh, rule: 'r', reason: { zh, en: zh } }]
      const [row = {}] = table('unplaced.csv', smallPlan({ unplaced }))
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
      const escaped = /^[=+\-@\t\r]/.test(zh) ? `'${zh}` : zh
      expect(row['患者 patient']).toBe(escaped)
      expect(row['理由（英文） reason (English)']).toBe(escaped)
    }))
  })
})

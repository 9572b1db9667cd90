import { describe, expect, test } from 'vitest'
import { widthOf } from '../src/interop/print/columns.js'
import { LINE_COLUMNS } from '../src/interop/print/layout.js'
import { MATERIAL_HEADINGS } from '../src/interop/print/materialWords.js'
import { planText } from '../src/interop/print/planText.js'
import { HEADINGS } from '../src/interop/print/words.js'
import { keysOf } from '../src/kernel/vocabulary.js'
import { smallPlan } from './planFixture.js'
import { materialScenario, planWithMaterial, smallMaterial } from './materialPlanFixture.js'

const scenario = materialScenario()
const zh = planText(planWithMaterial(), scenario, 'zh')
const en = planText(planWithMaterial(), scenario, 'en')
const lineWith = (text: string, part: string): string => text.split('\n').find((line) => line.includes(part)) ?? ''
/** The lines below a heading, up to the next blank one. */
const below = (text: string, heading: string): string[] => {
  const lines = text.split('\n')
  const at = lines.indexOf(heading)
  return at < 0 ? [] : lines.slice(at + 1, lines.indexOf('', at) < 0 ? undefined : lines.indexOf('', at))
}

describe('the printed plan of material', () => {
  test.each(['zh', 'en'] as const)('has every section, in the order in which it is asked, between transfers and assumptions (%s)', (language) => {
    const text = language === 'zh' ? zh : en
    const headings = [HEADINGS.startPreparing, ...keysOf(MATERIAL_HEADINGS).map((key) => MATERIAL_HEADINGS[key]), HEADINGS.assumed]
    const places = headings.map((heading) => text.indexOf(`\n${heading[language]}\n`))
    expect(places.filter((place) => place < 0)).toEqual([])
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  test('is not there where no place receives material', () => {
    const text = planText(smallPlan(), scenario, 'zh')
    expect(keysOf(MATERIAL_HEADINGS).filter((key) => text.includes(MATERIAL_HEADINGS[key].zh))).toEqual([])
  })

  test('says first what it comes to, on what it is planned and for which days', () => {
    expect(below(zh, MATERIAL_HEADINGS.plan.zh)).toEqual([
      '  2 单出库，送 2 处；1 个品种短缺，1 种整套缺 3 套。', '  先转运，后物资', '  方案期 2020-01-30 至 2020-02-01，共 3 日'])
    expect(below(en, MATERIAL_HEADINGS.plan.en)[0]).toBe('  2 shipments to 2 places; 1 item short, 3 sets of 1 kit short.')
    const onlySets = smallMaterial().unmet.filter(({ item }) => item === 'set')
    expect(planText(planWithMaterial({ unmet: onlySets }), scenario, 'en')).toContain('to 2 places; 3 sets of 1 kit short.')
    const enough = planText(planWithMaterial({ unmet: [] }), scenario, 'en')
    expect(enough).toContain('to 2 places; nothing is short.')
  })

  test('says what the units of a level are made of, and how sure a value is', () => {
    expect(lineWith(zh, '三日应急标准，一类  ')).toMatch(/^ +2 +需要 +三日应急标准，一类 +17 +件 +最优已证$/)
    expect(zh).toContain('      三日应急标准，一类：防护服 12 套、医用防护口罩 5 只\n')
    expect(lineWith(en, 'fewest substitutions')).toMatch(/20 +units +not proved optimal, no plan is below 14$/)
  })

  test('has need, own, asked and proposed side by side, by item and then by place', () => {
    const lines = below(zh, MATERIAL_HEADINGS.items.zh)
    expect(lines[0]).toBe('  医用防护口罩（只），所列各处合计：需求 60，自有 0，建议 20，仍缺 40')
    expect(lineWith(zh, '防护服（套）')).toBe('  防护服（套），所列各处合计：需求 121，自有 6，建议 103，仍缺 9，因同套别的品种不够而用不上 3')
    expect(lines.find((line) => line.includes('甲县人民医院'))).toMatch(/甲县人民医院 +36 +6 +400 +21 +75% +.* 0\.5 → 2\.2$/)
    // Days and shares are rounded down: nobody has more than is said.
    expect(lines.find((line) => line.includes('东部中心医院 ') && line.includes('82'))).toMatch(/东部中心医院 +85 +0 +— +82 +96% +1日危机·1级 +0\.0 → 6\.8$/)
    expect(lines.find((line) => line.includes('进口口罩'))).toMatch(/东部中心医院 \(进口口罩\) +60 +0 +— +20 +33%/)
    const plenty = smallMaterial().allocations.filter(({ place }) => place === 'east')
    expect(lineWith(planText(planWithMaterial({ allocations: plenty }), scenario, 'en'), 'Suit (suit)')).toMatch(/proposed 82, 3 are not used for want of other parts$/)
    expect(lines.filter((line) => line.includes('因：按需要'))).toHaveLength(1)
    expect(zh).not.toContain('也缺')
    const given = smallMaterial().allocations.filter(({ place }) => place !== 'dd-jia')
    expect(planText(planWithMaterial({ allocations: given }), scenario, 'zh')).toContain('  另有 1 处也缺，本方案没有可分给它们的；见“缺什么，出路何在”\n')
  })

  test('packs each shipment for the storekeeper: lots with the number on the packing, largest packings first', () => {
    const lines = below(zh, MATERIAL_HEADINGS.shipments.zh)
    expect(lines[0]).toBe('  市级仓库，2020-01-30 发出，当日可用')
    expect(lines[1]).toBe('    S0001  东部中心医院  41 升')
    expect(lines[2]).toMatch(/^ {8}防护服 +82 套 +1 carton \+ 3 box \+ 散 2 +l1：20200107$/)
    expect(lines[3]).toMatch(/^ {8}进口口罩 +20 只 +散 20 +l2 +代替医用防护口罩$/)
    expect(lines[4]).toBe('  市级仓库，2020-01-30 发出，2020-01-31 起可用')
    expect(lines[5]).toBe('    S0002  甲县人民医院  体积不详')
  })

  test('says what is short with what binds, and a way out with its price and its proof', () => {
    const lines = below(zh, MATERIAL_HEADINGS.unmet.zh)
    expect(lines[0]).toBe('  防护服：缺 9 套')
    expect(lines[1]).toBe('    三日应急标准，一类；区县定点病区')
    // The first day of the band that is not covered: what is there may run out on another.
    expect([lines[2], below(en, MATERIAL_HEADINGS.unmet.en)[2]]).toEqual([expect.stringMatching(/^ +缺 +本档首个不足日 +场所/), expect.stringMatching(/^ +short +first day not covered +place/)])
    expect(lines[3]).toMatch(/^ +9 +02-01 +甲县人民医院 +可调拨数量已尽 +m1$/)
    expect(lines).toContain('  set：缺 3 整套')
    expect(lines.slice(-2)).toEqual(['  m1  再要 9 套防护服', '      代价：9 套；证实：照此再排，缺口由 12 套 减至 3 套'])
    expect(en).toContain('  set: short 3 sets\n')
  })

  test('says who runs out of what, the first to run out first, and not who does not', () => {
    const [, ...lines] = below(zh, MATERIAL_HEADINGS.runsOut.zh)
    expect(lines.map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['01-31', '防护服', '0.0 → 6.8', '东部中心医院'], ['02-01', '防护服', '0.5 → 2.2', '甲县人民医院']])
  })

  test('names sets, substitutions, what stands, what is withheld, left over, unexplained and unfair', () => {
    expect(below(zh, MATERIAL_HEADINGS.kits.zh)[0]).toBe('  一套 set：医用防护口罩 1 只 + 防护服 1 套')
    expect(lineWith(zh, 'set    ')).toMatch(/东部中心医院 +set +85 +82 +医用防护口罩$/)
    expect(below(zh, MATERIAL_HEADINGS.substitutions.zh)).toEqual(['  - 进口口罩代替 20 只', '  - 乙区人民医院：自有进口口罩代替医用防护口罩 3 只'])
    expect(below(zh, MATERIAL_HEADINGS.standing.zh)[1]).toMatch(/^ +c1 +防护服 +8 套 +01-31 +乙区人民医院$/)
    expect(below(zh, MATERIAL_HEADINGS.withheld.zh)).toEqual(['  - 国家调拨 2000 套未放行'])
    expect(below(zh, MATERIAL_HEADINGS.surplus.zh)[1]).toMatch(/市级仓库 +进口口罩 +30 只 +各处均已够用$/)
    expect(below(zh, MATERIAL_HEADINGS.unexplained.zh)).toEqual(['  - 消耗过多'])
    // What costs nothing is not said.
    expect(below(en, MATERIAL_HEADINGS.fairness.en).slice(1)).toEqual([expect.stringMatching(/^ +Suit +103 +110 +7 suits$/)])
    expect(below(zh, MATERIAL_HEADINGS.callList.zh)).toEqual(['  - 请致电乙区人民医院：在岗人数未报'])
  })

  test('merges alike places where they are many, and says which they are', () => {
    const [jia] = smallMaterial().allocations
    const places = Object.fromEntries(Array.from({ length: 61 }, (_, at) => [`p${at}`, { ...scenario.places['east'], name: { zh: `场所${at}`, en: `Place ${at}` } }]))
    const many = { ...scenario, places: { ...scenario.places, ...places } } as typeof scenario
    const allocations = Object.keys(places).map((place, at) => ({ ...jia, place, allocated: at === 7 ? 22 : 21 })) as ReturnType<typeof smallMaterial>['allocations']
    const text = planText(planWithMaterial({ allocations }), many, 'zh')
    expect(lineWith(text, '60 处')).toMatch(/60 处，每处 +36 +6 +400 +21 /)
    expect(lineWith(text, '场所7 ')).toMatch(/场所7 +36 +6 +400 +22 /)
    expect(text).toContain('同此：场所0、场所1')
    expect(text).toContain('共 61 行，同类合并列出')
  })

  test('keeps to its columns', () => {
    for (const line of `${zh}${en}`.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(LINE_COLUMNS)
  })
})

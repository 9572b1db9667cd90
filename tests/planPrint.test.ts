import { afterAll, describe, expect, test } from 'vitest'
import { blank, heading, paragraph, table } from '../src/interop/print/layout.js'
import { htmlOf } from '../src/interop/print/planHtml.js'
import { planLines, planText } from '../src/interop/print/planText.js'
import { UNDECIDED } from '../src/interop/print/planView.js'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { STAMP } from '../src/kernel/drill.js'
import { scenarioSchema } from '../src/planning/scenario.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { smallPlan, smallScenario } from './planFixture.js'
import { city, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'
import { planned } from './support/planning.js'
import { ask, type Said, serving } from './support/serving.js'

afterAll(closeSolvers)

describe('lines as a page', () => {
  test('a table is a table, with what is said before and below its rows inside it', () => {
    const [titles, ...rows] = table({ header: ['a', 'b'], rows: [['1', '2'], ['3', '4']], align: ['left', 'right'], indent: 4 })
    const lines = [
      ...(titles === undefined ? [] : [titles]), ...paragraph('before', { indent: 2 }), ...rows, ...paragraph('below', { indent: 6 }), ...paragraph('behind', { indent: 2 }),
    ]
    expect(htmlOf(lines).split('\n')).toEqual([
      '<table>', '<thead><tr><th>a</th><th class="n">b</th></tr></thead>', '<tr><th colspan="2" style="padding-left:1em">before</th></tr>',
      '<tr><td>1</td><td class="n">2</td></tr>', '<tr><td>3</td><td class="n">4</td></tr>', '<tr><td colspan="2" style="padding-left:3em">below</td></tr>', '</table>',
      '<p style="padding-left:1em">behind</p>',
    ])
  })

  test('tables one after the other stay apart; bullets are a list; what was cut to lines is whole; nothing is read as HTML', () => {
    const long = 'a<b '.repeat(60).trim()
    const lines = [heading('A & B'), blank, ...table({ rows: [['1', long]] }), ...table({ rows: [['2']] }), ...paragraph('- one'), ...paragraph(`- ${long}`), ...paragraph(long)]
    const cut = long.replaceAll('<', '&lt;')
    expect(htmlOf(lines)).toBe([
      '<h2>A &amp; B</h2>', '<table>', `<tr><td>1</td><td>${cut}</td></tr>`, '</table>', '<table>', '<tr><td>2</td></tr>', '</table>',
      '<ul>', '<li>one</li>', `<li>${cut}</li>`, '</ul>', `<p>${cut}</p>`,
    ].join('\n'))
  })

  test('every word of the printed plan is on it', () => {
    const view = { plan: smallPlan(), scenario: smallScenario(), language: 'en', showsApply: true, medium: 'terminal', fate: UNDECIDED } as const
    const words = (text: string) => text.split(/\s+/).filter((word) => word !== '' && word !== '-').sort()
    const bare = htmlOf(planLines(view)).replace(/<[^>]*>/g, ' ')
      .replace(/&(?:lt|gt|quot|#39|amp);/g, (mark) => ({ '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" })[mark] ?? '&')
    expect(words(bare)).toEqual(words(planText(view.plan, view.scenario, view.language)))
  })

  test('on paper everybody stands by themselves, and no option of a command is spoken of', () => {
    const [scenario, plan] = [smallScenario(), smallPlan()]
    const [first] = plan.moves
    const moves = Array.from({ length: 90 }, (_, at) => ({ ...first, patient: `甲县-1${at}` } as NonNullable<typeof first>))
    const asFound = Array.from({ length: 30 }, (_, at) => ({ rule: 'careLevel', subject: 's', text: { zh: `问题${at}`, en: `trouble${at}` } }))
    const view = { plan: { ...plan, moves, asFound }, scenario: scenarioSchema.parse(scenario), language: 'zh', showsApply: false, fate: UNDECIDED } as const
    const [onScreen, overHttp, onPaper] = (['terminal', 'http', 'paper'] as const).map((medium) => planLines({ ...view, medium, showsApply: true }).map(({ text }) => text).join('\n'))
    expect([onScreen?.includes('甲县-189'), onScreen?.includes('问题29'), onScreen?.includes('--json')]).toEqual([false, false, true])
    expect([overHttp?.includes('甲县-189'), overHttp?.includes('逐人见方案的 JSON（plan）或 CSV 表（tables）'), overHttp?.includes('另有 10 条，见方案的 JSON（plan）。'), overHttp?.match(/--(?:json|csv|apply)/)]).toEqual([false, true, true, null])
    expect([onPaper?.includes('甲县-189'), onPaper?.includes('问题29'), onPaper?.match(/--(?:json|csv|apply)/)]).toEqual([true, true, null])
  })
})

const TWO = { cases: people(2), pools: { 'hub/ordinary': { staffed: 3, occupied: 1 }, 'dist/ordinary': {} }, fleet: 'listed', vehicles: { van: {}, car: {} } } as const satisfies CityPatch
/** Who has to be moved, and cannot. */
const FULL = { ...TWO, require: ['concentrated'], pools: { 'hub/ordinary': { staffed: 1, occupied: 1 }, 'dist/ordinary': {} } } as const satisfies CityPatch

describe('the sentence at the head', () => {
  const summaryWith = async (ordered: number) => {
    const orders = Object.fromEntries([1, 2].slice(0, ordered).map((n) => [`O-${n}`, { patient: `south-${n}`, pool: 'hub/ordinary', state: 'issued' as const }]))
    return (await planned(city({ ...TWO, orders }))).plan.summary
  }
  test.each([
    [0, '转运 2 人（普通型 2），2 车次，启用', '2 people move (2 ordinary) in 2 trips, 0 reserve'],
    [1, '转运 2 人（普通型 2），其中 1 人已有指令；新排 1 人、1 车次，启用', '2 people move (2 ordinary), 1 of them by an order that stands; 1 newly, in 1 trip, 0 reserve'],
    [2, '转运 2 人（普通型 2），均已有指令，没有新排的，启用', '2 people move (2 ordinary), all by orders that stand; nobody newly, 0 reserve'],
  ])('with %i orders that stand', async (ordered, zh, en) => {
    const summary = await summaryWith(ordered)
    expect([summary.zh, summary.en]).toEqual([expect.stringContaining(zh), expect.stringContaining(en)])
  })
})

describe('orders that stand', () => {
  const ORDER = { patient: '甲县-0002', pool: 'east-ordinary', outside: null, state: 'dispatched', vehicle: '渝A009', departs: '2020-01-30T05:10:00+08:00', returns: '2020-01-30T07:55:00+08:00', source: 'told' } as const
  const scenario = smallScenario({ orders: { 'O-1': ORDER, 'O-2': { ...ORDER, patient: '乙区-0001', pool: null, outside: 'City B', state: 'issued', vehicle: null, departs: null, returns: null } } })
  const [first, second] = smallPlan().moves
  const plan = smallPlan({ moves: [...(first === undefined ? [] : [{ ...first, order: 'O-1', trip: null, departs: null, arrives: null }]), ...(second === undefined ? [] : [second])] })
  test('are on the sheet with their vehicle and times, those out of the system too', () => {
    const en = planText(plan, scenario, 'en')
    expect(en).toMatch(/甲县-0002 .* O-1 +— +— /)
    expect(en).toContain('transfer order O-1: 渝A009 leaves base at 05:10, clean at 07:55')
    expect(en.slice(en.indexOf('Orders that stand')).split('\n').slice(1, 4).map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['order', 'vehicle', 'leaves base', 'clean', 'patient', 'state', 'to'],
      ['O-1', '渝A009', '05:10', '07:55', '甲县-0002', 'dispatched', 'East Central Hospital'], ['O-2', '—', '—', '—', '乙区-0001', 'issued', 'City B'],
    ])
    expect(planText(plan, scenario, 'zh')).toContain('转运指令 O-1：渝A009 05:10 离站，07:55 洗消完')
    expect(planText(smallPlan(), smallScenario(), 'zh')).not.toContain('已下达的指令')
  })
})

test('a price of several alike is said once, in number', () => {
  const decision = { kind: 'withdrawEdit', amount: 1, unit: { zh: '项人工决定', en: 'hand decisions' } }
  const [unmet] = smallPlan().unmet
  const withPrice = (price: object[]) => (language: 'zh' | 'en') =>
    planText(smallPlan({ unmet: unmet === undefined ? [] : [{ ...unmet, waysOut: unmet.waysOut.map((way) => ({ ...way, price: price as typeof way.price })) }] }), smallScenario(), language)
  const [two, one] = [withPrice([decision, decision, { ...decision, kind: 'staffBeds', amount: 3, unit: { zh: '张', en: 'beds' } }]), withPrice([decision])]
  expect([two('zh'), two('en'), one('en')]).toEqual([expect.stringContaining('代价：2 项人工决定、3 张；'), expect.stringContaining('price: 2 hand decisions, 3 beds; '), expect.stringContaining('price: 1 hand decision; ')])
})

eachDatabase((_, open) => {
  const page = (desk: Desk, run: string, headers: Record<string, string> = {}): Promise<Said> => desk.say(`/plan-runs/${run}/print`, 'reader', { headers: { 'accept-language': 'zh', ...headers } })

  test('says whether it is a draft, who approved it and when, what was struck, and what became of it', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { run } = await desk.draft()
    const { snapshotHash, planHash } = (await desk.say(`/plan-runs/${run}`, 'reader')).json as { snapshotHash: string; planHash: string }
    const draft = await page(desk, run)
    expect([draft.status, draft.headers.get('content-type'), draft.headers.get('content-security-policy')]).toEqual([200, 'text/html; charset=utf-8', expect.stringContaining("default-src 'none'")])
    for (const part of ['<!doctype html>', '<h1>草案，未经批准', 'draft, not approved', run, snapshotHash, planHash, '2020-01-30 00:00', '<h2>按病例</h2>', '<td>south-1</td>']) expect(draft.text).toContain(part)
    expect(draft.text).not.toMatch(/<script|<link|src=|--json|演练/)
    expect((await page(desk, run, { 'accept-language': 'en' })).text).toMatch(/草案，未经批准[^]*<h2>By patient<\/h2>/)
    expect((await page(desk, run, { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' })).headers.get('content-type')).toContain('text/html')
    const strike = [{ patient: 'south-2', reason: 'the family <asks> for a day' }]
    expect((await desk.post(`/plan-runs/${run}/approve`, { strike })).status).toBe(200)
    const approved = await page(desk, run)
    for (const part of ['已批准（group 2020-01-30 00:00）', 'approved by group at 2020-01-30 00:00', 'south-2: the family &lt;asks&gt; for a day']) expect(approved.text).toContain(part)
    expect(approved.text).not.toContain('草案')
    // Struck where it stands, in every place; what is left has the number of its order.
    for (const part of ['<td>south-1</td>', '<td>2020-01-30-0001</td>', '<td>south-2（划去）</td>', '批准时划去，不执行：the family &lt;asks&gt; for a day', '2 人；划去 1 人']) expect(approved.text).toContain(part)
    expect(approved.text).toMatch(/方案 2 人、2 车次；批准时划去 1 人，执行 1 人、1 车次。/)
    expect(approved.text).toMatch(/<td>T000\d（划去）<\/td>.*<td>south-2（划去）<\/td>/)
    const inEnglish = (await page(desk, run, { accept: 'text/plain', 'accept-language': 'en' })).text
    for (const part of ['The plan moves 2 people in 2 trips; 1 struck at the approval, 1 carried out in 1 trip.', 'south-2 (struck)', 'struck at the approval, not carried out: the family <asks> for a day']) expect(inEnglish).toContain(part)
    expect([inEnglish.match(/the hub +ordinary bed +1 → (\d+)/)?.[1], inEnglish.match(/--(?:json|csv|apply)/)]).toEqual(['2', null])
    const next = await desk.draft()
    const whole = (await page(desk, next.run, { accept: 'text/plain', 'accept-language': 'en' })).text
    expect(whole).toMatch(/2020-01-30-0001: (?:van|car) leaves base at \d\d:\d\d, clean at \d\d:\d\d/)
    expect(whole.slice(whole.indexOf('Orders that stand'))).toMatch(/2020-01-30-0001 +(?:van|car) +\d\d:\d\d +\d\d:\d\d +south-1 +issued +the hub/)
    expect((await desk.post(`/plan-runs/${run}/withdraw`, { note: 'no oxygen' })).status).toBe(200)
    expect((await page(desk, run, { accept: 'text/plain', 'accept-language': 'en' })).text).toContain('approved by group at 2020-01-30 00:00; withdrawn by group at 2020-01-30 00:00\n')
    await desk.close()
  })

  test('whoever came to nothing shortly before stands above the signature, with what ended it, by whom and why', async () => {
    const desk = await Desk.open(await open(), city({ ...TWO, cases: people(2, { waitingSince: '2020-01-29T20:00:00+08:00' }) }))
    const text = async (run: string) => (await page(desk, run, { accept: 'text/plain', 'accept-language': 'en' })).text
    const first = await desk.draft()
    expect(await text(first.run)).not.toContain('from 24 hours before')
    const { orders: [order = ''] } = (await desk.post(`/plan-runs/${first.run}/approve`, { strike: [{ patient: 'south-2', reason: 'a <fever>' }] })).json as { orders: string[] }
    desk.clock.forward(60_000)
    expect((await desk.step(order, 'unwilling', { note: 'the family asks for a day' }, 'ward')).status).toBe(200)
    const second = await desk.draft()
    expect(second.plan.moves.map(({ patient }) => patient).sort()).toEqual(['south-1', 'south-2'])
    const said = [
      `south-2: struck when plan ${first.run} was approved, by group at 2020-01-30 00:00: a <fever>`,
      `south-1: order ${order}: patient or family unwilling, by ward at 2020-01-30 00:01: the family asks for a day`,
    ]
    const printed = await text(second.run)
    expect(printed).toContain(`People of the plan whose order ended or whose line was struck, from 24 hours before its figures on:\n${said.map((one) => `  ${one}\n`).join('')}\n`)
    // Of the plan itself nothing is said before its signature.
    expect(await text(first.run)).not.toContain('from 24 hours before')
    const html = (await page(desk, second.run)).text
    expect(html.indexOf('a &lt;fever&gt;')).toBeGreaterThan(0)
    expect(html.indexOf('a &lt;fever&gt;')).toBeLessThan(html.indexOf('签字（岗位、时间）'))
    // What is planned for the day after is of another night.
    desk.clock.forward(25 * 3600_000)
    const later = await desk.draft()
    expect(await text(later.run)).not.toContain('from 24 hours before')
    await desk.close()
  })

  test('by phone: who answered, and that the paper follows', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { run } = await desk.draft()
    const phone = { calledPost: 'desk', answeredPost: 'commander', at: '2020-01-30T00:00:00+08:00' }
    expect((await desk.post(`/plan-runs/${run}/approve`, { phone }, 'desk')).status).toBe(200)
    expect((await page(desk, run)).text).toContain('电话批准（commander 2020-01-30 00:00），待书面确认')
    await desk.close()
  })

  test('what cannot be done is printed with its clash and the ways out; no run has no page', async () => {
    const desk = await Desk.open(await open(), city(FULL))
    const { run } = await desk.draft({ require: ['concentrated'] })
    const { text } = await page(desk, run)
    for (const part of ['草案，未经批准；做不到，不能批准', '<h2>什么卡住了，出路何在</h2>', '冲突：']) expect(text).toContain(part)
    expect((await page(desk, 'nothing')).status).toBe(404)
    await desk.close()
  })

  test('a run that has no plan yet is refused as the plan itself is', async () => {
    const idle = await serving(await open())
    await ask(idle.address, '/api/scenario', { method: 'POST', bytes: { type: 'application/zip', content: scenarioZip(city(TWO)) } })
    const { asOf, planDay } = city(TWO)
    const { id } = (await ask(idle.address, '/api/plan-runs', { method: 'POST', body: { asOf, planDay } })).json as { id: string }
    const [printed, plan] = [await ask(idle.address, `/api/plan-runs/${id}/print`), await ask(idle.address, `/api/plan-runs/${id}/plan`)]
    expect([printed.status, (printed.json as { code: string; detail: string })]).toMatchObject([409, { code: 'noPlan', detail: (plan.json as { detail: string }).detail }])
    await idle.close()
  })

  test('from a drill both begin with the stamp', async () => {
    const desk = await Desk.open(await open(), city(TWO), { isDrill: true })
    const { run } = await desk.draft()
    expect((await page(desk, run)).text).toContain(`<body><h1 align="center"><font size="7">${STAMP}</font></h1>`)
    const { text } = await page(desk, run, { accept: 'text/plain' })
    expect([text.startsWith(`${STAMP}\n方案计算：${run}\n状态（转运）：草案，未经批准\n`), text.includes(`\n四集中转运方案  ${STAMP} small city  2020-01-30\n`)]).toEqual([true, true])
    await desk.close()
  })
})

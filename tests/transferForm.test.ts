import { afterAll, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { at, city, type CityPatch } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'

afterAll(closeSolvers)

const MINUTE = 60_000
const ONE = {
  cases: { 'south-1': { waitingSince: '2020-01-29T20:00:00+08:00', needs: ['ventilator', 'dialysis'] } }, places: { other: { kind: 'centralisedTreatmentHospital', unit: 'north' } },
  travel: { 'dist→other': 50 }, teams: { 'other-team': {} }, fleet: 'listed', vehicles: { van: {} },
  pools: { 'hub/ordinary': { attributes: ['ventilator', 'dialysis'] }, 'other/severe': { attributes: ['ventilator', 'dialysis'] }, 'dist/ordinary': {} },
} as const satisfies CityPatch

eachDatabase((_, open) => {
  test('a transfer form says what the patient needs, until when they may travel, which trip it is, and what happened on the way', async () => {
    const desk = await Desk.open(await open(), city(ONE))
    const { orders: [order = ''], plan } = await desk.approved()
    const form = async () => (await desk.say(`/transfer-orders/${order}/form`, 'reader')).text
    const before = await form()
    const rowOf = (page: string, title: string) => page.split('<tr>').find((row) => row.includes(title)) ?? ''
    expect(rowOf(before, 'Needs')).toContain('呼吸机、透析')
    // Nobody said until when: as long as the policy in force says.
    expect(rowOf(before, 'Fitness to travel, until')).toMatch(/可转运.*2020-01-31 00:00/)
    expect(rowOf(before, 'Trip of the plan')).toContain(`<td>${plan.moves[0]?.trip}</td>`)
    expect(rowOf(before, 'What happened on the way')).toContain('<td>&nbsp;</td>')
    await desk.steps(order, 'accept', 'dispatch')
    desk.clock.forward(10 * MINUTE)
    expect((await desk.step(order, 'worsen', { severity: 'severe', note: 'short of <breath>' })).status).toBe(200)
    desk.clock.forward(MINUTE)
    const diverted = await desk.step(order, 'divert', { pool: 'other/severe', note: 'no beds free' })
    expect([diverted.status, diverted.status === 200 ? '' : diverted.text]).toEqual([200, ''])
    const row = rowOf(await form(), 'What happened on the way')
    for (const part of [
      '2020-01-30 00:10 病情变化：普通型 → 重型；short of &lt;breath&gt;', 'Worse: ordinary → severe; short of &lt;breath&gt;', '2020-01-30 00:11 改送：名hub 普通床 → 名other 重型床；no beds free', 'Diverted: the hub, ordinary bed → the other, severe bed; no beds free',
    ]) expect(row).toContain(part)
    await desk.close()
  })

  test('why a vehicle turned back stands on the form', async () => {
    const desk = await Desk.open(await open(), city(ONE))
    const { orders: [order = ''] } = await desk.approved()
    await desk.steps(order, 'accept', 'dispatch')
    desk.clock.forward(10 * MINUTE)
    expect((await desk.step(order, 'turn-back', { reason: 'tooIll', note: 'pale' })).status).toBe(200)
    const { text } = await desk.say(`/transfer-orders/${order}/form`, 'reader')
    for (const part of ['2020-01-30 00:10 折返：病情不宜继续转运；pale', 'Turned back: the patient is too ill to go on; pale']) expect(text).toContain(part)
    await desk.close()
  })

  test('a diversion before the vehicle has left is nothing that happened on the way', async () => {
    const desk = await Desk.open(await open(), city({ ...ONE, pools: { ...ONE.pools, 'other/ordinary': { attributes: ['ventilator', 'dialysis'] } } }))
    const { orders: [order = ''] } = await desk.approved()
    const { pool } = await desk.order(order)
    const diverted = await desk.step(order, 'divert', { pool: pool === 'hub/ordinary' ? 'other/ordinary' : 'hub/ordinary', leavesBase: at('08:00'), note: 'as asked' })
    expect([diverted.status, diverted.status === 200 ? '' : diverted.text]).toEqual([200, ''])
    expect((await desk.say(`/transfer-orders/${order}/form`, 'reader')).text).not.toContain('改送')
    await desk.close()
  })
})

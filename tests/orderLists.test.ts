import { expect, test } from 'vitest'
import { at, city, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'

interface Page { readonly items: { readonly id: string; readonly patient: string }[]; readonly next: string | null }
const SORTS = ['id', '-id', 'issuedAt', '-issuedAt', 'deadline', '-deadline'] as const

eachDatabase((_, open) => {
  test('orders stand by number, by when they were issued, by their deadline, and pages neither lose nor repeat any', async () => {
    const desk = await Desk.open(await open(), city({
      cases: people(7), pools: { 'hub/ordinary': {}, 'dist/ordinary': {} }, fleet: 'listed', vehicles: Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => [id, {}])),
      // One that came along: its number sorts behind all others, and it was issued before them.
      orders: { 'Z-1': { patient: 'south-7', pool: 'hub/ordinary' } },
    }))
    /** Minutes after which each is issued, and when its vehicle leaves: two at one moment, two with one deadline. */
    const issued: [patient: string, later: number, leaves: string, vehicle: string][] = [
      ['south-4', 3, '09:00', 'a'], ['south-2', 0, '08:00', 'b'], ['south-6', 4, '11:00', 'c'], ['south-1', 0, '08:00', 'd'], ['south-3', 1, '10:00', 'e'],
    ]
    for (const [patient, later, leaves, vehicle] of issued) {
      desk.clock.forward(later * 60_000)
      const said = await desk.post('/transfer-orders', { patient, pool: 'hub/ordinary', reason: 'worsened', vehicle, leavesBase: at(leaves) })
      expect([patient, said.status === 201 ? '' : said.text]).toEqual([patient, ''])
    }
    await desk.steps('2020-01-30-0003', 'accept', 'dispatch')
    const numbers = (...last: readonly string[]) => last.map((one) => (one === 'Z' ? 'Z-1' : `2020-01-30-000${one}`))
    const expected: Readonly<Record<(typeof SORTS)[number], readonly string[]>> = {
      id: numbers('1', '2', '3', '4', '5', 'Z'), '-id': numbers('Z', '5', '4', '3', '2', '1'),
      issuedAt: numbers('Z', '1', '2', '3', '4', '5'), '-issuedAt': numbers('5', '4', '3', '2', '1', 'Z'),
      // The third is on the road and the one that came along has no deadline: behind all others, by number.
      deadline: numbers('2', '4', '1', '5', '3', 'Z'), '-deadline': numbers('Z', '3', '5', '1', '4', '2'),
    }
    for (const sort of SORTS) for (const limit of [1, 2, 500]) {
      const found: string[] = []
      for (let cursor = '', pages = 0; pages < 20; pages += 1) {
        const page = (await desk.say(`/transfer-orders?sort=${sort}&limit=${limit}${cursor}`, 'reader')).json as Page
        expect(page.items.length).toBeLessThanOrEqual(limit)
        found.push(...page.items.map(({ id }) => id))
        if (page.next === null) break
        cursor = `&cursor=${page.next}`
      }
      expect([sort, limit, found]).toEqual([sort, limit, expected[sort]])
    }
    // A cursor belongs to its sort, and a filter stays what it was.
    const { next } = (await desk.say('/transfer-orders?sort=deadline&limit=2&state=issued', 'reader')).json as Page
    const more = (await desk.say(`/transfer-orders?sort=deadline&limit=500&state=issued&cursor=${next}`, 'reader')).json as Page
    expect(more.items.map(({ id }) => id)).toEqual(numbers('1', '5', 'Z'))
    expect((await desk.say(`/transfer-orders?sort=-deadline&cursor=${next}`, 'reader')).status).toBe(400)
    expect((await desk.say('/transfer-orders?sort=patient', 'reader')).status).toBe(400)
    const csv = (await desk.say('/transfer-orders?sort=-issuedAt', 'reader', { headers: { accept: 'text/csv' } })).text.split('\r\n').slice(1, 7).map((line) => line.split(',')[0])
    expect(csv).toEqual(expected['-issuedAt'])
    await desk.close()
  })
})

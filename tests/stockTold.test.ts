import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { inPackings } from '../src/supplies/items.js'
import { type AllocationOut, Warehouse } from './allocationFixture.js'
import { eachDatabase } from './support/databases.js'
import { GTIN } from './support/stockRoom.js'

const RECEIPTS = '/stock-notes/receipts'
const OUTS = '/stock-notes/outs'
const ORDERS = '/allocation-orders'
interface Note { readonly lines: readonly { readonly lot: string; readonly item: string; readonly number: string | null; readonly expiresOn: string | null; readonly units: number }[] }

test('units make up the largest packings first', () => {
  const known = [{ packing: 'box', units: 50 }, { packing: 'carton', units: 480 }]
  const rows: [number, [string, number][], number][] = [[1150, [['carton', 2], ['box', 3]], 40], [480, [['carton', 1]], 0], [49, [], 49], [0, [], 0]]
  for (const [units, packings, singles] of rows) {
    expect(inPackings(units, known)).toEqual({ packings: packings.map(([packing, count]) => ({ packing, count })), singles })
  }
})

eachDatabase((_, open) => {
  const receipt = (line: object) => ({ place: 'store', party: 'the maker', authority: 'city', released: true, earmark: null, lines: [{ count: 3, ...line }] })

  test('an expiry that nobody wrote is asked for: a day, null, or a code that says it', async () => {
    const house = await Warehouse.open(await open())
    await house.put('/item-codes/gtin', { item: 'mask', system: 'gtin', code: GTIN, packing: 'box', source: 'the label' })
    const unsaid = [422, 'wrongTime', 'the expiry is not written, and no code says it; write the one on the packing, or null where it does not expire', '/lines/0/expiresOn']
    for (const line of [{ item: 'mask', lot: 'A' }, { scan: GTIN.slice(1) }, { scan: `(01)${GTIN}(10)A` }]) expect(await house.refused(RECEIPTS, 'keeper', receipt(line))).toEqual(unsaid)
    expect(await house.refused(RECEIPTS, 'keeper', receipt({ scan: `]C101${GTIN}17220131`, expiresOn: null }))).toEqual(
      [422, 'wrongReference', 'here it says that it does not expire, and the code says 2022-01-31; look at the goods', '/lines/0/expiresOn'])
    const rows: [object, object][] = [
      [{ item: 'mask', lot: 'A', expiresOn: null }, { item: 'mask', number: 'A', expiresOn: null, units: 3 }],
      [{ item: 'mask', lot: 'A', expiresOn: '2021-05-31' }, { item: 'mask', number: 'A', expiresOn: '2021-05-31', units: 3 }],
      [{ scan: `]C101${GTIN}17220131` }, { item: 'mask', number: null, expiresOn: '2022-01-31', units: 150 }],
      // Until when it is good, where no expiry is printed; beside one, the expiry leads.
      [{ scan: `]C101${GTIN}15211130` }, { item: 'mask', number: null, expiresOn: '2021-11-30', units: 150 }],
      [{ scan: `]C101${GTIN}1521113017220131` }, { item: 'mask', number: null, expiresOn: '2022-01-31', units: 150 }],
    ]
    for (const [line, told] of rows) expect((await house.done<Note>(RECEIPTS, 'keeper', receipt(line))).lines).toEqual([expect.objectContaining(told)])
    await house.close()
  })

  test('what is lost or damaged says how, and what is sent back says to whom', async () => {
    const house = await Warehouse.open(await open())
    await house.stocked('mask', 70)
    const out = (kind: string, more: object = {}) => ({ place: 'store', kind, lines: [{ item: 'mask', count: 7 }], ...more })
    expect(await house.refused(OUTS, 'keeper', out('loss'))).toEqual([400, 'invalidInput', 'stock that is lost says how in note: where, and how it was lost', '/note'])
    expect(await house.refused(OUTS, 'keeper', out('damage', { party: 'x' }))).toEqual([400, 'invalidInput', 'stock that is damaged says in note how it was', '/note'])
    expect(await house.refused(OUTS, 'keeper', out('return', { note: 'x' }))).toEqual([400, 'invalidInput', 'stock that is sent back says in party to whom', '/party'])
    for (const body of [out('loss', { note: 'x' }), out('damage', { note: 'x' }), out('return', { party: 'x' }), out('consumption')]) await house.done(OUTS, 'keeper', body)
    await house.close()
  })

  test('a code without a count says how its end was read; a kit says what is in it; a number on a packing says which ids it has', async () => {
    const house = await Warehouse.open(await open())
    const wrongCount = (end: string) => [422, 'wrongFigure', `say how many; the code does not${end}`, '/lines/0/count']
    const scanned = (scan: string) => house.refused(RECEIPTS, 'keeper', receipt({ item: 'mask', scan, count: null }))
    expect(await scanned('10L7730200')).toEqual(wrongCount('. The end of the code was read as the lot L7730200; if a count is in that, a separator (FNC1, ASCII 29) is missing: '
      + 'set up the scanner and scan again, or leave scan out and write what is on the packing'))
    expect(await scanned('10L-7')).toEqual(wrongCount(''))
    await house.put('/kit-parts/1', { kit: 'shift-set', item: 'mask', units: 2, source: 'tests' })
    await house.put('/kit-parts/2', { kit: 'shift-set', item: 'suit', units: 1, source: 'tests' })
    const isKit = 'shift-set is a kit, and no item; name the items in it, one kit is: 2 pieces of the mask (mask), 1 suit of the suit (suit)'
    expect(await house.refused('/material-requests', 'ward', { place: 'a', item: 'shift-set', units: 10, urgency: 'ordinary' })).toEqual([422, 'unknownReference', isKit, '/item'])
    expect(await house.refused('/stock-notes/stocktakes', 'keeper', { place: 'store', item: 'shift-set', counted: {} })).toEqual([422, 'unknownReference', isKit, '/item'])
    const lots = [await house.stocked('mask', 70, { lot: 'B1' }), await house.stocked('mask', 30, { lot: 'B1', expiresOn: '2021-05-31' })]
    await house.stocked('mask', 30, { place: 'b', lot: 'B1' })
    const [, , said] = await house.refused(OUTS, 'keeper', { place: 'store', kind: 'consumption', lines: [{ item: 'mask', lot: 'B1', count: 1 }] })
    expect(String(said)).toMatch(/^there is no lot of mask with the id B1; that is a number on a packing: name the lot by its id, of this number there are at store: /)
    expect(lots.map((lot) => String(said).split(`${lot} (number B1, `).length)).toEqual([2, 2])
    expect(String(said).split('number B1').length).toBe(3)
    await house.close()
  })

  test('a stocktake names what lies there by its number, and the orders that are promised more', async () => {
    const house = await Warehouse.open(await open())
    const lot = await house.stocked('mask', 200, { lot: 'M-22', expiresOn: '2022-01-17' })
    const ask = { from: 'store', reason: 'none left', to: 'a' }
    await house.done(ORDERS, 'group', { ...ask, kind: 'allocation', lines: [{ item: 'mask', count: 60 }, { item: 'mask', count: 4 }] })
    await house.done(ORDERS, 'group', { ...ask, kind: 'loan', to: 'b', lines: [{ item: 'mask', count: 100 }] })
    const count = (counted: object) => house.refused('/stock-notes/stocktakes', 'keeper', { place: 'store', item: 'mask', counted })
    expect(await count({ 'M-22': 199 })).toEqual([422, 'wrongReference', 'count every lot of mask at store, and no other',
      `/counted/${lot}: this lot is missing (number M-22, expires on 2022-01-17); say 0 where none is left`,
      `/counted/M-22: there is no lot of mask with the id M-22; name lots by their ids, there are: ${lot} (number M-22, expires on 2022-01-17)`])
    expect(await count({ [lot]: 163 })).toEqual([409, 'doesNotAddUp',
      '164 of mask（M-22） at store are promised (allocation orders 2020-01-30-M0001, 2020-01-30-M0002) and 163 were counted; first have those orders cancelled by the supplies group '
        + 'or the commander of the whole city (a loan or a return also by the supply officer of its sender), then count again'])
    await house.close()
  })

  test('an order says what its units make up, on paper too; tables say lines in words, and none of it runs', async () => {
    const house = await Warehouse.open(await open())
    await house.put('/packings/carton', { item: 'mask', packing: 'carton', units: 480, source: 'the label' })
    await house.stocked('mask', 1200, { lot: 'M-22', expiresOn: '2022-01-17' })
    const { id, lines } = await house.done<AllocationOut>(ORDERS, 'group', { kind: 'allocation', from: 'store', to: 'a', reason: 'none left', lines: [{ item: 'mask', count: 1150 }] })
    expect(lines).toEqual([expect.objectContaining({ number: 'M-22', expiresOn: '2022-01-17', packings: [{ packing: 'carton', count: 2 }, { packing: 'box', count: 3 }], singles: 40 })])
    await house.done(`${ORDERS}/${id}/ship`, 'keeper', { lines: [{ seq: 1, units: 530 }] })
    const form = (await house.say(`${ORDERS}/${id}/form`, 'keeper')).text
    for (const words of ['1150<br>2 carton + 3 box + 散 40', '2 carton + 3 box + 40 loose', '530<br>1 carton + 1 box<br>']) expect(form).toContain(words)
    await house.done(`${ORDERS}/${id}/receive`, 'receiver', { lines: [{ seq: 1, accepted: 523, damaged: 5, missing: 2, difference: 'wet', missingDifference: 'short' }] })
    const cells = async (path: string) => parse<Record<string, string>>((await house.say(path, 'reader', undefined, { accept: 'text/csv' })).text, { bom: true, columns: true })
      .map((row) => Object.entries(row).find(([title]) => title.endsWith(' lines'))?.[1])
    expect(await cells(ORDERS)).toEqual(['mask, M-22, 1150, store → a, shipped 530, accepted 523, damaged 5, missing 2, wet, short'])
    expect(await cells('/stock-notes')).toEqual(['mask, M-22, 1200, outside → at store'])
    // What a number on a packing says stands behind the item, and an item's id begins with a letter or digit.
    await house.stocked('cloth', 5, { lot: '=1+1' })
    expect((await cells('/stock-notes')).filter((cell) => cell?.includes('1+1'))).toEqual(['cloth, =1+1, 5, outside → at store'])
    await house.close()
  })
})

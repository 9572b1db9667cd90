import { beforeAll, expect, test } from 'vitest'
import { startAct } from '../src/app/startAct.js'
import type { Database } from '../src/db/database.js'
import { EVERYWHERE } from '../src/kernel/roles.js'
import { account } from '../src/ledger/tables.js'
import { checkDigitOf } from '../src/supplies/gs1.js'
import { newLot } from '../src/supplies/store.js'
import { eachDatabase } from './support/databases.js'
import { ask, type Said, type Served, serving, StandingClock, TickingClock } from './support/serving.js'
import { GTIN, stockRoom } from './support/stockRoom.js'

const NOON = '2020-01-30T12:00:00+08:00'
const HOUR = 3600_000
const hoursAgo = (clock: StandingClock, hours: number): string => new Date(clock.now().getTime() - hours * HOUR).toISOString()

interface Note { readonly id: string; readonly lines: readonly { lot: string; units: number; from: string; to: string }[]; readonly reversedBy: string | null }
interface Row { readonly place: string; readonly item: string; readonly lot: string; readonly number: string | null; readonly onHand: number | null }
const told = ({ status, json }: Said): string => {
  const { code, detail } = json as { code?: string; detail?: string }
  return code === undefined ? String(status) : `${status} ${code}: ${detail}`
}
const where = ({ json }: Said): unknown => (json as { errors?: { pointer: string }[] }).errors?.map(({ pointer }) => pointer)
const noteOf = (said: Said): Note => {
  expect(told(said)).toBe('201')
  return said.json as Note
}

eachDatabase((_, open) => {
  let served: Served
  let clock: StandingClock
  let database: Database
  beforeAll(async () => {
    clock = new StandingClock(new Date(NOON))
    database = await open()
    await stockRoom(database, clock)
    served = await serving(database, { clock })
  })
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    ask(served.address, `/api/stock-notes${path}`, { method: 'POST', body, headers: { 'accept-language': 'en', ...headers } })
  const receive = (place: string, lines: readonly object[], more: object = {}) =>
    post('/receipts', { place, party: 'a supplier', authority: 'purchase', released: true, lines: lines.map((line) => ('scan' in line ? line : { expiresOn: null, ...line })), ...more })
  const out = (place: string, kind: string, lines: readonly object[], more: object = {}) => post('/outs', { place, kind, party: 'the supplier', note: 'as found', lines, ...more })
  const stock = async (query = '') => ((await ask(served.address, `/api/stock?${query}`)).json as { items: Row[] }).items
  const onHand = async (place: string, item: string) =>
    (await stock(`place=${place}&item=${item}`)).map(({ number, onHand: units }) => `${number ?? '-'} ${units}`).sort().join(', ')
  const findings = async () => (await ask(served.address, '/api/integrity')).json

  test('a lot is as old as the note by which it came in, however long the telling takes', async () => {
    const database = await open()
    const slow = new TickingClock(new Date(NOON))
    await stockRoom(database, slow)
    const { address, bugs, close } = await serving(database, { clock: slow })
    const body = {
      place: 'store', party: 'a supplier', authority: 'purchase', released: true,
      // Two lines of one new lot, and one of another.
      lines: [{ item: 'mask', lot: 'T-1', count: 30 }, { item: 'mask', lot: 'T-1', count: 12 }, { item: 'suit', count: 7 }].map((line) => ({ ...line, expiresOn: null })),
    }
    for (const lots of [2, 2]) {
      const came = noteOf(await ask(address, '/api/stock-notes/receipts', { method: 'POST', body, headers: { 'accept-language': 'en' } }))
      expect([came.lines.map(({ units }) => units).sort((a, b) => a - b), new Set(came.lines.map(({ lot }) => lot)).size]).toEqual([[7, 12, 30], lots])
    }
    expect((await ask(address, '/api/integrity')).json).toEqual({ findings: [] })
    expect(bugs).toEqual([])
    await close()
  })

  test('what comes in lies there by lot, and what goes out is taken first expired first', async () => {
    const came = noteOf(await receive('store', [
      { item: 'mask', lot: 'M-22', expiresOn: '2022-01-17', packing: 'carton', count: 2 },
      { item: 'mask', lot: 'M-20', expiresOn: '2020-02-29', count: 37 },
      { item: 'suit', packing: 'carton', count: 3 },
    ]))
    expect(came.lines.map(({ units, from, to }) => `${units} ${from} ${to}`)).toEqual(['960 outside at store', '37 outside at store', '75 outside at store'])
    expect([await onHand('store', 'mask'), await onHand('store', 'suit'), await onHand('hubA', 'mask')]).toEqual(['M-20 37, M-22 960', '- 75', ''])
    clock.forward(HOUR)
    const used = noteOf(await out('store', 'consumption', [{ item: 'mask', packing: 'box', count: 2 }, { item: 'suit', count: 4 }]))
    expect(used.lines.map(({ units, to }) => `${units} ${to}`)).toEqual(['37 consumed', '3 consumed', '4 consumed'])
    expect([await onHand('store', 'mask'), await onHand('store', 'suit')]).toEqual(['M-22 957', '- 71'])
    // The same lot again adds to what is there; another authority makes another lot.
    noteOf(await receive('store', [{ item: 'mask', lot: 'M-22', expiresOn: '2022-01-17', count: 43 }]))
    noteOf(await receive('store', [{ item: 'mask', lot: 'M-22', expiresOn: '2022-01-17', count: 5 }], { authority: 'strategicReserve', released: false }))
    expect(await onHand('store', 'mask')).toBe('M-22 1000, M-22 5')
    expect(await findings()).toEqual({ findings: [] })
  })

  test('a past moment shows what lay there then', async () => {
    const then = await stock(`place=store&item=suit&asOf=${encodeURIComponent(NOON)}`)
    expect(then.map(({ onHand: units }) => units)).toEqual([75])
  })

  test('a scan fills the line, and must agree with what is written', async () => {
    const code = `]C101${GTIN}17220131\u001d10LOT-9`
    const note = noteOf(await receive('hubA', [{ scan: code, count: 3 }]))
    expect(note.lines.map(({ units }) => units)).toEqual([60])
    expect((await stock('place=hubA&item=mask'))[0]).toMatchObject({ number: 'LOT-9', expiresOn: '2022-01-31', onHand: 60 })
    noteOf(await receive('hubA', [{ scan: GTIN.slice(1), count: 2, lot: 'LOT-9', expiresOn: '2022-01-31' }]))
    expect(await onHand('hubA', 'mask')).toBe('LOT-9 100')
    const other = `0${String(4006381333931)}`
    const wrongDigit = `01${GTIN.slice(0, -1)}${(Number(GTIN.at(-1)) + 1) % 10}`
    expect(checkDigitOf(GTIN.slice(0, -1))).toBe(Number(GTIN.at(-1)))
    const rows: [object, string, string[]][] = [
      [{ scan: wrongDigit, count: 1 }, `400 invalidInput: (01) GTIN, character 14:`, ['/lines/0/scan']],
      [{ scan: `01${other}`, count: 1 }, `422 unknownReference: GTIN ${other} is not known; put down which item and packing it is`, ['/lines/0/scan']],
      [{ scan: code, item: 'suit', count: 1 }, '422 wrongReference: here it says suit, and the code says mask; look at the goods', ['/lines/0/item']],
      [{ scan: code, lot: 'LOT-8', count: 1 }, '422 wrongReference: here it says LOT-8, and the code says LOT-9; look at the goods', ['/lines/0/lot']],
      [{ scan: code }, '422 wrongFigure: say how many; the code does not', ['/lines/0/count']],
      [{ scan: '10LOT-9', count: 1 }, '422 wrongReference: name the item, or scan a code that has a GTIN', ['/lines/0/item']],
    ]
    for (const [line, sentence, pointers] of rows) {
      const said = await receive('hubA', [line])
      expect([told(said).slice(0, sentence.length), where(said)]).toEqual([sentence, pointers])
    }
    expect(await onHand('hubA', 'mask')).toBe('LOT-9 100')
  })

  test('what is not right is refused in one sentence, and nothing is half written', async () => {
    const before = await stock()
    const [lot] = await stock('place=hubA&item=mask')
    const [suit] = await stock('place=store&item=suit')
    const rows: [Promise<Said>, string][] = [
      [receive('hubA', [{ item: 'mask', count: 7 }, { item: 'mask', lot: 'OLD', expiresOn: '2020-01-29', count: 9 }]),
        '422 wrongTime: 2020-01-29 is past, and what has expired is not taken in; look at the date again, or send it back'],
      [receive('hubA', [{ item: 'goggles', packing: 'carton', count: 1 }]), '422 wrongReference: goggles has no packing called carton; put it down first, or count base units'],
      [receive('hubA', [{ item: 'visor', count: 1 }]), '422 unknownReference: there is no item visor'],
      [receive('hubA', [1, 2, 3].map(() => ({ item: 'mask', lot: 'BIG', packing: 'carton', count: 1_000_000 }))),
        '422 wrongFigure: mask（BIG） would come to more than 1000000000 base units; look at the figures again'],
      [receive('nowhere', [{ item: 'mask', count: 1 }]), '422 unknownReference: there is no place nowhere'],
      [receive('hubA', [{ item: 'mask', count: 1 }], { at: new Date(clock.now().getTime() + HOUR).toISOString() }), '422 wrongTime: '],
      [receive('hubA', [{ item: 'mask', count: 1 }], { at: hoursAgo(clock, 24 * 7 + 1) }), '422 wrongTime: what is told may be at most 7 days old; count what is older'],
      [out('hubA', 'consumption', [{ item: 'mask', count: 101 }]), '409 notEnoughStock: there are 100 pieces of the mask (mask) at the hubA (hubA) that may be taken, and 101 are asked for; count first, or ask for fewer'],
      [out('hubA', 'consumption', [{ item: 'mask', count: 60 }, { item: 'mask', count: 41 }]), '409 notEnoughStock: there are 40 pieces of the mask (mask) at the hubA (hubA) that may be taken, and 41 are asked for; count first, or ask for fewer'],
      [out('hubA', 'damage', [{ item: 'mask', lot: suit?.lot, count: 1 }]), `422 wrongReference: there is no lot of mask with the id ${suit?.lot}`],
      [out('hubA', 'expiry', [{ item: 'mask', lot: lot?.lot, count: 1 }]), '422 wrongReference: the lot has not expired'],
      [out('hubA', 'expiry', [{ item: 'mask', count: 1 }]), '409 notEnoughStock: 0 pieces of the mask (mask) at the hubA (hubA) have expired, and 1 are said to have; the other 100 have not, and are not written off as expired'],
      [out('hubA', 'consumption', [{ item: 'mask', count: 5 }], { at: hoursAgo(clock, 5) }), `409 notEnoughStock: at ${hoursAgo(clock, 5).replace('.000Z', '')}`.slice(0, 26)],
      [post('/stocktakes', { place: 'hubA', item: 'mask', counted: {} }), '422 wrongReference: count every lot of mask at hubA, and no other'],
      [post('/stocktakes', { place: 'hubA', item: 'mask', counted: { [lot?.lot ?? '']: 99, [suit?.lot ?? '']: 1 } }), '422 wrongReference: count every lot of mask at hubA, and no other'],
      [post('/stocktakes', { place: 'hubA', item: 'visor', counted: {} }), '422 unknownReference: there is no item visor'],
      [post('/no-such-note/reverse', { note: 'why' }), '404 notFound: there is no note of stock with the id no-such-note'],
    ]
    for (const [said, sentence] of rows) expect(told(await said).slice(0, sentence.length)).toBe(sentence)
    expect(await stock()).toEqual(before)
    expect(await findings()).toEqual({ findings: [] })
  })

  test('what has expired or is in quarantine is not used, and is written off or let go', async () => {
    noteOf(await receive('hubB', [{ item: 'mask', lot: 'SHORT', expiresOn: '2020-01-31', count: 90 }, { item: 'mask', lot: 'LONG', expiresOn: '2021-06-30', count: 11 }]))
    const [long, short] = (await stock('place=hubB&item=mask')).sort((a, b) => (a.number ?? '').localeCompare(b.number ?? ''))
    clock.forward(48 * HOUR)
    expect(told(await out('hubB', 'consumption', [{ item: 'mask', count: 12 }]))).toMatch(/^409 notEnoughStock: there are 11 pieces of the mask \(mask\) at the hubB \(hubB\) that may be taken, beside 90 expired, and 12 are asked for; write off what has expired, or ask for fewer/)
    expect(told(await out('hubB', 'consumption', [{ item: 'mask', lot: short?.lot, count: 1 }])))
      .toBe('422 wrongReference: the lot expired on 2020-01-31 and must not be used; write it off as expired')
    expect(noteOf(await out('hubB', 'expiry', [{ item: 'mask', count: 90 }])).lines.map(({ lot, to }) => [lot, to])).toEqual([[short?.lot, 'expired']])
    const path = `/api/lots/${long?.lot}`
    const read = await ask(served.address, path)
    const { id: _id, version: _version, effectiveAt: _e, recordedAt: _r, recordedBy: _b, quarantinedAt: _a, quarantinedBy: _q, quarantineReason: _w, ...body } = read.json as Record<string, unknown>
    const put = (change: object, etag = read.headers.get('etag') ?? '') =>
      ask(served.address, path, { method: 'PUT', body: { ...body, ...change }, headers: { 'if-match': etag, 'accept-language': 'en' } })
    expect(told(await put({ lot: 'LONGER' }))).toBe('422 wrongReference: a lot keeps its item, the place where it came in, its number and its expiry; reverse the receipt and take it in again')
    expect(told(await put({ quarantined: true }))).toBe('200')
    expect(told(await out('hubB', 'consumption', [{ item: 'mask', lot: long?.lot, count: 1 }])))
      .toBe('422 wrongReference: the lot is in quarantine and must not be used; use another one, and leave this to the supplies group or a supply officer of the whole city, who decide on it')
    expect(told(await ask(served.address, '/api/lots/made-up', { method: 'PUT', body, headers: { 'accept-language': 'en' } })))
      .toBe('404 notFound: there is no such lot; lots come in by receipts')
    noteOf(await out('hubB', 'return', [{ item: 'mask', lot: long?.lot, count: 11 }]))
    expect([await onHand('hubB', 'mask'), await findings()]).toEqual(['', { findings: [] }])
  })

  test('a reversal restores the balances, once, and is not reversed itself', async () => {
    const came = noteOf(await receive('hubB', [{ item: 'suit', lot: 'S1', count: 50 }, { item: 'mask', lot: 'S2', count: 8 }]))
    const used = noteOf(await out('hubB', 'consumption', [{ item: 'suit', count: 20 }]))
    const reverse = (id: string) => post(`/${id}/reverse`, { note: 'put down twice' })
    expect(told(await reverse(came.id))).toBe('409 notEnoughStock: there are 30 of suit（S1） at hubB, and 50 are asked for; count first, or ask for fewer')
    const back = noteOf(await reverse(used.id))
    expect(back.lines.map(({ units, from, to }) => `${units} ${from} ${to}`)).toEqual(['20 consumed at hubB'])
    expect(told(await reverse(used.id))).toBe(`409 stepOutOfOrder: the note was reversed already by local (${back.id})`)
    expect(told(await reverse(back.id))).toBe('409 stepOutOfOrder: a reversal is not reversed; write a new note')
    noteOf(await reverse(came.id))
    expect([await onHand('hubB', 'suit'), await onHand('hubB', 'mask')]).toEqual(['', ''])
    expect(((await ask(served.address, `/api/stock-notes/${used.id}`)).json as Note).reversedBy).toBe(back.id)
    expect(await findings()).toEqual({ findings: [] })
  })

  test('a receipt is not taken back of which some was used, though as much has come since', async () => {
    const came = (count: number) => receive('hubB', [{ item: 'suit', lot: 'S9', count }])
    const first = noteOf(await came(100))
    clock.forward(HOUR)
    const used = noteOf(await out('hubB', 'consumption', [{ item: 'suit', count: 70 }]))
    clock.forward(HOUR)
    const second = noteOf(await came(90))
    const reverse = (id: string) => post(`/${id}/reverse`, { note: 'put down twice' })
    expect(told(await reverse(first.id))).toMatch(/^409 notEnoughStock: since 2020-\S+ there were as few as 30 of suit（S9） at hubB, so that of the 100 of this note some were used; reverse first what went out after it$/)
    for (const { id } of [used, first, second]) noteOf(await reverse(id))
    expect([await onHand('hubB', 'suit'), await findings()]).toEqual(['', { findings: [] }])
  })

  test('a count stands beside what came or went since, and what was before it cannot be told any more', async () => {
    noteOf(await receive('hubB', [{ item: 'goggles', lot: 'G1', count: 200 }, { item: 'goggles', lot: 'G2', count: 30 }]))
    const ids = Object.fromEntries((await stock('place=hubB&item=goggles')).map(({ number, lot }) => [number, lot]))
    clock.forward(2 * HOUR)
    const counted = hoursAgo(clock, 0)
    clock.forward(3 * HOUR)
    noteOf(await out('hubB', 'consumption', [{ item: 'goggles', lot: ids['G1'], count: 12 }]))
    clock.forward(HOUR)
    const take = (counts: object, at?: string) => post('/stocktakes', { place: 'hubB', item: 'goggles', counted: counts, ...(at === undefined ? {} : { at }) })
    const note = noteOf(await take({ [ids['G1'] ?? '']: 193, [ids['G2'] ?? '']: 31 }, counted))
    expect(note.lines.map(({ units, from, to }) => `${units} ${from} ${to}`).sort()).toEqual(['1 unexplained at hubB', '7 at hubB unexplained'])
    expect(await onHand('hubB', 'goggles')).toBe('G1 181, G2 31')
    const before = new Date(new Date(counted).getTime() - HOUR).toISOString()
    expect(told(await out('hubB', 'consumption', [{ item: 'goggles', count: 1 }], { at: before }))).toMatch(/^409 figureIsOlder: goggles at hubB was counted at 2020-02-01T/)
    expect(told(await receive('hubB', [{ item: 'goggles', count: 1 }], { at: before }))).toMatch(/^409 figureIsOlder/)
    expect(told(await take({ [ids['G1'] ?? '']: 1, [ids['G2'] ?? '']: 1 }, before))).toMatch(/^409 figureIsOlder/)
    noteOf(await post(`/${note.id}/reverse`, { note: 'the other shelf' }))
    expect(await onHand('hubB', 'goggles')).toBe('G1 188, G2 30')
    expect(told(await out('hubB', 'consumption', [{ item: 'goggles', count: 1 }], { at: before }))).toBe('201')
    expect(await findings()).toEqual({ findings: [] })
  })

  test('a note that was reversed never happened: what is told of its time afterwards is as if it were not there', async () => {
    const taken = (count: number, at: string) => out('hubA', 'consumption', [{ item: 'goggles', count }], { at })
    noteOf(await receive('hubA', [{ item: 'goggles', lot: 'H1', count: 200 }]))
    clock.forward(HOUR)
    const then = hoursAgo(clock, 0)
    clock.forward(2 * HOUR)
    const lot = (await stock('place=hubA&item=goggles'))[0]?.lot ?? ''
    const take = (units: number) => post('/stocktakes', { place: 'hubA', item: 'goggles', counted: { [lot]: units }, at: then })
    const wrong = noteOf(await take(130))
    noteOf(await post(`/${wrong.id}/reverse`, { note: 'the other shelf' }))
    const used = noteOf(await taken(160, then))
    noteOf(await post(`/${used.id}/reverse`, { note: 'typed wrongly' }))
    const used150 = noteOf(await taken(150, then))
    noteOf(await take(47))
    expect(await onHand('hubA', 'goggles')).toBe('H1 47')
    // The count of that very moment has it in it, since it was told after it.
    expect(told(await post(`/${used150.id}/reverse`, { note: 'typed wrongly' }))).toMatch(/^409 figureIsOlder/)
    const gone = noteOf(await taken(30, hoursAgo(clock, 0)))
    expect(told(await take(20))).toBe('409 doesNotAddUp: 20 of goggles（H1） were counted at hubA, and since then 30 more went than had come; look at the figure and its time again, or reverse what was told of since')
    noteOf(await post(`/${gone.id}/reverse`, { note: 'typed wrongly' }))
    const past = (await ask(served.address, `/api/stock?place=hubA&item=goggles&asOf=${encodeURIComponent(new Date(new Date(then).getTime() + 1).toISOString())}`)).json as { items: Row[] }
    expect(past.items.map(({ onHand: units }) => units)).toEqual([47])
    expect(await findings()).toEqual({ findings: [] })
  })

  /** A lot of which nobody knows how much lies where it came in, as a scenario brings one. */
  const uncounted = (id: string) => database.inTransaction(async (tx) => {
    const act = startAct(tx, clock)
    const body = { item: 'mask', place: 'store', lot: id, expiresOn: null, quarantined: false, authority: 'city' as const, released: true, earmark: null, source: 'a test', assumed: [], asOf: null }
    await newLot(act, { id, body, effectiveAt: act.at })
    await tx.insert(account).values({ book: `lot ${id}`, name: 'at store', mayOwe: false, counted: false, balance: 0, held: 0 })
    await act.journal({ action: 'put', kind: 'lots', subject: id, details: {} })
  })

  test('what nobody has counted is added to only once it is counted, and its first count is not taken back', async () => {
    await uncounted('U-1')
    noteOf(await post('/stocktakes', { place: 'hubA', item: 'mask', counted: Object.fromEntries([...(await stock('place=hubA&item=mask')).map(({ lot, onHand: units }) => [lot, units]), ['U-1', 50]]) }))
    const order = await ask(served.address, '/api/allocation-orders', {
      method: 'POST', body: { kind: 'giveBack', from: 'hubA', to: 'store', lines: [{ item: 'mask', lot: 'U-1', count: 50 }], reason: '归还' },
    })
    const { id } = order.json as { id: string }
    const step = (name: string) => ask(served.address, `/api/allocation-orders/${id}/${name}`, { method: 'POST', body: {}, headers: { 'accept-language': 'en' } })
    expect([order.status, (await step('ship')).status]).toEqual([201, 200])
    expect(told(await step('receive'))).toBe('409 doesNotAddUp: nobody has counted mask（U-1） at store, so nothing can be added to it; count it first')
    await uncounted('U-2')
    const count = async (units: object) => {
      const there = (await stock('place=store&item=mask')).map(({ lot, onHand }) => [lot, onHand ?? 0])
      return noteOf(await post('/stocktakes', { place: 'store', item: 'mask', counted: { ...Object.fromEntries(there), ...units } }))
    }
    const first = await count({ 'U-1': 0, 'U-2': 17 })
    expect(told(await step('receive'))).toBe('200')
    clock.forward(HOUR)
    expect(told(await post(`/${first.id}/reverse`, { note: 'a slip' }))).toBe('409 stepOutOfOrder: this was the first count, before which nobody knew how many there were; count again instead')
    // The next count found what the first had not, and is taken back as any other.
    const second = await count({ 'U-1': 53, 'U-2': 17 })
    expect(told(await post(`/${second.id}/reverse`, { note: 'a slip' }))).toBe('201')
    expect((await stock('place=store&item=mask')).filter(({ lot }) => lot.startsWith('U-')).map(({ lot, onHand: units }) => `${lot} ${units}`)).toEqual(['U-1 50', 'U-2 17'])
    expect(await findings()).toEqual({ findings: [] })
  })

  test('a lot that is let go while a receipt waits loses nothing', async () => {
    noteOf(await receive('hubA', [{ item: 'suit', lot: 'W', count: 7 }]))
    const lotW = (await stock('place=hubA&item=suit')).find(({ number }) => number === 'W')?.lot ?? ''
    const path = `/api/lots/${lotW}`
    const quarantine = async (quarantined: boolean) => {
      const read = await ask(served.address, path)
      const { id: _id, version: _version, effectiveAt: _e, recordedAt: _r, recordedBy: _b, quarantinedAt: _a, quarantinedBy: _q, quarantineReason: _w, ...body } = read.json as Record<string, unknown>
      expect(told(await ask(served.address, path, { method: 'PUT', body: { ...body, quarantined }, headers: { 'if-match': read.headers.get('etag') ?? '' } }))).toBe('200')
    }
    await quarantine(true)
    const [said] = await Promise.all([receive('hubA', [{ item: 'suit', lot: 'W', count: 500 }]), quarantine(false)])
    const note = noteOf(said)
    expect(((await ask(served.address, `/api/stock-notes/${note.id}`)).json as Note).lines.map(({ units }) => units)).toEqual([500])
    expect((await stock('place=hubA&item=suit')).filter(({ number }) => number === 'W').reduce((sum, { onHand: units }) => sum + (units ?? 0), 0)).toBe(507)
  })

  test('what nobody released is not used', async () => {
    noteOf(await receive('hubB', [{ item: 'suit', lot: 'U', count: 30 }], { released: false }))
    expect(told(await out('hubB', 'consumption', [{ item: 'suit', count: 1 }]))).toMatch(/^409 notEnoughStock: there are 0 suits of the suit \(suit\) at the hubB \(hubB\) that may be taken, beside 30 not released, and 1 are asked for; have released what is not, or ask for fewer/)
  })

  test('the strategic reserve is released by its authority only', async () => {
    const asKeeper = await serving(database, { clock, identify: async () => ({ id: 'keeper', grants: [{ role: 'supplyOfficer', ...EVERYWHERE }] }) })
    const reserve = (released: boolean) => ask(asKeeper.address, '/api/stock-notes/receipts', {
      method: 'POST', headers: { 'accept-language': 'en' },
      body: { place: 'hubA', party: 'the reserve', authority: 'strategicReserve', released, lines: [{ item: 'suit', lot: 'R', expiresOn: null, count: 40 }] },
    })
    expect(told(await reserve(true)))
      .toBe('403 forbidden: what is of “strategic reserve” is released by the supplies group or the commander of the whole city only; take it in as not released (released: false)')
    const [line] = noteOf(await reserve(false)).lines
    const path = `/api/lots/${line?.lot}`
    const read = await ask(served.address, path)
    const { id: _id, version: _version, effectiveAt: _e, recordedAt: _r, recordedBy: _b, quarantinedAt: _a, quarantinedBy: _q, quarantineReason: _w, ...body } = read.json as Record<string, unknown>
    const put = (address: string, change: object) =>
      ask(address, path, { method: 'PUT', body: { ...body, ...change }, headers: { 'if-match': read.headers.get('etag') ?? '', 'accept-language': 'en' } })
    expect([told(await put(asKeeper.address, { released: true })), told(await put(asKeeper.address, { authority: 'city' }))].map((said) => said.slice(0, 13))).toEqual(['403 forbidden', '403 forbidden'])
    expect(told(await put(served.address, { released: true }))).toBe('200')
    await asKeeper.close()
  })

  test('notes are listed the newest first, by pages', async () => {
    const notes = (await ask(served.address, '/api/stock-notes?place=hubB&kind=stocktake')).json as { items: Note[]; next: string | null }
    expect(notes.items.map(({ lines }) => lines.length)).toEqual([2])
    const first = (await ask(served.address, '/api/stock-notes?limit=2')).json as { items: Note[]; next: string | null }
    const second = (await ask(served.address, `/api/stock-notes?limit=2&cursor=${encodeURIComponent(first.next ?? '')}`)).json as { items: Note[] }
    const ids = [...first.items, ...second.items].map(({ id }) => id)
    expect(ids).toEqual([...ids].sort().reverse())
    expect(new Set(ids).size).toBe(4)
  })

  test('nothing was a bug', () => expect(served.bugs).toEqual([]))
})

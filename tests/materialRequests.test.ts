import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AUTHORITY } from '../src/access/authority.js'
import type { Identify } from '../src/access/identify.js'
import { POLICY, type Rule } from '../src/access/policy.js'
import { heardBy } from './support/heard.js'
import { type Act, beginAct } from '../src/db/act.js'
import { type Change, changesAfter, heardSoFar } from '../src/db/changes.js'
import type { Database, Tx } from '../src/db/database.js'
import { integrityFindings } from '../src/db/integrity.js'
import { allocationEvent, allocationLine, allocationOrder } from '../src/dispatch/tables.js'
import { EVERYWHERE, type HeldGrant, type Role } from '../src/kernel/roles.js'
import type { AllocationState } from '../src/dispatch/material/allocations.js'
import { approveRequest, refuseRequest } from '../src/supplies/requestCommands.js'
import { LOTS } from '../src/supplies/store.js'
import { does, furnish, putter, SOURCE } from './stockFixture.js'
import { eachDatabase } from './support/databases.js'
import { ask, byPost, type Said, type Served, serving, StandingClock } from './support/serving.js'

const MINUTE = 60_000
const ROLES: Readonly<Record<string, Role>> = {
  stores: 'supplyOfficer', beds: 'bedManager', rooms: 'siteManager', group: 'suppliesGroup', planner: 'planner', commander: 'commander', viewer: 'viewer', desk: 'transferDesk',
}
/** `stores-a` is the supply officer of the place a, and so on; `group` is the supplies group of the city, and `group-2` another post of it. */
const identify: Identify = async (asked) => {
  const [, post = '', role = '', place] = /^Post ((\w+)(?:-(\w+))?)$/.exec(asked.authorization ?? '') ?? []
  const held = ROLES[role]
  if (held === undefined) return byPost(asked)
  const reach: Omit<HeldGrant, 'role'> = place === undefined || place === '2' ? EVERYWHERE : { isCity: false, units: new Set(), places: new Set([place]), homes: new Set() }
  return { id: post, grants: [{ role: held, ...reach }] }
}

type Row = Readonly<Record<string, unknown>> & { readonly id: string }
const row = ({ json }: Said): Row => json as Row
const rows = ({ json }: Said): Row[] => (json as { items: Row[] }).items
/** What a refusal says, at the place where it says it. */
const refusal = ({ status, json }: Said) => {
  const { code, detail, errors = [] } = json as { code?: string; detail?: string; errors?: { pointer: string }[] }
  return [status, code, detail, ...errors.map(({ pointer }) => pointer)]
}

eachDatabase((_, open) => {
  const clock = new StandingClock(new Date('2020-01-30T08:00:00+08:00'))
  let db: Database
  let served: Served
  beforeAll(async () => {
    db = await open()
    await furnish(db, clock)
    served = await serving(db, { clock, identify })
  })
  afterAll(() => served.close())

  const get = (path: string, post = 'viewer') => ask(served.address, `/api/material-requests${path}`, { headers: { authorization: `Post ${post}` } })
  const send = (path: string, post: string, body?: object, headers: Record<string, string> = {}) =>
    ask(served.address, `/api/material-requests${path}`, { method: 'POST', ...(body === undefined ? {} : { body }), headers: { authorization: `Post ${post}`, ...headers } })
  const asked = async (body: object, post = 'stores-a'): Promise<string> => {
    const said = await send('', post, { place: 'a', item: 'mask', units: 400, urgency: 'ordinary', ...body })
    expect([said.status, said.status === 201 ? '' : said.text]).toEqual([201, ''])
    return row(said).id
  }
  const withdrawn = async (id: string, post = 'stores-a') => expect((await send(`/${id}/withdraw`, post)).status).toBe(200)

  test('a place asks, what was computed stands beside it, the group approves less, and each figure says by whom and when', async () => {
    const said = await send('', 'beds-a', { place: 'a', item: 'mask', packing: 'box', count: 20, urgency: 'ordinary', reason: 'twenty beds more' })
    const nobody = { need: null, recommended: null, recommendedAt: null, recommendedBy: null, approved: null, answeredAt: null, answeredBy: null, answer: null }
    const nothing = { shipped: 0, shippedAt: null, shippedBy: null, received: 0, receivedAt: null, receivedBy: null }
    const { id } = row(said)
    const first = {
      id, version: 1, state: 'open', place: 'a', item: 'mask', urgency: 'ordinary', reason: 'twenty beds more',
      asked: 400, askedAt: '2020-01-30T08:00:00+08:00', askedBy: 'beds-a', recordedAt: '2020-01-30T08:00:00+08:00', ...nobody, ...nothing,
    }
    expect([said.status, said.json, said.headers.get('etag')]).toEqual([201, first, '"1"'])
    clock.forward(MINUTE)
    const recommended = { ...first, version: 2, need: 350, recommended: 320, recommendedAt: '2020-01-30T08:01:00+08:00', recommendedBy: 'planner' }
    expect((await send(`/${id}/recommend`, 'planner', { need: 350, recommended: 320 })).json).toEqual(recommended)
    clock.forward(MINUTE)
    // Computed anew, by another.
    const anew = { ...recommended, version: 3, need: 0, recommended: 300, recommendedAt: '2020-01-30T08:02:00+08:00', recommendedBy: 'group' }
    expect((await send(`/${id}/recommend`, 'group', { need: 0, recommended: 300 })).json).toEqual(anew)
    clock.forward(MINUTE)
    const approved = { ...anew, version: 4, state: 'approved', approved: 300, answeredAt: '2020-01-30T08:03:00+08:00', answeredBy: 'commander', answer: 'the rest next week' }
    expect((await send(`/${id}/approve`, 'commander', { units: 300, answer: 'the rest next week' })).json).toEqual(approved)
    const read = await get(`/${id}`, 'rooms-a')
    expect([read.json, read.headers.get('etag')]).toEqual([approved, '"4"'])
    expect(await db.inSnapshot((tx) => integrityFindings(tx))).toEqual([])
  })

  test('what was shipped and received is counted from the orders that name it, of the item and of what stands in for it', async () => {
    const [{ id } = { id: '' }] = rows(await get('?state=approved'))
    await putter(db, clock)(LOTS, { lot: { item: 'mask', place: 'store', lot: null, expiresOn: null, quarantined: false, authority: 'city', released: true, earmark: null, ...SOURCE } })
    const line = { lot: 'lot', ordered: 100 }
    const order = async (number: string, state: AllocationState, lines: readonly (Omit<typeof allocationLine.$inferInsert, 'order' | 'seq' | 'lot' | 'ordered'>)[]) => {
      clock.forward(MINUTE)
      const times = { issuedAt: clock.now(), issuedBy: 'group', shippedAt: clock.now(), endedAt: state === 'shipped' ? null : clock.now() }
      await does(db, clock, 'stores-a', async ({ tx, at, by }) => {
        await tx.insert(allocationOrder).values({ id: number, version: 2, state, kind: 'allocation', request: id, fromPlace: 'store', toPlace: 'a', leavesOn: '2020-01-30', arrivesOn: '2020-01-30', ...times })
        await tx.insert(allocationLine).values(lines.map((one, seq) => ({ ...line, order: number, seq: seq + 1, ...one })))
        const steps = state === 'shipped' ? (['ship'] as const) : (['ship', 'receive'] as const)
        await tx.insert(allocationEvent).values(steps.map((step, i) => ({ order: number, seq: i + 1, step, state, at, recordedAt: at, recordedBy: step === 'ship' ? 'stores-store' : by, note: null, details: {} })))
      })
    }
    await order('D-1', 'received', [
      { item: 'mask', shipped: 100, accepted: 90, damaged: 7, missing: 3, difference: 'wet' },
      { item: 'cloth', shipped: 40, accepted: 40, damaged: 0, missing: 0, substituteFor: 'mask' },
      // Something else on the same lorry.
      { item: 'cloth', shipped: 11, accepted: 11, damaged: 0, missing: 0 },
    ])
    const read = () => get(`/${id}`)
    const at = '2020-01-30T08:04:00+08:00'
    const received = { received: 130, receivedAt: at, receivedBy: 'stores-a' }
    expect((await read()).json).toMatchObject({ shipped: 140, shippedAt: at, shippedBy: 'stores-store', ...received })
    await order('D-2', 'shipped', [{ item: 'mask', shipped: 60 }])
    expect((await read()).json).toMatchObject({ shipped: 200, shippedAt: '2020-01-30T08:05:00+08:00', ...received })
  })

  test('urgent ones that are open come first, then the newest, over pages and filtered', async () => {
    clock.forward(MINUTE)
    const old = await asked({ item: 'cloth', urgency: 'urgent', askedAt: '2020-01-30T07:00:00+08:00' })
    const plain = await asked({ item: 'mask' })
    clock.forward(MINUTE)
    const [newer, other] = [await asked({ place: 'b', urgency: 'urgent' }, 'rooms-b'), await asked({ place: 'b', item: 'cloth' }, 'group')]
    const [approved = ''] = rows(await get('?state=approved')).map(({ id }) => id)
    // Of one moment, the one that was put down last.
    const order = [newer, old, other, plain, approved]
    expect(rows(await get('')).map(({ id }) => id)).toEqual(order)
    const paged: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const { items, next } = (await get(`?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)).json as { items: Row[]; next: string | null }
      paged.push(...items.map(({ id }) => id))
      cursor = next
    }
    expect(paged).toEqual(order)
    const filtered = async (query: string) => rows(await get(`?${query}`)).map(({ id }) => id)
    expect(await filtered('place=b')).toEqual([newer, other])
    expect(await filtered('item=mask&state=open')).toEqual([newer, plain])
    expect(await filtered('urgency=urgent&place=a')).toEqual([old])
    // Answered, it has no turn of its own any more.
    expect((await send(`/${newer}/refuse`, 'group', { answer: 'nine days of cover' })).json).toMatchObject({ state: 'refused', answer: 'nine days of cover', answeredBy: 'group', approved: null })
    expect(await filtered('')).toEqual([old, other, newer, plain, approved])
    await withdrawn(old)
    await withdrawn(plain, 'beds-a')
    await withdrawn(other, 'rooms-b')
    expect((await get(`/${plain}`)).json).toMatchObject({ state: 'withdrawn', answeredBy: 'beds-a', answer: null })
  })

  describe('is refused', () => {
    const body = { place: 'a', item: 'mask', units: 400, urgency: 'ordinary' }
    const either = 'say units (base units), or packing and count: one of the two'
    const badly: [string, object, (string | number)[]][] = [
      ['no quantity', { ...body, units: undefined }, [400, 'invalidInput', either, '/units']],
      ['two quantities', { ...body, packing: 'box', count: 3 }, [400, 'invalidInput', either, '/units']],
      ['a packing without a count', { ...body, units: undefined, packing: 'box' }, [400, 'invalidInput', either, '/units']],
      ['a place that is not there', { ...body, place: 'c' }, [422, 'unknownReference', 'there is no place c', '/place']],
      ['an item that is not there', { ...body, item: 'gown' }, [422, 'unknownReference', 'there is no item gown', '/item']],
      ['a packing that the item has not', { ...body, units: undefined, packing: 'pallet', count: 1 },
        [422, 'wrongReference', 'mask has no packing called pallet; put it down first, or count base units', '/packing']],
      ['the future', { ...body, askedAt: '2020-01-31T00:00:00+08:00' }, [422, 'wrongTime', '2020-01-31T00:00:00+08:00 has not come yet; it is 2020-01-30T08:07:00+08:00 now']],
    ]
    test.each(badly)('%s', async (_name, wrong, said) => expect(refusal(await send('', 'group', wrong))).toEqual(said))

    test('a second one of the same place and item while the first is open', async () => {
      const id = await asked({}, 'stores-a')
      expect(refusal(await send('', 'beds-a', { ...body, units: 9 }))).toEqual([409, 'alreadyExists',
        `request ${id} of a for mask is open, by stores-a at 2020-01-30T08:07:00+08:00; to change it withdraw that one first`])
      await withdrawn(id)
      const again = await asked({ units: 9 }, 'beds-a')
      await withdrawn(again)
    })

    test('one of two that come at once', async () => {
      const said = await Promise.all(['stores-a', 'beds-a', 'group'].map((post) => send('', post, body)))
      expect(said.map(({ status }) => status).sort()).toEqual([201, 409, 409])
      await withdrawn(row(said.find(({ status }) => status === 201) ?? said[0] as Said).id)
    })

    test('for another place, and by whoever may not', async () => {
      expect(refusal(await send('', 'stores-b', body))).toEqual([403, 'forbidden', 'a is outside of what you look after; let them, or the supplies group, do it'])
      expect(refusal(await send('', 'planner', body)).slice(0, 2)).toEqual([403, 'forbidden'])
    })

    test('an approval by who asked, of more than was asked, of another version, and a second answer', async () => {
      const id = await asked({}, 'group')
      expect(refusal(await send(`/${id}/approve`, 'group', { units: 1 }))).toEqual([403, 'ownRequest', 'group asked for this; somebody else answers it'])
      expect(refusal(await send(`/${id}/approve`, 'group-2', { units: 401 }))).toEqual([422, 'wrongFigure',
        '400 were asked for, and 401 are more; to give more let the place withdraw it and ask again', '/units'])
      await send(`/${id}/recommend`, 'planner', { need: 1, recommended: 1 })
      expect(refusal(await send(`/${id}/approve`, 'group-2', { units: 400 }, { 'if-match': '"1"' }))).toEqual([412, 'changedMeanwhile',
        'version 2 stands now, put down by planner at 2020-01-30T08:07:00+08:00; read it again and decide anew'])
      expect((await send(`/${id}/approve`, 'group-2', { units: 400 }, { 'if-match': '"2"' })).status).toBe(200)
      const over = [409, 'stepOutOfOrder', 'the request is approved since 2020-01-30T08:07:00+08:00, by group-2, and does not change; ask anew for what is needed']
      const answers: [string, object | undefined, string][] = [
        ['approve', { units: 3 }, 'commander'], ['refuse', { answer: 'no' }, 'commander'], ['recommend', { need: 3, recommended: 3 }, 'planner'], ['withdraw', undefined, 'stores-a'],
      ]
      for (const [step, answer, post] of answers) expect(refusal(await send(`/${id}/${step}`, post, answer))).toEqual(over)
    })

    test('figures that are none', async () => {
      const id = await asked({}, 'stores-a')
      for (const figures of [{ need: -1, recommended: 3 }, { need: 3, recommended: -1 }, { need: 3 }]) {
        expect((await send(`/${id}/recommend`, 'planner', figures)).status).toBe(400)
      }
      for (const wrong of [{ units: 0 }, { units: 1.5 }, {}]) expect((await send(`/${id}/approve`, 'group', wrong)).status).toBe(400)
      expect((await send(`/${id}/refuse`, 'group', {})).status).toBe(400)
      await withdrawn(id)
    })

    test('each step by whoever may not', async () => {
      const id = await asked({}, 'stores-a')
      const may: Readonly<Record<string, readonly string[]>> = { approve: ['group', 'commander'], refuse: ['group', 'commander'], recommend: ['group', 'planner'], withdraw: ['stores-a', 'beds-a', 'rooms-a'] }
      for (const [step, posts] of Object.entries(may)) {
        for (const post of ['stores-a', 'beds-a', 'rooms-a', 'group', 'planner', 'commander', 'viewer', 'desk'].filter((one) => !posts.includes(one))) {
          expect([step, post, (await send(`/${id}/${step}`, post, step === 'withdraw' ? undefined : {})).status]).toEqual([step, post, 403])
        }
      }
      await withdrawn(id, 'rooms-a')
    })
  })

  test('it is answered by whoever may give out material in the whole city, whatever the way in', async () => {
    const id = await asked({}, 'stores-a')
    for (const [step, body] of [['approve', { units: 3 }], ['refuse', { answer: 'no' }]] as const) {
      expect([step, refusal(await send(`/${id}/${step}`, 'group-a', body)).slice(0, 2)]).toEqual([step, [403, 'forbidden']])
    }
    const { roles, ofCity } = POLICY['approveMaterial'] as Exclude<Rule, string>
    expect([POLICY['refuseMaterial'], ofCity, [...roles].sort()]).toEqual([POLICY['approveMaterial'], true, [...AUTHORITY.material].sort()])
    const who = { id: 'group-a', grants: [{ ...EVERYWHERE, role: 'suppliesGroup' as const, isCity: false, places: new Set(['a']) }] }
    for (const answer of [(act: Act) => approveRequest(act, id, { units: 3, answer: null }), (act: Act) => refuseRequest(act, id, { answer: 'no' })]) {
      const act = (tx: Tx) => beginAct({ tx, who, reach: EVERYWHERE, ifMatch: undefined }, clock, 'tests')
      await expect(db.inTransaction((tx) => answer(act(tx)))).rejects.toMatchObject({ refusal: { code: 'forbidden', text: { en: 'giving out material is for supplies group, commander of the whole city' } } })
    }
    await withdrawn(id)
  })

  test('what another place asks for is as if it were not, but for who asked', async () => {
    const id = await asked({ place: 'b' }, 'group')
    const unseen = [404, 'notFound', `there is no request for material with the id ${id}`]
    expect(refusal(await get(`/${id}`, 'stores-a'))).toEqual(unseen)
    expect(refusal(await send(`/${id}/withdraw`, 'stores-a'))).toEqual(unseen)
    expect(refusal(await send(`/${id}/recommend`, 'planner-a', { need: 3, recommended: 3 }))).toEqual(unseen)
    expect(rows(await get('?state=open', 'stores-a'))).toEqual([])
    expect(rows(await get('?state=open', 'stores-b')).map((one) => one.id)).toEqual([id])
    expect((await get(`/${id}`, 'stores-b')).status).toBe(200)
    await withdrawn(id, 'stores-b')
  })

  test('whoever looks after the place hears of each step, and nobody of another place', async () => {
    const before = await db.inSnapshot(heardSoFar)
    const id = await asked({ place: 'b' }, 'stores-b')
    await send(`/${id}/refuse`, 'group', { answer: 'none left' })
    // Told only when nothing that began before is under way, in any store of the server.
    let changes: readonly Change[] = []
    await expect.poll(async () => (changes = (await db.inSnapshot((tx) => changesAfter(tx, before))).filter(({ subject }) => subject === id)).length, { timeout: 60_000 }).toBe(2)
    const heard = (place: string) => heardBy(db, { isCity: false, units: new Set(), places: new Set([place]), homes: new Set() }, changes)
    expect((await heard('b')).map(({ kind, subject, action }) => [kind, subject, action])).toEqual([
      ['material-requests', id, 'materialRequest.asked'], ['material-requests', id, 'materialRequest.refused'],
    ])
    expect(await heard('a')).toEqual([])
  }, 90_000)

  test('an urgent one that nobody answers rings after sixty minutes, for the group as well, until it is answered', async () => {
    const rings = async (post = 'group') => ((await ask(served.address, '/api/overdue', { headers: { authorization: `Post ${post}` } })).json as { rings: Row[] }).rings
    const [urgent, plain] = [await asked({ urgency: 'urgent' }), await asked({ item: 'cloth' })]
    clock.forward(60 * MINUTE - 1)
    expect(await rings()).toEqual([])
    clock.forward(1)
    const ring = {
      kind: 'notAnswered', text: { zh: '紧急申领无人答复', en: 'an urgent request for material that nobody has answered' }, since: '2020-01-30T09:07:00+08:00',
      severity: null, order: null, allocation: null, state: null, patient: null, toPlace: null, outside: null, vehicle: null, handover: null, toPost: null, plan: null, request: urgent, item: 'mask',
      contact: null, place: 'a', by: null, note: null, lockedAway: null,
    }
    expect(await rings()).toEqual([ring])
    expect(await rings('desk')).toEqual([ring])
    // A recommendation is no answer.
    await send(`/${urgent}/recommend`, 'planner', { need: 350, recommended: 320 })
    expect((await rings()).length).toBe(1)
    expect((await send(`/${urgent}/approve`, 'group', { units: 320 })).status).toBe(200)
    expect(await rings()).toEqual([])
    await withdrawn(plain)
    expect(served.bugs).toEqual([])
  })
})

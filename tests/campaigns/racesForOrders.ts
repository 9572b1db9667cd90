import { codeOf, differs, sameBytes, winners } from './racesJudge.js'
import {
  admission, arriving, bookOf, emptied, idOf, inWard, type Kind, newPool, openStays, ordering, ordersThat, OTHER_PLACE, PATIENTS, PEOPLE, put, type Round, rowsIn, stepping,
} from './racesKind.js'
import type { Said } from '../support/serving.js'
import { type Asking, RACERS, type RaceWorld } from './racesWorld.js'

const HALF = RACERS / 2
/** So many requests of each sort, in an order of chance. */
const mixed = ({ chance }: Round, count: number, ...sorts: readonly ((i: number) => Asking)[]): Asking[] =>
  chance.shuffled(sorts.flatMap((sort) => Array.from({ length: count }, (_, i) => sort(i))))
const pathOf = (asking: Asking | undefined): string => asking?.path.split('/').at(-1) ?? ''
/** How many of the requests to some address succeeded. */
const wonAt = (askings: readonly Asking[], answers: readonly Said[], step: string): number =>
  answers.filter(({ status }, i) => status < 300 && pathOf(askings[i]) === step).length

/** Who is told that a step is out of order is told what the order is, since when and by whom. */
const STATED = { stepOutOfOrder: /order \S+ is [a-z ]+ since 2020-01-30T\S+, by [A-Za-z0-9-]+, so one cannot/ }

/** An order for a patient of the ward to a pool of their own, after some steps. */
async function ordered({ world, chance, name }: Round, steps: readonly string[], staffed = 1): Promise<{ order: string; patient: string }> {
  const patient = chance.one(PATIENTS)
  await newPool(world, name, { staffed, occupied: 0 })
  await inWard(world, [patient])
  const order = idOf(await world.must(ordering(patient, name)))
  for (const step of steps) await world.must(stepping(order, step, step === 'ask-relief' ? { reason: 'noStaff', beds: 1 } : {}))
  return { order, patient }
}
const stateOf = async (world: RaceWorld, order: string) => (await world.read<{ state: string }>(`/api/transfer-orders/${order}`)).state

const lastBed: Kind = {
  name: 'the last bed ordered for 32 patients',
  race: async ({ world, chance, name }) => {
    const staffed = 1 + chance.below(5)
    await newPool(world, name, { staffed, occupied: staffed - 1 })
    await inWard(world, PATIENTS)
    const answers = await world.together(chance.shuffled(PATIENTS).map((patient) => ordering(patient, name)), { gate: chance.next() < 0.5 })
    const [book, live] = [await bookOf(world, name), await ordersThat(world, 'live=true')]
    await emptied(world)
    return [
      ...winners(answers, { won: 201, lost: ['breaksMust'], says: { breaksMust: /\d people for \d usable.*; the newest promise of a bed there was made by \S+ at 2020-\S+ \(2020-01-30-\d+\)/ } }),
      ...differs('the book', book, { held: 1, named: 0 }), ...differs('live orders', live.map(({ pool }) => pool), [name]),
    ]
  },
}

const onePatient: Kind = {
  name: 'one patient ordered into 32 beds',
  race: async ({ world, chance, name }) => {
    const patient = chance.one(PATIENTS)
    await inWard(world, [patient])
    for (const pool of [`${name}-a`, `${name}-b`]) await newPool(world, pool, { staffed: RACERS, occupied: 0 })
    const answers = await world.together(PATIENTS.map((_, i) => ordering(patient, `${name}-${i % 2 === 0 ? 'a' : 'b'}`)), { gate: chance.next() < 0.5 })
    const live = await ordersThat(world, 'live=true')
    const held = await Promise.all(['a', 'b'].map(async (which) => (await bookOf(world, `${name}-${which}`)).held))
    await emptied(world)
    return [
      ...winners(answers, { won: 201, lost: ['alreadyExists'], says: { alreadyExists: /order 2020-01-30-\d+ stands for/ } }),
      ...differs('live orders', live.map((order) => order.patient), [patient]), ...differs('beds held', held.reduce((a, b) => a + b, 0), 1),
    ]
  },
}

const sameKey: Kind = {
  name: 'one key sent 32 times for an order',
  race: async (round) => {
    const { world, chance, name } = round
    const patient = chance.one(PATIENTS)
    await newPool(world, name, { staffed: 3, occupied: 1 })
    await inWard(world, [patient])
    const before = await rowsIn(world, 'transfer_order')
    const asking = { ...ordering(patient, name), key: `order-${name}-${chance.below(1_000_000)}` }
    const answers = await world.together(PATIENTS.map(() => asking), { gate: chance.next() < 0.5 })
    const grown = await rowsIn(world, 'transfer_order') - before
    const { held } = await bookOf(world, name)
    await emptied(world)
    return [...sameBytes(answers), ...differs('status', answers[0]?.status, 201), ...differs('orders, beds held', [grown, held], [1, 1])]
  },
}

const endings: Kind = {
  name: 'one order accepted, dispatched, cancelled and given up by 32',
  race: async (round) => {
    const { world, chance, name } = round
    const { order } = await ordered(round, [])
    const askings = mixed(round, RACERS / 4, () => stepping(order, 'accept'), () => stepping(order, 'dispatch'),
      () => stepping(order, 'cancel', { note: 'no' }), () => stepping(order, 'unwilling', { note: 'the family' }))
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const [accepted, dispatched, cancelled, unwilling] = ['accept', 'dispatch', 'cancel', 'unwilling'].map((step) => wonAt(askings, answers, step))
    const [state, { held }] = [await stateOf(world, order), await bookOf(world, name)]
    await emptied(world)
    return [
      ...winners(answers, { won: 200, wins: 1 + (accepted ?? 0), lost: ['stepOutOfOrder'], says: STATED }),
      ...differs('ends', (dispatched ?? 0) + (cancelled ?? 0) + (unwilling ?? 0), 1),
      ...differs('state', state, dispatched === 1 ? 'dispatched' : cancelled === 1 ? 'cancelled' : 'unwilling'), ...differs('beds held', held, dispatched),
      ...((accepted ?? 0) <= 1 ? [] : [`accepted ${accepted} times`]),
    ]
  },
}

const arriveOrCancel: Kind = {
  name: 'arrive against cancel',
  race: async (round) => {
    const { world, chance, name } = round
    const { order, patient } = await ordered(round, ['accept', 'dispatch'])
    const askings = mixed(round, HALF, () => arriving(round.world, order), () => stepping(order, 'cancel', { note: 'no' }))
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const [book, stays] = [await bookOf(world, name), await openStays(world)]
    await emptied(world)
    return [
      ...winners(answers, { won: 200, lost: ['stepOutOfOrder'], says: STATED }), ...differs('arrived', wonAt(askings, answers, 'arrive'), 1),
      ...differs('the book', book, { held: 0, named: 1 }), ...differs('stays', stays.map((stay) => [stay.case, stay.pool]), [[patient, name]]),
    ]
  },
}

const arriveOrDivert: Kind = {
  name: 'arrive against divert',
  race: async (round) => {
    const { world, chance, name } = round
    const { order, patient } = await ordered(round, ['accept', 'dispatch'])
    await newPool(world, `${name}-other`, { staffed: 1, occupied: 0, place: OTHER_PLACE })
    const askings = mixed(round, HALF, () => arriving(round.world, order), () => stepping(order, 'divert', { pool: `${name}-other`, note: 'nearer' }))
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const diverted = wonAt(askings, answers, 'divert')
    const books = await Promise.all([name, `${name}-other`].map((pool) => bookOf(world, pool)))
    const stays = await openStays(world)
    await emptied(world)
    const [gone, there] = [{ held: 0, named: 0 }, { held: 0, named: 1 }]
    return [
      ...winners(answers, { won: 200, wins: 1 + diverted, lost: ['stepOutOfOrder', 'invalidInput'], says: { ...STATED, invalidInput: /leads there already/ } }),
      ...differs('arrived', wonAt(askings, answers, 'arrive'), 1), ...(diverted <= 1 ? [] : [`diverted ${diverted} times`]),
      ...differs('books', books, diverted === 1 ? [gone, there] : [there, gone]),
      ...differs('stays', stays.map((stay) => [stay.case, stay.pool]), [[patient, diverted === 1 ? `${name}-other` : name]]),
    ]
  },
}

const arrivals: Kind = {
  name: 'one arrival put down by 32',
  race: async (round) => {
    const { world, chance, name } = round
    const { order } = await ordered(round, ['accept', 'dispatch'])
    const answers = await world.together(PATIENTS.map((_, i) => arriving(world, order, `condition ${i}`)), { gate: chance.next() < 0.5 })
    const conditionIn = (json: unknown) => (json as { handover: { condition: string } | null } | undefined)?.handover?.condition
    const kept = conditionIn(await world.read(`/api/transfer-orders/${order}`))
    const book = await bookOf(world, name)
    await emptied(world)
    return [
      ...winners(answers, { won: 200, lost: ['stepOutOfOrder'], says: STATED }),
      ...differs('the handover', kept, conditionIn(answers.find(({ status }) => status === 200)?.json)), ...differs('the book', book, { held: 0, named: 1 }),
    ]
  },
}

/** Two steps that lead out of one state: one of them is taken, once. */
const either = (name: string, before: readonly string[], steps: readonly [string, object][], ends: Readonly<Record<string, readonly [state: string, held: number]>>): Kind => ({
  name,
  race: async (round) => {
    const { world, chance } = round
    const { order } = await ordered(round, before, 2)
    const askings = mixed(round, HALF, ...steps.map(([step, body]) => () => stepping(order, step, body)))
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const [won = ''] = steps.map(([step]) => step).filter((step) => wonAt(askings, answers, step) === 1)
    const [state, { held }] = [await stateOf(world, order), await bookOf(world, round.name)]
    await emptied(world)
    return [...winners(answers, { won: 200, lost: ['stepOutOfOrder'], says: STATED }), ...differs('state, beds held', [state, held], ends[won])]
  },
})
const reliefOrDispatch = either('relief asked for against dispatch', ['accept'], [['ask-relief', { reason: 'noOxygen' }], ['dispatch', {}]],
  { 'ask-relief': ['reliefAsked', 1], dispatch: ['dispatched', 1] })
const upholdOrOverrule = either('relief upheld against overruled', ['ask-relief'], [['uphold', {}], ['overrule', {}]],
  { uphold: ['relieved', 1], overrule: ['accepted', 1] })

const lifted: Kind = {
  name: 'one relief lifted by 32',
  race: async (round) => {
    const { world, chance, name } = round
    const { order } = await ordered(round, ['ask-relief', 'uphold'], 3)
    const answers = await world.together(PATIENTS.map(() => stepping(order, 'lift-relief')), { gate: chance.next() < 0.5 })
    const { held } = await bookOf(world, name)
    await emptied(world)
    return [...winners(answers, { won: 200, lost: ['stepOutOfOrder'], says: { stepOutOfOrder: /is relieved, and the relief lifted, since 2020-01-30T\S+, by local, so/ } }), ...differs('beds held', held, 0)]
  },
}

const byHand: Kind = {
  name: 'a promised bed asked for by hand while its patient arrives',
  race: async (round) => {
    const { world, chance, name } = round
    const { order, patient } = await ordered(round, ['accept', 'dispatch'])
    const askings = chance.shuffled([arriving(world, order), ...PEOPLE.slice(1).map((person) => admission(person, name))])
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const [book, stays] = [await bookOf(world, name), await openStays(world)]
    await emptied(world)
    return [
      ...winners(answers, { won: 200, lost: ['noFreeBed'], says: { noFreeBed: /has no free bed \(0 left, as last put down by \S+ at 2020-\S+(?:; the newest promise of a bed there was made by \S+ at 2020-\S+ \(2020-01-30-\d+\))?\)/ } }),
      ...differs('stays', stays.map((stay) => stay.case), [patient]), ...differs('the book', book, { held: 0, named: 1 }),
    ]
  },
}

const censusOrIssue: Kind = {
  name: 'a census that fills the pool against orders for its last bed',
  race: async (round) => {
    const { world, name, chance } = round
    const patients = PATIENTS.slice(0, HALF)
    await newPool(world, name, { staffed: 3, occupied: 2 })
    await inWard(world, patients)
    const askings = mixed(round, HALF, (i) => ordering(patients[i] ?? '', name), () => put(`/api/pools/${name}/report`, { staffed: 3, occupied: 3 }))
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const [reported, issued] = ['report', 'transfer-orders'].map((step) => wonAt(askings, answers, step))
    const refused = answers.filter((said) => said.status >= 400 && !['breaksMust', 'figureIsOlder'].includes(codeOf(said) ?? ''))
    const [{ held }, pool] = [await bookOf(world, name), await world.read<{ occupied: number }>(`/api/pools/${name}`)]
    await emptied(world)
    return [
      ...refused.map(({ status, text }) => `answered ${status} ${text.slice(0, 300)}`), ...((issued ?? 0) <= 1 ? [] : [`issued ${issued} times`]),
      ...((reported ?? 0) > 0 ? [] : ['nobody could report']),
      // A promise that was made stands, whatever is counted afterwards; after a count that fills the pool none is made.
      ...differs('beds held, people counted', [held, pool.occupied], [issued, 3]),
    ]
  },
}

export const ORDER_RACES: readonly Kind[] = [
  lastBed, onePatient, sameKey, endings, arriveOrCancel, arriveOrDivert, arrivals, reliefOrDispatch, upholdOrOverrule, lifted, byHand, censusOrIssue,
]

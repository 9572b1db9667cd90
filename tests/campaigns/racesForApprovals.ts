import { differs, winners } from './racesJudge.js'
import { bookOf, emptied, idOf, inWard, type Kind, newPool, ordering, ordersThat, PATIENTS, planAsked, post, type Round, stepping } from './racesKind.js'
import type { Wanted } from './drafted.js'
import { runsOver } from './racesForPlans.js'
import { type Asking, RACERS, type RaceWorld } from './racesWorld.js'

const HALF = RACERS / 2
/** Longer than other races ask for, so that nobody else's plan moves anybody. */
const SECONDS = 400

/** A draft that moves these people, asked for by the post of every race. */
async function drafted(world: RaceWorld, wanted: readonly Wanted[], which = 0): Promise<string> {
  world.planner.wanted.set(SECONDS + which, wanted)
  const run = idOf(await world.must(planAsked(SECONDS + which)))
  await runsOver(world)
  return run
}

const approving = (run: string, i: number): Asking => ({ ...post(`/api/plan-runs/${run}/approve`, {}), headers: { authorization: `Post approver-${i}` } })
const withdrawing = (run: string, i: number): Asking => ({ ...post(`/api/plan-runs/${run}/withdraw`, { note: 'no' }), headers: { authorization: `Post commander-${i}` } })
const each = (count: number, make: (i: number) => Asking): Asking[] => Array.from({ length: count }, (_, i) => make(i))
const DECIDED = /plan \S+ was (?:approved by approver-\d+|withdrawn by commander-\d+|superseded by approver-\d+) at 2020-01-30T/

/** Patients in the ward, each wanted in the same pool. */
async function waiting({ world, chance, name }: Round, { count, beds }: { count: number; beds: number }): Promise<Wanted[]> {
  const patients = chance.shuffled(PATIENTS).slice(0, count)
  await newPool(world, name, { staffed: beds, occupied: 0 })
  await inWard(world, patients)
  return patients.map((patient) => ({ patient, pool: name }))
}

const approvals: Kind = {
  name: 'one draft approved by 32 posts',
  race: async (round) => {
    const { world, chance, name } = round
    const count = 1 + chance.below(5)
    const run = await drafted(world, await waiting(round, { count, beds: count }))
    const answers = await world.together(each(RACERS, (i) => approving(run, i)), { gate: chance.next() < 0.5 })
    const [live, { held }] = [await ordersThat(world, 'live=true'), await bookOf(world, name)]
    await emptied(world)
    return [
      ...winners(answers, { won: 200, lost: ['planIsDecided'], says: { planIsDecided: DECIDED } }),
      ...differs('live orders, beds held', [live.length, held], [count, count]), ...differs('numbers', new Set(live.map(({ id }) => id)).size, count),
    ]
  },
}

const twoDrafts: Kind = {
  name: 'two drafts for one bed approved at once',
  race: async (round) => {
    const { world, chance, name } = round
    const [one, other] = await waiting(round, { count: 2, beds: 1 })
    if (one === undefined || other === undefined) throw new Error('two were asked for')
    const runs = [await drafted(world, [one], 0), await drafted(world, [other], 1)]
    const askings = chance.shuffled(runs.flatMap((run) => each(HALF, (i) => approving(run, i))))
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const [live, { held }] = [await ordersThat(world, 'live=true'), await bookOf(world, name)]
    await emptied(world)
    return [
      ...winners(answers, { won: 200, lost: ['planIsDecided', 'planIsStale'], says: { planIsDecided: DECIDED, planIsStale: /\d people for \d usable.*; the newest promise of a bed there was made by \S+ at 2020-\S+ \(2020-01-30-\d+\)/ } }),
      ...differs('live orders, beds held', [live.length, held], [1, 1]),
    ]
  },
}

const approveOrWithdraw: Kind = {
  name: 'one plan approved against withdrawn',
  race: async (round) => {
    const { world, chance, name } = round
    const run = await drafted(world, await waiting(round, { count: 2, beds: 2 }))
    const askings = chance.shuffled([...each(HALF, (i) => approving(run, i)), ...each(HALF, (i) => withdrawing(run, i))])
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const won = (path: string) => answers.filter(({ status }, i) => status === 200 && askings[i]?.path.endsWith(path)).length
    const [live, { held }] = [await ordersThat(world, 'live=true'), await bookOf(world, name)]
    await emptied(world)
    const left = won('withdraw') === 1 ? 0 : 2
    return [
      ...winners(answers, { won: 200, wins: 1 + won('withdraw'), lost: ['planIsDecided', 'notFound'], says: { planIsDecided: DECIDED } }),
      ...differs('approved', won('approve'), 1), ...(won('withdraw') <= 1 ? [] : ['withdrawn twice']), ...differs('live orders, beds held', [live.length, held], [left, left]),
    ]
  },
}

const approveOrCancel: Kind = {
  name: 'a draft approved against the cancelling of its patient\'s order',
  race: async (round) => {
    const { world, chance, name } = round
    const [wanted] = await waiting(round, { count: 1, beds: 1 })
    if (wanted === undefined) throw new Error('one was asked for')
    const run = await drafted(world, [wanted])
    await newPool(world, `${name}-other`, { staffed: 1, occupied: 0 })
    const order = idOf(await world.must(ordering(wanted.patient, `${name}-other`)))
    const askings = chance.shuffled([...each(HALF, (i) => approving(run, i)), ...each(HALF, () => stepping(order, 'cancel', { note: 'by plan' }))])
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const won = (path: string) => answers.filter(({ status }, i) => status === 200 && askings[i]?.path.endsWith(path)).length
    const live = await ordersThat(world, 'live=true')
    const held = await Promise.all([name, `${name}-other`].map(async (pool) => (await bookOf(world, pool)).held))
    await emptied(world)
    return [
      ...winners(answers, {
        won: 200, wins: 1 + won('approve'), lost: ['planIsDecided', 'planIsStale', 'stepOutOfOrder'],
        says: { planIsDecided: DECIDED, planIsStale: new RegExp(`order ${order} stands for them`), stepOutOfOrder: /is cancelled since .*, by local/ },
      }),
      ...differs('cancelled', won('cancel'), 1), ...(won('approve') <= 1 ? [] : ['approved twice']),
      ...differs('live orders', live.map(({ pool }) => pool), won('approve') === 1 ? [name] : []), ...differs('beds held', held, [won('approve'), 0]),
    ]
  },
}

export const APPROVAL_RACES: readonly Kind[] = [approvals, twoDrafts, approveOrWithdraw, approveOrCancel]

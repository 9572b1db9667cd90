import { shipmentOf } from './drafted.js'
import { itemOf, lying, stepping, stocked } from './racesForGoods.js'
import { runsOver } from './racesForPlans.js'
import { differs, winners } from './racesJudge.js'
import { idOf, type Kind, OTHER_PLACE, PLACE, planAsked, post, type Round, SITES } from './racesKind.js'
import { type Asking, RACERS } from './racesWorld.js'

const HALF = RACERS / 2
/** Longer than other races ask for, so that nobody else's plan sends anything. */
const SECONDS = 500
const STOCK = 700
const [FIRST, SECOND] = [230, 170]

/** A draft that sends so much of one lot to each of so many places, asked for by the post of every race. */
async function drafted(round: Round, sent: readonly number[]): Promise<string> {
  const { world } = round
  const { lot } = await stocked(world, itemOf(round), STOCK)
  const to = [OTHER_PLACE, ...SITES]
  world.planner.shipments.set(SECONDS, sent.map((units, i) =>
    shipmentOf(`S000${i + 1}`, { from: PLACE, to: to[i] ?? '', day: '2020-01-30', lines: [{ row: lot, item: itemOf(round), units }] })))
  const run = idOf(await world.must(planAsked(SECONDS)))
  await runsOver(world)
  return run
}

const as = (who: string, asking: Asking): Asking => ({ ...asking, headers: { authorization: `Post ${who}` } })
const approving = (run: string, i: number): Asking => as(`approver-${i}`, post(`/api/plan-runs/${run}/approve-allocation`, {}))
const withdrawing = (run: string, i: number): Asking => as(`commander-${i}`, post(`/api/plan-runs/${run}/withdraw-allocation`, { note: 'no' }))
const each = (count: number, make: (i: number) => Asking): Asking[] => Array.from({ length: count }, (_, i) => make(i))
const DECIDED = /the material of plan \S+ was (?:approved by approver-\d+|withdrawn by commander-\d+) at 2020-01-30T/

interface Approved {
  readonly orders: readonly string[]
}
/** Orders of a plan whose material is approved. */
async function approved(round: Round, sent: readonly number[]): Promise<{ run: string; orders: readonly string[] }> {
  const run = await drafted(round, sent)
  const { orders } = (await round.world.must(approving(run, 99))).json as Approved
  return { run, orders }
}

const withdrawnTwice: Kind = {
  name: 'the material of a plan withdrawn by 32 posts',
  race: async (round) => {
    const { world, chance } = round
    const { run } = await approved(round, [FIRST, SECOND])
    const answers = await world.together(each(RACERS, (i) => withdrawing(run, i)), { gate: chance.next() < 0.5 })
    return [
      ...winners(answers, { won: 200, lost: ['planIsDecided'], says: { planIsDecided: DECIDED } }),
      ...differs('there', await lying(world, itemOf(round)), [`${PLACE} ${STOCK} 0`]),
    ]
  },
}

const shippedOrWithdrawn: Kind = {
  name: 'the only order of a plan shipped against the withdrawal of its material',
  race: async (round) => {
    const { world, chance } = round
    const { run, orders: [order = ''] } = await approved(round, [FIRST])
    const askings = chance.shuffled([...each(HALF, () => stepping(order, 'ship')), ...each(HALF, (i) => withdrawing(run, i))])
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const { state } = await world.read<{ state: string }>(`/api/allocation-orders/${order}`)
    return [
      ...winners(answers, { won: 200, lost: ['stepOutOfOrder', 'planIsDecided', 'ordersAreOut'], says: { planIsDecided: DECIDED, ordersAreOut: new RegExp(order) } }),
      ...differs('there', await lying(world, itemOf(round)), [`${PLACE} ${state === 'shipped' ? STOCK - FIRST : STOCK} 0`]),
    ]
  },
}

const oneShippedOrWithdrawn: Kind = {
  name: 'one of two orders of a plan shipped against the withdrawal of its material',
  race: async (round) => {
    const { world, chance } = round
    const { run, orders: [order = '', other = ''] } = await approved(round, [FIRST, SECOND])
    const askings = chance.shuffled([...each(HALF, () => stepping(order, 'ship')), ...each(HALF, (i) => withdrawing(run, i))])
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const stateOf = async (id: string) => (await world.read<{ state: string }>(`/api/allocation-orders/${id}`)).state
    const [state, { state: ofPlan, ordersOut }] = [await stateOf(order), await world.read<{ state: string; ordersOut: string[] }>(`/api/plan-runs/${run}/allocation`)]
    const isOut = state === 'shipped'
    return [
      // The plan is withdrawn once, whoever comes first; its order is shipped or cancelled.
      ...winners(answers, { won: 200, wins: isOut ? 2 : 1, lost: ['stepOutOfOrder', 'planIsDecided'], says: { planIsDecided: DECIDED } }),
      ...differs('the plan and its orders', [ofPlan, ordersOut, state, await stateOf(other)], ['withdrawn', isOut ? [order] : [], isOut ? 'shipped' : 'cancelled', 'cancelled']),
      ...differs('there', await lying(world, itemOf(round)), [`${PLACE} ${isOut ? STOCK - FIRST : STOCK} 0`]),
    ]
  },
}

const approvedOrWithdrawn: Kind = {
  name: 'the material of a plan approved against withdrawn',
  race: async (round) => {
    const { world, chance } = round
    const run = await drafted(round, [FIRST, SECOND])
    const askings = chance.shuffled([...each(HALF, (i) => approving(run, i)), ...each(HALF, (i) => withdrawing(run, i))])
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const won = (path: string) => answers.filter(({ status }, i) => status === 200 && askings[i]?.path.endsWith(path)).length
    const [approvals, withdrawals] = [won('/approve-allocation'), won('/withdraw-allocation')]
    return [
      ...winners(answers, { won: 200, wins: 1 + withdrawals, lost: ['planIsDecided', 'notFound'], says: { planIsDecided: DECIDED } }),
      ...differs('approved', approvals, 1), ...(withdrawals <= 1 ? [] : ['withdrawn twice']),
      ...differs('there', await lying(world, itemOf(round)), [`${PLACE} ${STOCK} ${withdrawals === 1 ? 0 : FIRST + SECOND}`]),
    ]
  },
}

export const WITHDRAWAL_RACES: readonly Kind[] = [withdrawnTwice, shippedOrWithdrawn, oneShippedOrWithdrawn, approvedOrWithdrawn]

import { ship } from '../../src/dispatch/material/commands.js'
import { allocationNumber } from '../../src/dispatch/material/store.js'
import { withdrawAllocation } from '../../src/dispatch/material/withdrawing.js'
import { approveAllocation } from '../../src/dispatch/material/approving.js'
import { takeOut } from '../../src/supplies/noteCommands.js'
import { dayOf } from '../../src/kernel/time.js'
import { GOODS } from './interleaveWorld.js'
import type { Pair, Prepared, Work } from './interleavePairs.js'

const approves = (run: string): Work => (act) => approveAllocation(act, run, { struck: [] })
const withdraws = (run: string): Work => (act) => withdrawAllocation(act, run, 'not any more')
/** The first order of material that the store has issued, or the one after it. */
const shipsOf = ({ clock }: Prepared, number: 1 | 2): Work => (act) => ship(act, allocationNumber(dayOf(clock.now()), number), { lines: [] })

/** Pairs about the material of a plan. */
export const GOODS_PAIRS: readonly Pair[] = [
  {
    name: 'the material of a plan approved twice',
    works: ({ goods: { two } }) => [approves(two), approves(two)], lawful: [['ok', 'planIsDecided'], ['planIsDecided', 'ok']],
  },
  {
    name: 'material withdrawn twice', before: ({ goods: { two } }) => [approves(two)],
    works: ({ goods: { two } }) => [withdraws(two), withdraws(two)], lawful: [['ok', 'planIsDecided'], ['planIsDecided', 'ok']],
  },
  {
    name: 'material withdrawn and one of two orders shipped', before: ({ goods: { two } }) => [approves(two)],
    works: (prepared) => [withdraws(prepared.goods.two), shipsOf(prepared, 1)],
    // Shipped first, the other order is withdrawn.
    lawful: [['ok', 'ok'], ['ok', 'stepOutOfOrder']],
  },
  {
    name: 'material withdrawn and its only order shipped', before: ({ goods: { one } }) => [approves(one)],
    works: (prepared) => [withdraws(prepared.goods.one), shipsOf(prepared, 1)], lawful: [['ok', 'stepOutOfOrder'], ['ordersAreOut', 'ok']],
  },
  {
    name: 'material withdrawn and approved',
    works: ({ goods: { two } }) => [withdraws(two), approves(two)], lawful: [['ok', 'ok'], ['notFound', 'ok']],
  },
  {
    // What is promised is not used; once it is free again it may be.
    name: 'material withdrawn and used up', before: ({ goods: { two } }) => [approves(two)],
    works: ({ goods: { two } }) => [
      withdraws(two),
      (act) => takeOut(act, { place: GOODS.from, kind: 'consumption', party: null, note: null, lines: [{ item: GOODS.item, lot: null, packing: null, count: GOODS.units }] }),
    ],
    lawful: [['ok', 'ok'], ['ok', 'notEnoughStock']],
  },
  {
    // Whoever began earlier and waited writes down their withdrawal after the shipment that they waited for.
    name: 'an older withdrawal of material and a shipment', before: ({ goods: { two } }) => [approves(two)], at: [1, 5000],
    works: (prepared) => [withdraws(prepared.goods.two), shipsOf(prepared, 2)], lawful: [['ok', 'ok'], ['ok', 'stepOutOfOrder']],
  },
]

import type { Tx } from '../db/database.js'
import { overdueAllocation } from '../dispatch/material/rings.js'
import { allocationsThatMayRing, issuedAllocationsWithoutPaper, linesOfAllocations, lockedAwayIn } from '../dispatch/material/store.js'
import { instantOf } from '../kernel/time.js'
import { requestsInHand } from '../supplies/requestStore.js'
import type { Open } from './handover.js'
import { type Ring, requestRing } from './rings.js'

const asSaid = (rings: readonly Pick<Ring, 'kind' | 'since'>[]) => rings.map(({ kind, since }) => ({ kind, since: instantOf(since) }))

/** What of material is open: of the city, or of one place, whether it sends or receives. */
export async function materialInShift(tx: Tx, place: string | null, now: Date): Promise<Pick<Open, 'allocations' | 'requests' | 'withoutPaper'>> {
  const orders = await allocationsThatMayRing(tx, place)
  const lines = await linesOfAllocations(tx, orders.map(({ id }) => id))
  const locked = await lockedAwayIn(tx, orders)
  const plans = place === null ? await issuedAllocationsWithoutPaper(tx) : []
  return {
    allocations: orders.flatMap((order) => {
      const { id, state, fromPlace: from, toPlace: to, leavesOn, arrivesOn } = order
      if (state !== 'issued' && state !== 'shipped') return []
      const units = new Map<string, number>()
      for (const { item, ordered, shipped } of lines.get(id) ?? []) units.set(item, (units.get(item) ?? 0) + (shipped ?? ordered))
      const rings = asSaid(overdueAllocation({ ...order, lockedAwayAt: locked.get(id)?.[0]?.at ?? null }, now))
      return [{ order: id, state, from, to, leavesOn, arrivesOn, items: [...units].map(([item, count]) => ({ item, units: count })), rings }]
    }),
    requests: (await requestsInHand(tx, place)).flatMap((request) => {
      const { id, state, place: of, item, urgency, asked, approved, askedAt, answeredAt } = request
      if (state !== 'open' && state !== 'approved') return []
      return [{ request: id, state, place: of, item, urgency, asked, approved, since: instantOf(answeredAt ?? askedAt), rings: asSaid(requestRing(request, now)) }]
    }),
    withoutPaper: [
      ...plans.map(({ run: id, phone }) => ({ kind: 'material' as const, id, phone })),
      ...orders.filter(({ confirmedAt }) => confirmedAt === null).map(({ id, phone }) => ({ kind: 'allocationOrder' as const, id, phone })),
    ].flatMap(({ kind, id, phone }) => (phone === null ? [] : [{ kind, id, ...phone }])),
  }
}

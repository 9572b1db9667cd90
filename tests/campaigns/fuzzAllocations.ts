import type { Asking } from './fuzzAsking.js'
import { APPROVER, CONFIRMER, newKey } from './fuzzDraft.js'
import type { Found } from './fuzzFound.js'
import { COMES_AND_GOES, FUZZ_STORE } from './fuzzGoods.js'
import { jsonOf } from './fuzzJudge.js'
import type { Heard } from './fuzzSend.js'

const PHONE = { calledPost: 'desk', answeredPost: 'fuzz-group', at: '2020-01-30T08:00:00+08:00' }
const ORDER = { kind: 'allocation', from: FUZZ_STORE, to: 'geli', lines: [{ item: COMES_AND_GOES, count: 5 }], reason: '断供' }

/** Bodies of allocation orders and of their steps that are taken. */
export function bodyOfAllocation(operation: string): Record<string, unknown> | null {
  switch (operation) {
    case 'issueAllocation': return ORDER
    case 'approveAllocation': return { struck: [] }
    case 'shipAllocationOrder': return { vehicle: '渝A-物资3' }
    case 'receiveAllocationOrder': return {}
    case 'loseAllocationOrder': case 'cancelAllocationOrder': case 'withdrawAllocation': return { note: '不需要' }
    default: return null
  }
}

/** Which order or run an operation can be done to; null: it is about neither. */
export function idOfAllocation(operation: string, found: Found): string | null {
  const last = (collection: string) => found.of(collection).at(-1) ?? null
  switch (operation) {
    case 'shipAllocationOrder': case 'cancelAllocationOrder': return last('allocation-orders/issued')
    case 'receiveAllocationOrder': case 'loseAllocationOrder': return last('allocation-orders/shipped')
    case 'confirmAllocation': case 'withdrawAllocation': case 'getAllocation': return last('plan-runs/allocated')
    case 'approveAllocation': return last('plan-runs/done')
    default: return null
  }
}

/** What cannot be done again: an order that is over, a plan whose material was approved and withdrawn; null: it is about neither. */
export function overOfAllocation(operation: string, found: Found): string | null {
  if (['approveAllocation', 'confirmAllocation', 'withdrawAllocation'].includes(operation)) return found.of('plan-runs/allocated')[0] ?? null
  return operation.endsWith('AllocationOrder') ? found.of('allocation-orders/over')[0] ?? null : null
}

/** The life of allocation orders, each step once, and of the material of a plan, as a supplies group would go through it. */
export async function carryOutAllocations(asking: Asking, plan: () => Promise<{ run: string; phone: object }>): Promise<void> {
  const send = (id: string, of: string | null, json?: object): Promise<Heard> => {
    const operation = asking.document.named(id)
    const headers: Record<string, string> = { authorization: ['confirm', 'receive', 'lose'].some((step) => id.startsWith(step)) ? CONFIRMER : APPROVER }
    if (operation.method !== 'GET') headers['idempotency-key'] = newKey()
    if (json !== undefined) headers['content-type'] = 'application/json'
    const segments = operation.segments.map((segment) => (segment === '{id}' ? encodeURIComponent(of ?? '') : segment))
    return asking.send({ method: operation.method, segments, query: [], headers, ...(json === undefined ? {} : { json }), told: ['carried out'] })
  }
  const issued = async (more: object = {}): Promise<string> => (jsonOf((await send('issueAllocation', null, { ...ORDER, ...more })).text) as { id: string }).id
  const step = (name: string, of: string, body: object = {}) => send(`${name}AllocationOrder`, of, body)
  const [received, lost, cancelled, phoned] = [await issued(), await issued(), await issued(), await issued({ phone: PHONE })]
  for (const id of [received, lost]) await step('ship', id, { lines: [{ seq: 1, units: 4 }] })
  await step('receive', received, { lines: [{ seq: 1, accepted: 2, damaged: 1, missing: 1, difference: 'wet', missingDifference: 'short' }] })
  await step('lose', lost, { note: '途中失火' })
  await step('cancel', cancelled, { note: '不需要' })
  await send('confirmAllocationOrder', phoned, {})
  for (const read of ['getAllocationOrder', 'listAllocationEvents', 'getAllocationForm']) await send(read, received)
  const { run, phone } = await plan()
  await send('approveAllocation', run, { struck: [], phone })
  asking.found.add('plan-runs/allocated', run)
  await send('confirmAllocation', run)
  await send('withdrawAllocation', run, { note: '改期' })
  await send('getAllocation', run)
}

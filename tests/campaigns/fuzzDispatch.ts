import type { Asking } from './fuzzAsking.js'
import { carryOutAllocations } from './fuzzAllocations.js'
import { APPROVER, CONFIRMER, newKey } from './fuzzDraft.js'
import type { Heard } from './fuzzSend.js'
import { jsonOf } from './fuzzJudge.js'

const LOOKS_MAX = 400
const LOOK_MILLISECONDS = 50
const handedOver = (at: string) => ({
  condition: '平稳', treatment: '吸氧', belongings: '无', sender: { post: 'ward', at }, crew: { post: 'crew', at }, receiver: { post: 'door', at },
})

/** The life of two plans and of their orders, each step once, as a desk would go through it. */
export async function carryOut(asking: Asking): Promise<void> {
  const send = (id: string, of: string | null, json?: object, authorization = APPROVER): Promise<Heard> => {
    const operation = asking.document.named(id)
    const headers: Record<string, string> = { authorization }
    if (operation.method !== 'GET') headers['idempotency-key'] = newKey()
    if (json !== undefined) headers['content-type'] = 'application/json'
    const segments = operation.segments.map((segment) => (segment === '{id}' ? encodeURIComponent(of ?? '') : segment))
    return asking.send({ method: operation.method, segments, query: [], headers, ...(json === undefined ? {} : { json }), told: ['carried out'] })
  }
  /** A plan, and a call of the moment at which there was one. */
  const planned = async (): Promise<{ run: string; phone: object }> => {
    const { id: run } = jsonOf((await send('askForPlan', null, { secondOpinion: false, seconds: 5 }, 'Post local')).text) as { id: string }
    let at = ''
    for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
      const { state, finishedAt } = jsonOf((await send('getPlanRun', run)).text) as { state: string; finishedAt: string | null }
      if (finishedAt !== null) at = finishedAt
      if (state !== 'queued' && state !== 'running') break
      await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS))
    }
    return { run, phone: { calledPost: 'desk', answeredPost: 'fuzz-group', at } }
  }
  const approved = async (): Promise<{ run: string; orders: readonly string[]; phone: object }> => {
    const { run, phone } = await planned()
    const { orders = [] } = jsonOf((await send('approvePlan', run, { phone })).text) as { orders?: string[] }
    asking.found.add('plan-runs/issued', run)
    return { run, orders, phone }
  }
  const first = await approved()
  await send('withdrawPlan', first.run, { note: '改期' })
  const { run, orders, phone } = await approved()
  await send('confirmPlan', run, undefined, CONFIRMER)
  await send('getApproval', run)
  const [closed = '', relieved = '', overruled = '', diverted = '', cancelled = '', unwilling = '', died = '', returned = ''] = orders
  for (const id of [relieved, overruled]) await send('askReliefOrder', id, { reason: 'noStaff' })
  await send('upholdOrder', relieved, {})
  await send('liftOrder', relieved, {})
  await send('overruleOrder', overruled, {})
  await send('cancelOrder', cancelled, { note: '不需要' })
  await send('unwillingOrder', unwilling, { note: '不愿' })
  for (const id of [closed, diverted, died, returned]) for (const step of ['acceptOrder', 'dispatchOrder']) await send(step, id, {})
  await send('worsenOrder', died, { severity: 'severe' })
  await send('dieOrder', died, { note: '无效' })
  await send('turnBackOrder', returned, { reason: 'roadClosed' })
  const stays = String(asking.found.body('transfer-orders', unwilling)?.['patient'])
  for (const asked of ['requestTransfer', 'withdrawRequest']) await send(asked, stays, {}, 'Post local')
  const dead = String(asking.found.body('transfer-orders', died)?.['patient'])
  await send('requestTransfer', dead, {}, 'Post local')
  await send('signTravelException', dead, { until: '2020-01-31T00:00:00+08:00' })
  for (const pool of ['phc/ordinary', 'sanxia/ordinary', 'yongchuan/ordinary', 'qianjiang/ordinary']) await send('divertOrder', diverted, { pool, note: '改送' })
  await send('divertOrder', diverted, { outside: '成都市公共卫生临床医疗中心', note: '转往外地' })
  const { dispatchedAt } = jsonOf((await send('getTransferOrder', closed)).text) as { dispatchedAt: string }
  await send('arriveOrder', closed, { handover: handedOver(dispatchedAt) })
  await send('decontaminateOrder', closed, {})
  asking.found.add('transfer-orders/closed', closed)
  await carryOutAllocations(asking, planned)
  // Whoever was to be moved and now is not may be moved by an order of their own, from whoever asked for no plan.
  const { patient, pool } = asking.found.body('transfer-orders', cancelled) ?? {}
  for (const vehicle of asking.found.of('vehicles')) {
    const said = await send('issueOrder', null, { patient, pool, reason: 'worsened', vehicle, leavesBase: '2020-01-30T13:00:00+08:00', phone }, CONFIRMER)
    if (said.status !== 201) continue
    await send('confirmOrder', (jsonOf(said.text) as { id: string }).id, {})
    return
  }
}

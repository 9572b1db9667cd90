import { type Draw } from './modelChance.js'
import { asks, type DrawCommand, rather, said } from './modelDrawCommon.js'
import { phoneOf } from './modelDrawOrders.js'
import { linesOf } from './modelPlans.js'
import { isLive, openStayOf, type Run, type State } from './modelState.js'
import { type Command, dayLater, dayOf, type Fields, HOUR } from './modelWords.js'

export const ask: DrawCommand = (draw, state) => {
  const today = dayOf(state.now)
  // A plan of today is stale with the first departure that has passed; one of tomorrow keeps.
  if (draw.chance(35)) return asks('askForPlan', null, { secondOpinion: false, planDay: dayLater(today, 1) })
  const odd = draw.of<Fields>([
    { planDay: today }, { require: ['concentrated'] }, { require: ['concentrated'] }, { require: ['severe', 'critical'] }, { policy: { safeFillPerMille: 800 } },
    { asOf: said(draw, state.now - draw.below(5 * HOUR)) }, { planDay: '2020-02-04' }, { asOf: said(draw, state.now + HOUR) },
  ])
  return asks('askForPlan', null, { secondOpinion: false, ...(draw.chance(60) ? {} : odd) })
}

const isOpen = (state: State, { id, draft }: Run): boolean => draft !== null && !state.plans.has(id)
/** The newest draft that decides something and waits for whoever decides. */
export const waiting = (state: State): Run | undefined =>
  [...state.runs.values()].findLast((run) => isOpen(state, run) && run.draft !== null && run.draft.exit !== 3 && String(run.draft.plan['planDay']) >= dayOf(state.now) && decidedBy(run).length > 0)
const decidedBy = ({ draft }: Run): string[] => (draft === null ? [] : linesOf(draft.plan, new Set()).moves.map(({ patient }) => patient))

/** Something that makes a draft stale: somebody of it is moved, leaves, gets worse, or finds their bed taken. */
export const spoil: DrawCommand = (draw, state) => {
  const run = waiting(state)
  const patient = run === undefined ? 'nobody' : draw.of(decidedBy(run))
  const stay = openStayOf(state, patient)
  const going = run?.draft == null ? undefined : linesOf(run.draft.plan, new Set()).moves.find((move) => move.patient === patient)
  const leaves = asks('endStay', stay?.id ?? 'no-stay', { ending: 'left' })
  const ways: Command[] = [
    leaves, leaves, asks('move', stay?.id ?? 'no-stay', { place: 'dist', pool: stay?.pool === 'dist/ordinary' ? null : 'dist/ordinary' }),
    asks('reassessCase', patient, { severity: draw.of(['severe', 'ordinary', 'critical']) }), asks('reassessCase', patient, { severity: 'ordinary', status: 'suspected' }),
    asks('reportBeds', going?.pool ?? 'nowhere', { staffed: 2, occupied: 2, physical: 5 }),
  ]
  return draw.of(ways)
}

/** A draft that waits, rather the newest; a line of it struck, or approved by phone. */
export const approve: DrawCommand = (draw, state) => {
  const runs = [...state.runs.values()]
  const open = runs.filter((run) => isOpen(state, run))
  const run = draw.chance(2) ? undefined : open.length > 0 && draw.chance(60) ? waiting(state) ?? open.at(-1) : rather(draw, runs, 60, (one) => isOpen(state, one))
  const decided = run === undefined ? [] : decidedBy(run)
  const struck = decided.filter(() => draw.chance(15))
  const strike = draw.chance(4) ? ['U1-99'] : struck
  const { phone } = phoneOf(draw, state, 25)
  const call = draw.chance(10) && run !== undefined ? { ...phone as Fields, answeredPost: run.by } : phone
  return asks('approvePlan', run?.id ?? 'no-run', {
    ...(strike.length > 0 || draw.chance(20) ? { strike: strike.map((patient) => ({ patient, reason: 'the family asks for a day' })) } : {}),
    ...(draw.chance(30) ? { note: 'first of the day' } : {}), ...(draw.chance(45) ? { phone: call } : {}),
  })
}

/** Rather one of which orders are under way. */
const somePlan = (draw: Draw, state: State): string => {
  const ofOrders = [...state.orders.values()].flatMap(({ plan, now }) => (plan !== null && (isLive(now.state) || now.dispatchedAt !== null) && state.plans.get(plan)?.state === 'approved' ? [plan] : []))
  if (ofOrders.length > 0 && draw.chance(70)) return draw.of(ofOrders)
  const plan = rather(draw, [...state.plans.values()].filter(({ brought }) => !brought), 75, ({ state: is }) => is === 'approved')
  return draw.chance(5) || plan === undefined ? [...state.runs.keys()].at(-1) ?? 'no-run' : plan.id
}
export const confirm: DrawCommand = (draw, state) => {
  const called = [...state.plans.values()].filter(({ phone, confirmed }) => phone !== null && confirmed === null)
  return asks('confirmPlan', called.length > 0 && draw.chance(75) ? draw.of(called).id : somePlan(draw, state))
}
export const withdraw: DrawCommand = (draw, state) => asks('withdrawPlan', somePlan(draw, state), { note: 'the road is closed' })
export const cancel: DrawCommand = (draw, { runs }) => asks('cancelPlanRun', runs.size === 0 || draw.chance(10) ? 'no-run' : draw.of([...runs.keys()].slice(-2)))

import { byCodeUnits } from '../../../kernel/canonical.js'
import { ORDER_STATES } from '../../../planning/scenario.js'
import { rowOf } from '../../../planning/faults/faultList.js'
import { type Line, section, table } from '../layout.js'
import { nameOf, type PlanView, rideOf, say } from '../planView.js'
import { COLUMNS, HEADINGS } from '../words.js'

/** What was issued before, with the vehicle and times that the plan reckoned with: who rides along has none here, nor has what nobody expects back. */
export function standingSection(view: PlanView): Line[] {
  const { order, vehicle, leavesBase, clean, patient, to, state } = COLUMNS
  const { orders, pools } = view.scenario
  const rows = Object.entries(orders).sort(([a], [b]) => byCodeUnits(a, b)).map(([id, one]) => {
    const ride = rideOf(view, id)
    const place = one.pool === null ? null : rowOf(pools, one.pool)?.place ?? one.pool
    return [id, ride?.vehicle ?? '—', ride?.leaves ?? '—', ride?.clean ?? '—', one.patient, say(view, ORDER_STATES[one.state]), place === null ? one.outside ?? '' : nameOf(view, place)]
  })
  return section(say(view, HEADINGS.standing), table({ header: [order, vehicle, leavesBase, clean, patient, state, to].map((column) => say(view, column)), rows }))
}

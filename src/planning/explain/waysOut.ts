import { byCodeUnits } from '../../kernel/canonical.js'
import { isKnown } from '../../kernel/quantity.js'
import { usableBeds } from '../../facilities/beds.js'
import type { Easing } from '../model.js'
import type { Decision } from './decisions.js'
import type { Eased } from './eased.js'

/** So much of an easing was bought. */
export interface Bought {
  readonly easing: Easing
  readonly amount: number
}

/** What was bought as a decision about the scenario. `x` says who profits. */
export function decisionOf(eased: Eased, { easing: { kind, subject }, amount }: Bought, x: readonly number[]): Decision {
  const { world } = eased
  const decided = (figure: number, people: readonly string[] = []): Decision => ({ kind, subject, figure, people })
  switch (kind) {
    case 'staffBeds': {
      const pool = world.pool(subject)
      const taken = [pool.occupied, pool.held].reduce<number>((n, figure) => n + (isKnown(figure) ? figure : 0), pool.protected)
      return decided(taken + usableBeds(pool) + amount)
    }
    case 'addVehicles':
      return decided(amount)
    case 'stationTeam':
      return decided(1)
    case 'assessFitness':
      return decided(0, whoBreaks(eased, 'fitness', subject, x))
    case 'signTravelException':
      return decided(0, whoBreaks(eased, 'travelLimit', subject, x))
    case 'raiseArrivals': {
      const now = world.place(subject).arrivalsPerHour
      return decided((isKnown(now) ? now : 0) + amount)
    }
    case 'addVentilators': {
      const now = world.place(subject).ventilatorsFree
      return decided((isKnown(now) ? now : 0) + amount)
    }
    case 'signBlock':
    case 'withdrawEdit':
    case 'withdrawOrder':
      return decided(0)
  }
}

/** People whose chosen option breaks this rule here: the ones for whom somebody has to sign. */
function whoBreaks({ world, build }: Eased, rule: string, subject: string, x: readonly number[]): string[] {
  const breaking = build.groups.flatMap((group) => {
    const count = build.optionsOf(group)
      .filter((option) => option.breaks.some((at) => at.rule === rule && at.subject === subject))
      .reduce((n, option) => n + (x[build.x(option)] ?? 0), 0)
    return group.parties.slice(0, count).flatMap((party) => party.members)
  })
  return breaking.filter((id) => (rule === 'fitness' ? !world.isFit(id) : !world.hasTravelException(id))).sort(byCodeUnits)
}

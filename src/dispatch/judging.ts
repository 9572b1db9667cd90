import { checkAuthority } from '../access/authority.js'
import { checkAnswered, type Phone } from '../access/phone.js'
import type { Act } from '../db/act.js'
import { Refused, refuseAt } from '../kernel/refusal.js'
import { type Text, text } from '../kernel/text.js'
import { blocksOpened, mustsBroken } from '../planning/present.js'
import type { Scenario } from '../planning/scenario.js'
import type { Destination } from './destination.js'
import { openBlocks } from './issuing.js'
import { lineOf, oneTrip } from './lines.js'
import type { Line } from './orders.js'
import { isOfLeaving, withOutside } from './outside.js'
import { withWinner } from './stale.js'

/** One trip that is about to be decided: somebody, perhaps with those who go along, and where they go. */
export interface Asked {
  readonly to: Destination
  readonly riders: readonly { readonly patient: string; readonly pool: string | null }[]
  readonly vehicle: string | null
  /** Minutes of the plan's day. */
  readonly leaves: number
  /** Musts that say nothing against whoever is on the road already. */
  readonly isSettled?: (rule: string) => boolean
  /** By pool, who was promised its newest bed. */
  readonly won?: ReadonlyMap<string, Text>
}

const NO_VEHICLE = text('没有写明车辆：请写明用哪一辆（vehicle）', 'no vehicle is named: say which one goes (vehicle)')

/**
 * A plan of one trip, judged by the same musts as a plan of a day; the lines that are to be issued for it. Refuses a move
 * by the sentence of every must that it would break.
 */
export function judged(present: Scenario, { to, riders, vehicle, leaves, isSettled = () => false, won = new Map() }: Asked): Line[] {
  const there = thereOf(present, { patient: riders[0]?.patient ?? '', vehicle, to })
  const lines = oneTrip(there.scenario, { riders: riders.map(({ patient, pool }) => ({ patient, pool: pool ?? there.pool })), vehicle, leaves })
  const broken = mustsBroken(there.scenario, lines, { anyHour: true }).filter(({ rule }) => !isSettled(rule) && (to.pool !== null || isOfLeaving(rule, to, vehicle)))
  if (broken.length > 0) {
    throw new Refused({
      code: 'breaksMust', text: text('此转运不合下列必须满足的规则', 'the transfer would break what must hold, as listed'),
      details: broken.map((violation) => withWinner(violation, won)).map(({ rule, subject, text: want }) => ({ pointer: `${rule}/${subject}`, want: rule === 'vehicleMinutes' && vehicle === null ? NO_VEHICLE : want })),
    })
  }
  const issued = lines.moves.map((move) => lineOf(move, lines.trips))
  return to.pool === null ? issued.map((line) => ({ ...line, ...to, toPlace: null })) : issued
}

/** A scenario in which the destination is one of its pools. */
export const thereOf = (present: Scenario, { to, ...ride }: { readonly to: Destination; readonly patient: string; readonly vehicle: string | null }): { scenario: Scenario; pool: string } =>
  (to.pool === null ? withOutside(present, { ...ride, to }) : { scenario: present, pool: to.pool })

/** Blocks that these lines lead into are opened, by whoever has the authority for it; returns which. */
export async function openFor(act: Act, present: Scenario, lines: readonly Line[], phone?: Phone): Promise<readonly string[]> {
  const blocks = blocksOpened(present, lines.flatMap(({ pool }) => (pool === null ? [] : [{ pool }])))
  // Who may issue or divert is told elsewhere; that a reserve opens is a decision of its own.
  checkAuthority(act.who, blocks.length > 0 ? ['reserve'] : [], { byPhone: phone !== undefined })
  if (phone !== undefined && blocks.length > 0) await checkAnswered(act, phone, 'reserve')
  await openBlocks(act, blocks)
  return blocks
}

/** Refuses with invalidInput what is named and not there. */
export function mustBeThere(present: Scenario, named: { readonly vehicle: string | null }): void {
  const { vehicle } = named
  if (vehicle !== null && !Object.hasOwn(present.vehicles, vehicle)) throw refuseAt('/vehicle', `没有这辆车：${vehicle}`, `there is no such vehicle: ${vehicle}`)
}

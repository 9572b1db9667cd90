import { z } from 'zod'
import { text } from './text.js'
import { keysOf, type Vocabulary, wordSchema } from './vocabulary.js'

/** What somebody is there to do. Whoever may decide something for the command is one of the last three. */
export const ROLES = {
  administrator: text('系统管理员', 'administrator'),
  auditor: text('审计员', 'auditor'),
  planner: text('方案编制员', 'planner'),
  transferDesk: text('转运调度台', 'transfer desk'),
  bedManager: text('医院床位管理员', 'bed manager'),
  siteManager: text('隔离点管理员', 'isolation site manager'),
  supplyOfficer: text('物资管理员', 'supply officer'),
  viewer: text('查看者', 'viewer'),
  treatmentGroup: text('医疗救治组', 'treatment group'),
  suppliesGroup: text('物资保障组', 'supplies group'),
  commander: text('指挥长', 'commander'),
} as const satisfies Vocabulary<string>
export type Role = keyof typeof ROLES

/** Where a role holds: the whole city, one reporting unit with all that is inside it, or one place. */
export const scopeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('city') }),
  z.strictObject({ kind: z.literal('unit'), id: z.string().min(1).max(200) }),
  z.strictObject({ kind: z.literal('place'), id: z.string().min(1).max(200) }),
])

export const grantSchema = z.strictObject({ role: wordSchema(ROLES), scope: scopeSchema })
export type Grant = z.infer<typeof grantSchema>

/** A set of places, as far as somebody's roles go there. `places` holds those inside of `units` too. */
export interface Reach {
  readonly isCity: boolean
  readonly units: ReadonlySet<string>
  readonly places: ReadonlySet<string>
  /** Units in which any of the places lies. */
  readonly homes: ReadonlySet<string>
}

/** A role that somebody has, and where. */
export interface HeldGrant extends Reach {
  readonly role: Role
}

/** Whoever asks: an account, a key of another system, or the service itself; never a person's name. */
export interface Principal {
  readonly id: string
  readonly grants: readonly HeldGrant[]
}

export const EVERYWHERE: Reach = { isCity: true, units: new Set(), places: new Set(), homes: new Set() }

/** The service itself: what it does by the clock, and what it is started with. */
export const SYSTEM: Principal = { id: 'system', grants: keysOf(ROLES).map((role) => ({ role, ...EVERYWHERE })) }

/** Where somebody may do what takes one of these roles; nowhere when they have none. */
export function reachOf({ grants }: Principal, roles: readonly Role[]): Reach {
  const fitting = grants.filter(({ role }) => roles.includes(role))
  return {
    isCity: fitting.some(({ isCity }) => isCity),
    units: new Set(fitting.flatMap(({ units }) => [...units])),
    places: new Set(fitting.flatMap(({ places }) => [...places])),
    homes: new Set(fitting.flatMap(({ homes }) => [...homes])),
  }
}

/** Whether something that lies at this place or belongs to this unit is within reach. */
export const isWithin = ({ isCity, units, places }: Reach, { unit = null, place = null }: { unit?: string | null; place?: string | null }): boolean =>
  isCity || (unit !== null && units.has(unit)) || (place !== null && places.has(place))

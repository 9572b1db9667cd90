import { z } from 'zod'
import { nameSchema } from '../kernel/names.js'
import { type Grant, grantSchema, type Role, ROLES } from '../kernel/roles.js'
import { instantSchema } from '../kernel/time.js'
import { keysOf } from '../kernel/vocabulary.js'

/**
 * Whoever signs in: a post or a number of staff, never a person's name. Its password stands apart, and in no history.
 */
export const accountSchema = z.strictObject({
  /** What the post is called on screens. */
  title: nameSchema,
  grants: z.array(grantSchema).max(50),
  /** Signs in no more; what it did stays under its id. */
  disabled: z.boolean().default(false),
})
export type Account = z.infer<typeof accountSchema>

/** Another system that asks by itself: a hospital's, with what it may. */
export const apiKeySchema = z.strictObject({
  title: nameSchema,
  grants: z.array(grantSchema).min(1).max(50),
  expiresAt: instantSchema,
  revoked: z.boolean().default(false),
})
export type ApiKey = z.infer<typeof apiKeySchema>

/** Letters and digits that an id in a header, a log and a journal may have. */
export const principalIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)

/** A key of another system lives no longer than a year. */
export const KEY_DAYS_MAX = 366

/** The account that a store begins with. */
export const FIRST_ACCOUNT = 'administrator'

const CITY = { kind: 'city' } as const
export const FIRST_GRANTS: readonly Grant[] = [{ role: 'administrator', scope: CITY }]

export const isAdministrator = ({ grants, disabled }: Account): boolean =>
  !disabled && grants.some(({ role, scope }) => role === 'administrator' && scope.kind === 'city')

/** Accounts of a demonstration, one for each role, called after it. */
export const demonstrationId = (role: Role): string => `demo-${role}`

/** A bed manager looks after one hospital, everybody else of a demonstration after the city. */
export function demonstrationAccounts({ hospital, site }: { hospital: string | null; site: string | null }): Readonly<Record<string, Account>> {
  const scopeOf = (role: Role): Grant['scope'] => {
    const place = role === 'bedManager' ? hospital : role === 'siteManager' ? site : null
    return place === null ? CITY : { kind: 'place', id: place }
  }
  return Object.fromEntries(keysOf(ROLES).map((role) => [demonstrationId(role), {
    title: { zh: `演示：${ROLES[role].zh}`, en: `demonstration: ${ROLES[role].en}` },
    grants: [{ role, scope: scopeOf(role) }], disabled: false,
  }]))
}

import { joinTexts, text } from '../kernel/text.js'
import { refuse } from '../kernel/refusal.js'
import { type Principal, reachOf, type Role, ROLES } from '../kernel/roles.js'
import type { Vocabulary } from '../kernel/vocabulary.js'
import type { Account } from './accounts.js'

/** What is decided for the city. */
export const DECISIONS = {
  transfers: text('转运', 'transfers'),
  reserve: text('启用后备分区', 'opening a reserve block'),
  material: text('物资调拨', 'giving out material'),
} as const satisfies Vocabulary<string>
export type Decision = keyof typeof DECISIONS

/** The table of authority: which decision needs whose approval. The commander may do what the group may. */
export const AUTHORITY: Readonly<Record<Decision, readonly Role[]>> = {
  transfers: ['treatmentGroup', 'commander'],
  reserve: ['commander'],
  material: ['suppliesGroup', 'commander'],
}

/** Who may put down what was approved by phone; the paper follows from whoever has the authority. */
const PUTS_DOWN: Readonly<Record<Decision, readonly Role[]>> = {
  transfers: ['transferDesk', 'treatmentGroup', 'commander'],
  reserve: ['transferDesk', 'treatmentGroup', 'commander'],
  material: ['supplyOfficer', 'suppliesGroup', 'commander'],
}

/** Refuses with forbidden unless this person may take every one of these decisions, or put down that it was taken by phone. */
export function checkAuthority(who: Principal, decisions: readonly Decision[], { byPhone }: { byPhone: boolean }): void {
  for (const decision of decisions) {
    const roles = (byPhone ? PUTS_DOWN : AUTHORITY)[decision]
    if (reachOf(who, roles).isCity) continue
    const named = joinTexts(roles.map((role) => ROLES[role]))
    const what = DECISIONS[decision]
    // Whoever confirms what opened a block puts no call down: of that nothing is said.
    const [callZh, callEn] = !byPhone && decision !== 'reserve' && reachOf(who, PUTS_DOWN[decision]).isCity
      ? ['；已获电话批准的可由您登记：请填 phone', '; where it was approved by phone you may put that down: say phone'] : ['', '']
    throw refuse('forbidden', `${what.zh}须由全市的${named.zh}办理${callZh}`, `${what.en} is for ${named.en} of the whole city${callEn}`)
  }
}

/** Whether an account holds the authority for a decision. */
export const holdsAuthority = ({ disabled, grants }: Account, decision: Decision): boolean =>
  !disabled && grants.some(({ role, scope }) => scope.kind === 'city' && AUTHORITY[decision].includes(role))

/** What moves into these blocks decide. */
export const decisionsOf = (blocks: readonly string[]): Decision[] => (blocks.length > 0 ? ['transfers', 'reserve'] : ['transfers'])

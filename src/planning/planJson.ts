import { visibleJson } from '../kernel/safeText.js'
import type { Plan } from './plan.js'

/** The bytes of `plan --json`, the same for the same scenario: pretty JSON that cannot steer a terminal, and a line feed. */
export const planJson = (plan: Plan): string => `${visibleJson(plan)}\n`

import { PlanCancelled, type Turn } from './engine.js'
import type { Machine } from './machine.js'

/** The machine as one plan has it. */
export interface PlanMachine extends Machine {
  /** Between two stages: lets a service do its other work. Rejects with PlanCancelled when nobody wants the plan. */
  readonly pause: () => Promise<void>
}

/**
 * Nothing is begun after the signal. Its clock stands while the plan waits for others to be solved: what a plan may
 * take must not depend on how many are planned beside it.
 */
export function planMachine(machine: Machine, signal: AbortSignal | undefined): PlanMachine {
  let waited = 0
  const standing = () => {
    if (signal?.aborted === true) throw new PlanCancelled()
    const since = machine.now()
    return { signal, onTurn: () => { waited += machine.now() - since } } satisfies Turn
  }
  return {
    now: () => machine.now() - waited,
    solver: {
      solve: async (ask) => machine.solver.solve({ ...ask, ...standing() }),
      solveLevel: async (ask) => machine.solver.solveLevel({ ...ask, ...standing() }),
    },
    deal: async (ask) => machine.deal({ ...ask, ...standing() }),
    pause: async () => {
      await new Promise((resolve) => setImmediate(resolve))
      if (signal?.aborted === true) throw new PlanCancelled()
    },
  }
}

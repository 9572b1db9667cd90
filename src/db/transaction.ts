import { AsyncLocalStorage } from 'node:async_hooks'
import { BrokenInvariant } from '../kernel/invariant.js'
import type { Tx } from './database.js'

export type Mode = 'write' | 'snapshot'

export const BEGIN: Readonly<Record<Mode, string>> = {
  write: 'begin isolation level read committed read write',
  snapshot: 'begin isolation level repeatable read read only',
}

/**
 * Refuses a transaction that is asked for inside another one of the same store. Embedded it would wait for itself for
 * ever; on a server it would be a second transaction that does not see the first.
 */
export class NotNested {
  private readonly running = new AsyncLocalStorage<{ isOpen: boolean }>()

  async run<T>(transaction: () => Promise<T>): Promise<T> {
    if (this.running.getStore()?.isOpen === true) {
      throw new BrokenInvariant('a transaction was asked for inside another; pass the open one along')
    }
    const own = { isOpen: true }
    // What `transaction` leaves running behind is outside of it.
    try {
      return await this.running.run(own, transaction)
    } finally {
      own.isOpen = false
    }
  }
}

export type Work<T> = (tx: Tx) => Promise<T>

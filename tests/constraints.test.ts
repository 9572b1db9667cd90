import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../src/db/database.js'
import { integrityFindings } from '../src/db/integrity.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { type Guard, guardsOf, leftOver, unnoticed, wrongWith } from './campaigns/constraintsDropped.js'
import { fillWithLife } from './campaigns/constraintsLife.js'
import { VIOLATIONS } from './campaigns/constraintsViolations.js'
import { eachDatabase } from './support/databases.js'

/** Also `npm run campaign -- constraints`. */
eachDatabase((_, open) => {
  let db: Database
  let guards: Guard[]
  beforeAll(async () => {
    db = await open()
    await fillWithLife(db)
    guards = await guardsOf(db)
  }, 120_000)
  afterAll(closeSolvers)

  it('is sound before anything is dropped, and every guard and every rule of the view is known here', async () => {
    expect(await db.inSnapshot((tx) => integrityFindings(tx))).toEqual([])
    expect(leftOver(guards)).toEqual([])
    expect(guards.map(({ name }) => name)).toEqual(Object.keys(VIOLATIONS).sort())
  })

  it('notices what no guard forbids', async () => expect(await unnoticed(db)).toEqual([]))

  describe('a guard refuses, and is missed by the view when it is gone', () => {
    it.each(Object.keys(VIOLATIONS))('%s', async (name) => {
      const guard = guards.find((one) => one.name === name)
      expect(guard).toBeDefined()
      if (guard !== undefined) expect(await wrongWith(db, guard)).toEqual([])
    })
  })
})

import { OpenAPIHono } from '@hono/zod-openapi'
import { describe, expect, test } from 'vitest'
import { POLICY } from '../src/access/policy.js'
import { checkPolicy, operationsOf } from '../src/app/authorise.js'
import { describedBy } from '../src/app/described.js'
import type { Env } from '../src/http/service.js'
import { matrix } from './campaigns/matrix.js'
import { WHO_MAY } from './campaigns/matrixTable.js'
import { matrixWorld } from './campaigns/matrixWorld.js'
import { DATABASES, freshDatabase } from './support/databases.js'

// Who may what is decided before a store is asked: on a server where there is one, and not twice.
describe.each(DATABASES.slice(-1))('%s', (name) => {
  test('everybody gets what they may, and what lies elsewhere is as if it were not', async () => {
    const { database, end } = await freshDatabase(name)
    const world = await matrixWorld(database)
    try {
      const { cells, wrong } = await matrix(world)
      expect(wrong).toEqual([])
      expect(cells).toBeGreaterThan(Object.keys(WHO_MAY).length * 20)
      expect(world.served.bugs).toEqual([])
    } finally {
      await world.served.close()
      await end()
    }
  }, 600_000)
})

describe('the policy', () => {
  const app = () => {
    const of = new OpenAPIHono<Env>()
    of.get('/healthz', (c) => c.text('ok'))
    return of
  }

  const operationsIn = (of: ReturnType<typeof app>) => operationsOf(of, describedBy(of))

  test('keeps the service from starting while a route has no entry', () => {
    const of = app()
    of.get('/api/secret', (c) => c.text('secret'))
    expect(() => checkPolicy(operationsIn(of), { 'GET /healthz': 'anyone' })).toThrow(/does not say who may call GET \/api\/secret/)
  })

  test('and while an entry is of nothing', () => {
    expect(() => checkPolicy(operationsIn(app()), { 'GET /healthz': 'anyone', readSecrets: 'anyone' })).toThrow(/nobody can call: readSecrets/)
    expect(() => checkPolicy(operationsIn(app()), { 'GET /healthz': 'anyone' })).not.toThrow()
  })

  test('lets nobody in by the names that every object has', () => {
    expect(Object.keys(POLICY)).not.toContain('constructor')
  })
})

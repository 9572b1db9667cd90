import { afterAll, describe, expect, it, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { reach } from './campaigns/fuzzCampaign.js'
import { Document, type Schema } from './campaigns/fuzzDocument.js'
import { fuzz } from './campaigns/fuzzRun.js'
import { faultsOf } from './campaigns/fuzzSchema.js'
import { fuzzWorld } from './campaigns/fuzzWorld.js'
import { DATABASES } from './support/databases.js'

/** The campaign in small; in full it is `npm run campaign -- fuzz --requests 20000`. */
const REQUESTS = 2500
const SEED = 20200129

describe('the service, asked everything well and badly', () => {
  afterAll(closeSolvers)

  it('answers as its document says', { timeout: 600_000 }, async () => {
    const world = await fuzzWorld(DATABASES.at(-1) ?? 'embedded')
    try {
      const outcome = await fuzz(world, { requests: REQUESTS, seed: SEED })
      expect(outcome.breaches).toEqual([])
      expect(outcome.serverErrors).toBe(0)
      expect(reach(outcome)).toMatchObject({ unanswered: [], unseen: [] })
      expect(outcome.sent).toBeGreaterThanOrEqual(REQUESTS)
    } finally {
      await world.end()
    }
  })
})

describe('a schema of the document', () => {
  const document = new Document({ paths: {}, components: { schemas: { Bed: { type: 'integer', minimum: 2, maximum: 7 } } } })
  const bed: Schema = { $ref: '#/components/schemas/Bed' }
  const row: Schema = { type: 'object', properties: { bed, name: { type: ['string', 'null'], minLength: 2 } }, required: ['bed'], additionalProperties: false }
  const rows: [string, Schema, unknown, boolean][] = [
    ['a whole number in its bounds', bed, 7, true],
    ['one beyond', bed, 8, false],
    ['one below', bed, 1, false],
    ['a fraction', bed, 2.5, false],
    ['text for a number', bed, '3', false],
    ['an object with what it must have', row, { bed: 3 }, true],
    ['one without', row, { name: 'ab' }, false],
    ['one with more', row, { bed: 3, beds: 3 }, false],
    ['null where it may be', row, { bed: 3, name: null }, true],
    ['a text too short', row, { bed: 3, name: 'a' }, false],
    ['a list of them', { type: 'array', items: bed, maxItems: 2 }, [2, 7], true],
    ['a list too long', { type: 'array', items: bed, maxItems: 2 }, [2, 7, 3], false],
    ['a list with a bad one', { type: 'array', items: bed }, [2, 9], false],
    ['one of the words', { type: 'string', enum: ['free', 'full'] }, 'full', true],
    ['none of the words', { type: 'string', enum: ['free', 'full'] }, 'empty', false],
    ['the second kind of two', { anyOf: [bed, { type: 'string', const: 'unknown' }] }, 'unknown', true],
    ['neither kind', { anyOf: [bed, { type: 'string', const: 'unknown' }] }, 'unknwon', false],
    ['a pattern with letters of Unicode', { type: 'string', pattern: '^\\p{L}+$' }, '渝中', true],
    ['another form', { type: 'string', pattern: '^\\p{L}+$' }, '渝-中', false],
    ['a time', { type: 'string', format: 'date-time' }, '2020-01-30T00:00:00+08:00', true],
    ['a time without offset', { type: 'string', format: 'date-time' }, '2020-01-30T00:00:00', false],
    ['members of any name', { type: 'object', additionalProperties: bed }, { a: 2, b: 7 }, true],
    ['a bad member of any name', { type: 'object', additionalProperties: bed }, { a: 2, b: 9 }, false],
    ['a word that this reader does not know', { type: 'string', uniqueItems: true }, 'a', false],
  ]
  test.each(rows)('%s', (_, schema, value, isTaken) => expect(faultsOf(document, schema, value).length === 0).toBe(isTaken))
})

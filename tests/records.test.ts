import { expect, test } from 'vitest'
import { currentRecord, putRecord } from '../src/db/records.js'
import { UNITS } from '../src/facilities/store.js'
import { unitSchema } from '../src/facilities/places.js'
import { BrokenInvariant } from '../src/kernel/invariant.js'
import { eachDatabase } from './support/databases.js'

const AT = new Date('2020-01-30T00:00:00Z')
const BY = { at: AT, by: 'test' }
const UNIT = unitSchema.parse({ name: { zh: '万州', en: 'Wanzhou' }, gbt2260: null, longitude: null, latitude: null, source: 'x' })

eachDatabase((_, open) => {
  test('a version is written behind the one that stands, or the program is wrong and says so', async () => {
    const db = await open()
    const put = (version: number | null) => db.inTransaction(async (tx) => {
      const before = version === null ? null : { ...await currentRecord(tx, UNITS, 'w'), version } as never
      return putRecord(tx, UNITS, { id: 'w', body: UNIT, effectiveAt: AT, before }, BY)
    })
    expect((await put(null)).version).toBe(1)
    expect((await put(1)).version).toBe(2)
    await expect(put(1)).rejects.toThrow(BrokenInvariant)
    expect((await db.inSnapshot((tx) => currentRecord(tx, UNITS, 'w')))?.version).toBe(2)
  })
})

import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { modelRun, shrunk } from './campaigns/modelCampaign.js'
import { play, Tally } from './campaigns/modelPlay.js'
import { newStage, type Stage } from './campaigns/modelStage.js'

let stage: Stage
beforeAll(async () => {
  stage = await newStage('embedded')
})
afterAll(() => stage.close())

const SEQUENCE = { seed: 7, number: 3, steps: Array.from({ length: 60 }, (_, step) => step) }

/** One statement after the step of this number. */
const after = (when: number, statement: string) => async (step: number): Promise<void> => {
  if (step !== when) return
  await stage.database.inTransaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`)
    await tx.execute(sql.raw(statement))
  })
}

describe('the model', () => {
  test('finds nothing where nothing is wrong, twice the same', async () => {
    const [first, second] = [new Tally(), new Tally()]
    expect((await play(stage, SEQUENCE, first)).trouble).toBe(null)
    expect((await play(stage, SEQUENCE, second)).trouble).toBe(null)
    expect([...second.met]).toEqual([...first.met])
  })

  test.each([
    ['a bed more in use than anybody said', `update pool set body = jsonb_set(body, '{occupied}', '77')`, /occupied|status/],
    ['a stay that somebody else wrote down', `update stay set began_recorded_by = 'nobody'`, /beganRecordedBy|bytes/],
    ['a version that is gone', `delete from record_version where kind = 'pools' and version = 1`, /integrity|history|asOf/],
    ['a request that nobody remembers', 'delete from idempotency_key', /replayed|bytes|status/],
    ['a line of the journal that is gone', 'delete from journal where seq = (select max(seq) from journal)', /journal/],
    ['a promise that nobody made', `update account set held = 1, balance = 1 where name = 'free'`, /held|integrity|noFreeBed|status/],
    ['an order that nobody sent out', `update transfer_order set state = 'dispatched', deadline = null, dispatched_at = issued_at where state in ('issued', 'accepted')`, /dispatched|code/],
    ['a bed promised to nobody', `update hold set state = 'voided', resolved_at = made_at where state = 'open'`, /integrity/],
    ['a contact under another edition', `update contact set body = jsonb_set(body, '{edition}', '"2022-06"') where body ->> 'edition' is not null`, /edition|siteUntil|wrongTime/],
    ['an ambulance of somebody else', `update vehicle set body = jsonb_set(body, '{fleet}', '"hubB"')`, /fleet|status/],
    ['a plan that nobody cancelled', `update plan_run set state = 'cancelled', finished_at = now() where state = 'queued'`, /plan-runs|runIsOver/],
  ])('finds %s', async (_, statement, where) => {
    const found: string[] = []
    // Not every sequence looks at everything; one of a few does.
    for (let number = 1; number <= 12 && found.length === 0; number += 1) {
      const { trouble } = await play(stage, { ...SEQUENCE, number, meddle: after(37, statement) }, new Tally())
      found.push(...(trouble?.found ?? []))
    }
    expect(found.join('\n')).toMatch(where)
  })

  test('shows what it found with fewer requests', async () => {
    const sequence = { ...SEQUENCE, meddle: after(22, `update reporting_unit set body = jsonb_set(body, '{source}', '"nobody"')`) }
    const { trouble } = await play(stage, sequence, new Tally())
    if (trouble === null) throw new Error('it was not found')
    const least = await shrunk(stage, sequence, trouble)
    expect(least.found.join()).toContain('nobody')
    expect(least.requests.length).toBeLessThan(trouble.requests.length / 2)
  })

  test('says which situations a campaign never met', async () => {
    const { steps, sequences, failure, missed } = await modelRun([stage], { seed: 11, steps: 5 })
    expect({ steps, sequences, failure }).toEqual({ steps: 5, sequences: 1, failure: null })
    expect(missed).toContain('reportBeds figureIsOlder')
  })
})

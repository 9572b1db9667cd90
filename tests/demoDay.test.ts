import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('a whole day is carried out over the API by people of every role, and the store is sound at its end', async () => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('campaigns/demoDay.js', import.meta.url))])
  let out = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (out += chunk.toString('utf8')))
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect([code, out.trimEnd().split('\n').at(-1)]).toEqual([0, 'integrity: 0 findings'])
  for (const line of [/edited by hand: .* pinned to \w+, .* kept from phc, .* left where they lie; solved again: 43 people move/, /compared with the first plan: .* 1 only before, 0 only now/, /approved by the treatment group without .*42 orders issued/, /the desk upholds it/, /approves 63 shipments without S0063: 45 allocation orders issued, 18 lines wait/, /7 damaged, 2 missing/, /counts what is left: 2 are unexplained/, /asked 300, need 30, recommended 24, approved 24, shipped 24, received 24/, /patients handed over/, /is discharged from/, /daily report 2020-0001 frozen by demo-planner: 165 at the beginning, 1 discharged, 164 in care/, /taken over by demo-planner/, /confirmed in care 164 → 165/]) expect(out).toMatch(line)
}, 600_000)

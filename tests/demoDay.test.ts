import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('a whole day is carried out over the API by people of every role, and the store is sound at its end', async () => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('campaigns/demoDay.js', import.meta.url))])
  let out = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (out += chunk.toString('utf8')))
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect([code, out.trimEnd().split('\n').at(-1)]).toEqual([0, 'integrity: 0 findings'])
  for (const line of [/approved by the treatment group without .*43 orders issued/, /the desk upholds it/, /patients handed over/, /is discharged from/]) expect(out).toMatch(line)
}, 180_000)

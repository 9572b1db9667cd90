import { describe, expect, test } from 'vitest'
import { statementsOfReport } from './campaigns/benchReport.js'
import { freshServerDatabase, ON_A_SERVER } from './support/databases.js'
import { startedProcess } from './support/serving.js'

describe.each(ON_A_SERVER)('%s', () => {
  test('the peer of one bed report sends the statements that the service sends', async () => {
    const { url, drop } = await freshServerDatabase()
    const service = await startedProcess({ DATABASE_URL: url })
    try {
      const { sent, script } = await statementsOfReport(url, service)
      expect(script).toEqual(sent)
    } finally {
      await service.end('SIGKILL')
      await drop()
    }
  }, 60_000)
})

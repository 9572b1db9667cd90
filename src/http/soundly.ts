import type { Context } from 'hono'
import { type Act, lockPicture, markBefore, takeBack } from '../db/act.js'
import { DETAILS_MAX, Refused } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { type Answer, command } from './command.js'
import type { Env, Service } from './service.js'

/** A command that judges the picture of the city: it stands in line for it before it takes a connection of the store. */
export const soundCommand = <T, S extends number>(c: Context<Env>, service: Service, work: (act: Act) => Promise<Answer<T, S>>): Promise<Answer<T, S>> =>
  command(c, service, (act) => soundly(act, service, () => work(act)), { line: 'picture' })

/**
 * Writes, unless the picture of the city would then contradict itself where it did not before: one bad row, put down at
 * noon, must not be what stops the plan at two in the morning. Contradictions that stood there already are no reason.
 */
async function soundly<T>(act: Act, { faultsOf }: Pick<Service, 'faultsOf'>, write: () => Promise<T>): Promise<T> {
  await lockPicture(act)
  await markBefore(act)
  const written = await write()
  const after = await faultsOf(act.tx, act.at)
  if (after.length === 0) return written
  await takeBack(act)
  const before = new Set((await faultsOf(act.tx, act.at)).map(({ key }) => key))
  const made = after.filter(({ key }) => !before.has(key))
  if (made.length === 0) return write()
  throw new Refused({
    code: 'scenarioRefused',
    text: text('照此登记，全城情景自相矛盾，排不出方案；请按所列改正', 'with this the picture of the city would contradict itself, and nothing could be planned; mend what is listed'),
    details: made.slice(0, DETAILS_MAX).map(({ detail }) => detail()),
  })
}

import { parseArgs } from 'node:util'
import type { Asking } from './fuzzAsking.js'
import { fuzz } from './fuzzRun.js'
import { fuzzWorld } from './fuzzWorld.js'

/** Asks the service everything its document has, well and badly; exit 1 when an answer is not as documented. */
export async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({
    args: words,
    options: {
      requests: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      database: { type: 'string', default: 'embedded' },
    },
  })
  const [requests, seed] = [Number(values.requests), Number(values.seed)]
  if (!Number.isInteger(requests) || requests < 1 || !Number.isInteger(seed) || (values.database !== 'embedded' && values.database !== 'postgres')) {
    process.stderr.write('usage: campaign -- fuzz [--requests <whole>] [--seed <whole>] [--database embedded|postgres]\n')
    return 2
  }
  const world = await fuzzWorld(values.database)
  try {
    const outcome = await fuzz(world, { requests, seed })
    for (const { request, told, curl, wrong } of outcome.breaches) {
      process.stdout.write(`request ${request} (${told.join('; ')}):\n${wrong.map((line) => `  ${line}\n`).join('')}  ${curl}\n`)
    }
    const { reached, unseen, unanswered } = reach(outcome)
    for (const line of unseen) process.stdout.write(`not seen: ${line}\n`)
    const never = unanswered.length === 0 ? '' : `; never ${unanswered.join(', ')}`
    process.stdout.write(`${reached} of ${outcome.seen.size} operations gave what was asked for${never}\n`)
    process.stdout.write(`seed ${seed}; again: campaign -- fuzz --requests ${requests} --seed ${seed} --database ${values.database}\n`)
    process.stdout.write(`${outcome.sent} requests, ${outcome.serverErrors} of them 5xx, ${outcome.breaches.length} not as documented\n`)
    return outcome.breaches.length > 0 || outcome.serverErrors > 0 || unanswered.length > 0 || unseen.length > 0 ? 1 : 0
  } finally {
    await world.end()
  }
}

/**
 * Statuses that one who may do everything in a demonstration never sees, or only with the database away after too many
 * tries, or on a day without a policy; tests of their own show them.
 */
const SEEN_ELSEWHERE = [
  'putCase 409', 'putContact 409', 'callList 422', 'listCover 422', 'signInToDemonstration 404',
  ...['signIn', 'signOut', 'acceptInvitation', 'signInToDemonstration', 'changePassword', 'invite', 'renewApiKey'].map((id) => `${id} 503`),
]

/** Operations that answered as they ought to, those that never did, and documented statuses that nobody saw. */
export function reach({ seen, document }: Asking): { reached: number; unanswered: string[]; unseen: string[] } {
  const unanswered = [...seen].filter(([, statuses]) => ![...statuses].some((status) => status < 300)).map(([id]) => id)
  const unseen = document.operations.flatMap(({ id, answers }) =>
    [...answers.keys()].filter((status) => seen.get(id)?.has(status) !== true).map((status) => `${id} ${status}`)).filter((line) => !SEEN_ELSEWHERE.includes(line))
  return { reached: seen.size - unanswered.length, unanswered, unseen }
}

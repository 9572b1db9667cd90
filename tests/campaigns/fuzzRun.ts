import { CommitUnknown, DatabaseUnavailable } from '../../src/db/errors.js'
import { integrityFindings } from '../../src/db/integrity.js'
import { Asking } from './fuzzAsking.js'
import { carryOut } from './fuzzDispatch.js'
import type { Operation } from './fuzzDocument.js'
import { type Draft, pathOf } from './fuzzDraft.js'
import { fingerprint, jsonOf, wrongAgain } from './fuzzJudge.js'
import { MUTATIONS } from './fuzzMutations.js'
import { tour } from './fuzzTour.js'
import type { FuzzWorld } from './fuzzWorld.js'
import { SMALL } from './fuzzZips.js'

/** So many requests at least, drawn by a seed, each answer judged. */
export async function fuzz(world: FuzzWorld, { requests, seed }: { requests: number; seed: number }): Promise<Asking> {
  const asking = await Asking.of(world, seed)
  const { document: { operations } } = asking
  await acquaint(asking)
  await carryOut(asking)
  await tour(asking)
  // Behind it comes the part with the database cut, two requests an operation.
  while (asking.sent < requests - 2 * operations.length && !asking.isOver) await atRandom(asking, world)
  // By now there is more to contradict.
  await tour(asking)
  for (const [index, operation] of operations.entries()) await whileCut(asking, world, operation, index)
  // Whatever was done to the city, its figures add up.
  const counted = await fetch(`${world.served.address}/api/day-figures?day=2020-01-30&cutOff=midnight`)
  asking.failAll('the day does not add up', ((await counted.json()) as { wrong?: { text: { en: string } }[] }).wrong?.map(({ text }) => text.en) ?? ['nothing was counted'])
  asking.close()
  asking.failAll('a bug of the service', world.served.bugs.map((bug) => (bug instanceof Error ? bug.stack ?? bug.message : String(bug))))
  const findings = await world.whole.inSnapshot((tx) => integrityFindings(tx))
  asking.failAll('the store is not sound', findings.map(({ rule, subject, found, expected }) => `${rule} ${subject}: ${found}, not ${expected}`))
  return asking
}

/** Reads every list first, so that ids are known. */
async function acquaint(asking: Asking): Promise<void> {
  for (const operation of asking.document.operations.filter(({ method, segments }) => method === 'GET' && segments.length === 3)) {
    const isList = operation.parameters.some(({ name }) => name === 'limit')
    await asking.send({ ...asking.drafts.good(operation), query: isList ? [['limit', '300']] : [] })
  }
}

/** One request, mostly spoilt; now and then it is looked at what it did to the store, and what comes when it is sent again. */
async function atRandom(asking: Asking, { whole }: FuzzWorld): Promise<void> {
  const { chance, document, drafts } = asking
  const operation = chance.one(document.operations)
  const draft = drafts.good(operation)
  if (operation.method === 'PUT' && operation.segments.length === 4 && chance.below(2) === 0) await asking.withVersion(draft)
  spoil(asking, draft, operation)
  const before = chance.below(12) === 0 ? await fingerprint(whole) : null
  const heard = await asking.send(draft)
  if (before !== null && heard.status >= 400) {
    const after = await fingerprint(whole)
    asking.fail(draft, after === before ? [] : [`${heard.status} changed the store: ${before} -> ${after}`])
  }
  if (chance.below(10) > 0) return
  const again = await asking.send({ ...draft, told: [...draft.told, 'again'] })
  asking.fail(draft, wrongAgain(document.at(draft.method, pathOf(draft)), heard, again))
}

/** A quarter of the requests stay good, half of them are spoilt once, the rest more than once. */
function spoil({ chance, found }: Asking, draft: Draft, operation: Operation): void {
  const dice = chance.below(8)
  for (let times = dice < 2 ? 0 : dice < 6 ? 1 : 2 + chance.below(2); times > 0; times -= 1) {
    const mutation = chance.one(MUTATIONS.filter(({ fits }) => fits(operation, draft)))
    mutation.apply(draft, chance, found)
    draft.told.push(mutation.name)
  }
}

const CUTS = [
  { cut: new DatabaseUnavailable('cannotConnect'), code: 'databaseUnavailable' },
  { cut: new DatabaseUnavailable('diskFull'), code: 'storeFull' },
  { cut: new CommitUnknown(), code: 'commitUnknown' },
] as const

const READS_FIRST = ['freezeDailyReport', 'giveHandover']

/** With the database away an operation says so, and when to try again; the same request works once it is back. */
async function whileCut(asking: Asking, { db }: FuzzWorld, operation: Operation, index: number): Promise<void> {
  const { cut, code } = CUTS[index % CUTS.length] ?? CUTS[0]
  const good = asking.drafts.good(operation)
  const draft: Draft = {
    ...good, query: good.query.filter(([name]) => name === 'with'), told: [`the database is cut: ${cut.name}`],
    // A spoilt one is refused without asking the database.
    ...(good.bytes === undefined ? {} : { bytes: SMALL }),
  }
  const isRead = operation.method === 'GET' || operation.id === 'checkEdits'
  // Who has tried too often does not get as far as the database; nor does who signs out of no session.
  if (!operation.isKeyed && !isRead) return
  db.cut = cut
  const heard = await asking.send(draft)
  db.cut = null
  const said = (jsonOf(heard.text) as { code?: string } | undefined)?.code
  // Who only reads commits nothing, nor does who has not read yet what is to be frozen.
  const wanted = (isRead || READS_FIRST.includes(operation.id)) && cut instanceof CommitUnknown ? 'databaseUnavailable' : code
  if (heard.status !== 503 || said !== wanted) asking.fail(draft, [`${heard.status} ${said} while the database is away`])
  else if (heard.headers['retry-after'] === undefined) asking.fail(draft, ['503 without Retry-After'])
  const after = await asking.send({ ...draft, told: ['the database is back'] })
  if (after.status >= 500) asking.fail(draft, [`${after.status} when the database is back`])
}

import { scenarioZip } from '../../src/interop/scenarioOut.js'
import { lawful } from './given.js'
import { type Answer, asked } from './modelAsk.js'
import { Draw } from './modelChance.js'
import { compared, differences } from './modelCompare.js'
import { again, drawNext, envelope, themeOf, type Work } from './modelDraw.js'
import { looksAt } from './modelReads.js'
import { seen } from './modelSeen.js'
import { FIRST_MOMENT, type Stage } from './modelStage.js'
import { type Command, type Fields, type Given, HOUR, OPERATIONS, type Op, type Sent } from './modelWords.js'
import { World } from './modelWorld.js'

export const STEPS_OF_SEQUENCE = 100
const STEPS_BETWEEN_LOOKS = 50

/** How often each command, refusal and situation was met. */
export class Tally {
  readonly met = new Map<string, number>()
  readonly add = (what: string): void => {
    this.met.set(what, (this.met.get(what) ?? 0) + 1)
  }
}

/** What a sequence of commands is drawn from. `steps`: those of it that are played; all of them unless it is being shrunk. */
export interface Sequence {
  readonly seed: number
  readonly number: number
  readonly steps: readonly number[]
  /** Done to the store behind the service's back after each step, to see whether it is noticed. */
  readonly meddle?: (step: number) => Promise<void>
}

export interface Trouble {
  readonly step: number
  readonly found: readonly string[]
  /** Every request up to the trouble, as a line. */
  readonly requests: readonly string[]
}

export interface Played {
  readonly steps: number
  readonly trouble: Trouble | null
}

/** Plays one sequence beside the model, up to the first difference. */
export async function play(stage: Stage, { seed, number, steps, meddle }: Sequence, tally: Tally): Promise<Played> {
  await stage.empty()
  stage.clock.at = FIRST_MOMENT
  const world = new World(FIRST_MOMENT, tally.add)
  const playing: Playing = { stage, world, tally, requests: [], sent: [] }
  const theme = themeOf(number)
  const trouble = (step: number, found: readonly string[]): Trouble => ({ step, found: [...found, ...stage.bugs.splice(0).map(String)], requests: playing.requests })
  for (const [count, step] of steps.entries()) {
    const draw = new Draw(seed, number, step)
    forward(playing, draw)
    const found = await oneStep(playing, draw, { theme, step, key: `model-${number}-${step}` })
    await meddle?.(step)
    if (found.length > 0 || stage.bugs.length > 0) return { steps: count + 1, trouble: trouble(step, found) }
    const isLast = count + 1 === steps.length
    if ((count + 1) % STEPS_BETWEEN_LOOKS !== 0 && !isLast) continue
    const looks = looksAt(new Draw(seed, number, step, 1), world.state, { from: FIRST_MOMENT, isCity: theme !== 'records', isLast }, tally.add)
    const wrong = (await Promise.all(looks.map((look) => seen(stage.address, look, tally.add)))).flat()
    if (wrong.length > 0 || stage.bugs.length > 0) return { steps: count + 1, trouble: trouble(step, wrong) }
  }
  return { steps: steps.length, trouble: null }
}

/** One sequence that is being played. */
interface Playing {
  readonly stage: Stage
  readonly world: World
  readonly tally: Tally
  readonly requests: string[]
  readonly sent: Sent[]
}

function forward({ stage, world, tally, requests }: Playing, draw: Draw): void {
  if (!draw.chance(35)) return
  tally.add('clock forward')
  // Whoever is asked about an order may take so long that it is over.
  const isAsked = [...world.state.orders.values()].some(({ now }) => now.state === 'reliefAsked')
  const by = draw.below(draw.chance(isAsked ? 12 : 1.5) ? 30 * HOUR : draw.of([1000, HOUR / 3, HOUR, 3 * HOUR]))
  stage.clock.at += by
  world.forward(by)
  requests.push(`clock ${new Date(world.state.now).toISOString()}`)
}

async function oneStep(playing: Playing, draw: Draw, { theme, step, key }: { theme: ReturnType<typeof themeOf>; step: number; key: string }): Promise<string[]> {
  const { world: { state }, sent } = playing
  const next = sent.length > 2 && draw.chance(8) ? again(draw, sent) : drawNext(draw, state, { theme, step })
  if (typeof next === 'string') return working(playing, next)
  const { how, request } = 'request' in next ? next : { how: null, request: envelope(draw, state, next, key) }
  sent.push(request)
  return sentAndCompared(playing, { request, how, language: draw.of(['en', 'zh']) })
}

async function working({ stage, world, tally, requests }: Playing, work: Work): Promise<string[]> {
  tally.add(`work: ${work}`)
  requests.push(work)
  if (work === 'upkeep') {
    await stage.upkeep()
    world.keepUp()
    return []
  }
  const waiting = [...world.state.runs.values()].filter(({ cancelled, computed }) => cancelled === null && computed === null).map(({ id }) => id)
  const get = async (path: string): Promise<Fields | null> => {
    const said = await asked(stage.address, `/api/plan-runs/${path}`, { method: 'GET', headers: { authorization: 'As local' }, content: null })
    return said.status === 200 ? said.json as Fields : null
  }
  const isOver = async (id: string) => ['done', 'failed'].includes(String((await get(id))?.['state']))
  await stage.worker(async () => (await Promise.all(waiting.map(isOver))).every((over) => over))
  const found: string[] = []
  for (const id of waiting) {
    const run = await get(id) ?? {}
    found.push(...world.compute(id, { run, plan: await get(`${id}/plan`), snapshot: await get(`${id}/snapshot`) }))
    tally.add(`plan: ${String(run['state'])} ${String(run['exit'])}`)
  }
  return found
}

async function sentAndCompared(playing: Playing, { request, how, language }: { request: Sent; how: string | null; language: string }): Promise<string[]> {
  const { stage: { address }, world, tally, requests } = playing
  const { command, actor, key, ifMatch } = request
  const { method, path, content, type } = httpOf(command)
  const said = await asked(address, path, {
    method, content, headers: {
      'accept-language': language, authorization: `As ${actor}`, 'idempotency-key': key ?? '', ...(ifMatch === null ? {} : { 'if-match': ifMatch }), ...type,
    },
  })
  const predicted = world.act(request, await givenBy(playing, command.op, said))
  const { status, code, kept, body, again: isAgain } = predicted
  requests.push(`${method} ${path} as ${actor}, key ${key ?? 'none'}${ifMatch === null ? '' : `, If-Match ${ifMatch}`}` +
    `${command.body === null ? '' : ` ${JSON.stringify(command.body)}`} -> ${said.status} ${String((said.json as Fields | null)?.['code'] ?? '')}`)
  tally.add(how === null ? `${command.op} ${code ?? status}` : `again: ${how}`)
  if (code !== null) tally.add(`refusal: ${code}`)
  const version = code === null && body?.['version'] !== undefined ? `"${String(body['version'])}"` : null
  const found = [
    ...compared(said, predicted), ...differences('ETag', said.header('etag'), version),
    ...differences('idempotency-replayed', said.header('idempotency-replayed'), isAgain ? 'true' : null),
    ...(isAgain ? differences('bytes', said.text, kept?.bytes) : []),
  ]
  if (kept !== null && !isAgain) kept.bytes = said.text
  return found
}

/** Where somebody came to lie without the answer saying so, what the service calls that stay. */
const MAKES_STAYS: readonly Op[] = ['arriveOrder', 'turnPositive', 'importScenario']
async function givenBy({ stage: { address } }: Playing, op: Op, said: Answer): Promise<Given> {
  const id = String((said.json as Fields | null)?.['id'] ?? 'none')
  if (said.status >= 300 || !MAKES_STAYS.includes(op)) return { id, stays: new Map() }
  const { json } = await asked(address, '/api/stays?open=true&limit=500', { method: 'GET', headers: { authorization: 'As local' }, content: null })
  const { items } = json as { items: readonly { id: string; case: string }[] }
  return { id, stays: new Map(items.map((stay) => [stay.case, stay.id])) }
}

function httpOf({ op, id, body }: Command): { method: string; path: string; content: string | Uint8Array | null; type: Readonly<Record<string, string>> } {
  const [method = '', path = ''] = OPERATIONS[op].split(' ')
  const address = `/api${path.replace('{id}', encodeURIComponent(id ?? ''))}`
  if (op === 'importScenario') return { method, path: address, content: scenarioZip(lawful(body)), type: { 'content-type': 'application/zip' } }
  return { method, path: address, content: body === null ? null : JSON.stringify(body), type: body === null ? {} : { 'content-type': 'application/json' } }
}

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { interleaved, quantile, type Row, rowOf } from './benchRows.js'
import { judgementOf, type Judgement, type Level, type Passed, type Served } from './materialJudge.js'
import type { Told } from './materialOnce.js'
import { SECONDS_PER_MODEL } from './materialPeer.js'

/** What a plan of material for 500 places, 30 items and seven days may take. */
const SECONDS_MAX = 60
const MEBIBYTES_MAX = 1024
const PEER = 'highs'
const TOLD_BYTES_MAX = 1 << 28

export interface CitySize {
  readonly places: number
  readonly items: number
}

/** Rows of the bench, and what must not be: then the figures are worth nothing. */
export interface MaterialRows {
  readonly rows: readonly Row[]
  readonly differences: readonly string[]
}

/**
 * A plan of material beside HiGHS on the plain model of the same city, each in a process of its own; then both answers
 * are judged in the same arithmetic.
 */
export async function materialRows(runs: number, size: CitySize): Promise<MaterialRows> {
  const both = new Both(size)
  const times = await interleaved(runs, { ours: async () => both.run('ours').milliseconds, peer: async () => both.run('peer').milliseconds })
  const { ours, peer } = both.last
  const judgement = judgementOf(ours.slots, peer.slots)
  const isSingle = ({ item }: Served) => ours.singles.includes(item)
  const bySingles = judgementOf(ours.slots.filter(isSingle), peer.slots.filter(isSingle))
  const row = rowOf({ name: 'material', ours: times.ours, peer: times.peer, peerName: PEER })
  const memory = rowOf({ name: 'materialMemory', ours: both.mebibytes.ours, peer: both.mebibytes.peer, unit: 'MiB', peerName: PEER })
  const what = [
    `${size.places} places, ${size.items} items, 7 days, from scenario to checked plan (${seconds(both.processor)} s of processor); the peer one weighted model an item`,
    ...(peer.unproved.length === 0 ? [] : [`${peer.unproved.length} of its models ended after ${SECONDS_PER_MODEL} s`]),
    ...wordsOf(judgement), `of items that go out by the unit ${apartIn(bySingles)}`, ...(peer.disorder === 0 ? [] : [`our check finds its order broken ${peer.disorder} times`]),
    ...(row.ours <= SECONDS_MAX * 1000 ? [] : [`over the aim of ${SECONDS_MAX} s`]),
  ]
  const over = memory.ours <= MEBIBYTES_MAX ? 'peak of a process of its own' : `peak of a process of its own; over the aim of ${MEBIBYTES_MAX} MiB`
  return {
    rows: [{ ...row, note: what.join('; ') }, { ...memory, note: over }],
    differences: [...both.differences, ...differencesIn(judgement), ...peer.broken.slice(0, 3).map((broken) => `material, ${PEER}: no lawful plan: ${broken}`)],
  }
}

const seconds = (milliseconds: readonly number[]): string => (quantile(milliseconds, 0.5) / 1000).toFixed(1)

/** Runs one and the other, and keeps what the last of each told. */
class Both {
  readonly mebibytes: { ours: number[]; peer: number[] } = { ours: [], peer: [] }
  readonly processor: number[] = []
  readonly differences: string[] = []
  private readonly told = new Map<'ours' | 'peer', Told>()

  constructor(private readonly size: CitySize) {}

  get last(): { ours: Told; peer: Told } {
    const [ours, peer] = [this.told.get('ours'), this.told.get('peer')]
    if (ours === undefined || peer === undefined) throw new Error('neither has been run')
    return { ours, peer }
  }

  run(who: 'ours' | 'peer'): Told {
    const told = toldBy(who, this.size)
    const before = this.told.get(who)
    this.told.set(who, told)
    this.mebibytes[who].push(told.kibibytes / 1024)
    if (who === 'ours') this.processor.push(told.processorMilliseconds)
    // What a solver has found when its time is up depends on the machine.
    const isProved = told.unproved.length === 0 && before?.unproved.length === 0
    if (isProved && before?.hash !== told.hash) this.differences.push(`material, ${who}: not the same shipments twice`)
    return told
  }
}

function toldBy(who: 'ours' | 'peer', { places, items }: CitySize): Told {
  const child = fileURLToPath(new URL('materialOnce.js', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, [child, who, String(places), String(items)], { encoding: 'utf8', maxBuffer: TOLD_BYTES_MAX })
  if (status !== 0) throw new Error(`material of ${who} in a process of its own ended with ${status}: ${stderr}`)
  return JSON.parse(stdout) as Told
}

/** What the peer's answer does to the order, in a few sentences. */
export function wordsOf(judgement: Judgement): string[] {
  const { levels, passedByThem, passedByUs } = judgement
  // Where goods can come to some place only later, both have it at nought.
  const short = levels.find(({ least }) => least.ours !== least.theirs) ?? levels.find(({ ours, theirs }) => ours > 0 || theirs > 0)
  return [
    apartIn(judgement),
    `covered less than our least covered while others are covered more: ${timesOf(passedByThem)}; the other way round ${timesOf(passedByUs)}`,
    ...(short === undefined ? [] : [`the least covered in ${short.name}: ours ${short.least.ours} ‰, the peer's ${short.least.theirs} ‰`]),
  ]
}

function apartIn({ levels }: Judgement): string {
  const apart = levels.filter(({ ours, theirs }) => ours !== theirs)
  const [first] = apart
  return first === undefined ? `all ${levels.length} bands and tiers alike` : `${apart.length} of ${levels.length} bands and tiers differ, first ${unservedIn(first)}`
}

const unservedIn = ({ name, ours, theirs }: Level): string => `${name} with ${ours} units unserved, the peer's ${theirs}`
const timesOf = ({ times, places }: Passed): string => (times === 0 ? 'nobody' : `${times} times at ${places} places`)

/** A first level that the peer serves better: for what goes out by the unit it is proved that there is none. */
export function differencesIn({ better }: Judgement): string[] {
  return better.map(({ item, level, units }) => `material, ${PEER} serves ${units} units of ${item} more in ${level}, all before being alike`)
}

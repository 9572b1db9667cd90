import { remembered } from '../../src/kernel/remembered.js'

/** So many of an item that a place needs on a day in one band and tier, and how many of them an answer serves. */
export interface Served {
  readonly place: string
  readonly item: string
  readonly band: number
  readonly tier: number
  readonly day: number
  readonly units: number
  readonly served: number
}

/** A band and tier, and what two answers leave unserved of it. */
export interface Level {
  readonly name: string
  readonly ours: number
  readonly theirs: number
  /** The smallest share of what a place needs of an item on one day of it, in thousandths. */
  readonly least: { readonly ours: number; readonly theirs: number }
}

/** Who is covered less than the least covered of the other answer, while somebody is covered more. */
export interface Passed {
  /** Places, items and days. */
  readonly times: number
  readonly places: number
  readonly first: Served | null
}

export interface Judgement {
  readonly levels: readonly Level[]
  /** Of each, what the other does not do. */
  readonly passedByThem: Passed
  readonly passedByUs: Passed
  /** Items of which they serve more in a level, all earlier ones being alike. */
  readonly better: readonly Better[]
}

export interface Better {
  readonly item: string
  readonly level: string
  readonly units: number
}

/**
 * Two answers to one problem, slot by slot in the same order: bands before tiers, and within the same band, tier and day
 * the least covered first. Nothing is asked of whoever found them.
 */
export function judgementOf(ours: readonly Served[], theirs: readonly Served[]): Judgement {
  const pairs = ours.map((slot, i) => ({ slot, ours: slot.served, theirs: servedOf(slot, theirs[i]) }))
  return {
    levels: levelsOf(pairs),
    passedByThem: passed(pairs, (pair) => pair.theirs, (pair) => pair.ours),
    passedByUs: passed(pairs, (pair) => pair.ours, (pair) => pair.theirs),
    better: betterIn(pairs),
  }
}

interface Pair {
  readonly slot: Served
  readonly ours: number
  readonly theirs: number
}

function servedOf(slot: Served, other: Served | undefined): number {
  const isSame = other !== undefined && other.place === slot.place && other.item === slot.item && other.units === slot.units &&
    other.band === slot.band && other.tier === slot.tier && other.day === slot.day
  if (!isSame) throw new Error(`the answers are not of the same need: ${JSON.stringify([slot, other ?? null])}`)
  return other.served
}

const levelOf = ({ band, tier }: Served): string => `band${band}.tier${tier}`
const shareOf = (served: number, { units }: Served): number => Math.floor((served * 1000) / units)

function grouped(pairs: readonly Pair[], keyOf: (slot: Served) => string): [string, Pair[]][] {
  const groups = new Map<string, Pair[]>()
  for (const pair of pairs) remembered(groups, keyOf(pair.slot), () => []).push(pair)
  return [...groups]
}

const unserved = (pairs: readonly Pair[], served: (pair: Pair) => number): number =>
  pairs.reduce((sum, pair) => sum + pair.slot.units - served(pair), 0)
const leastOf = (pairs: readonly Pair[], served: (pair: Pair) => number): number =>
  pairs.reduce((least, pair) => Math.min(least, shareOf(served(pair), pair.slot)), 1000)

function levelsOf(pairs: readonly Pair[]): Level[] {
  return grouped(pairs, levelOf).sort(([, [a]], [, [b]]) => inOrder(a, b)).map(([name, own]) => ({
    name, ours: unserved(own, (pair) => pair.ours), theirs: unserved(own, (pair) => pair.theirs),
    least: { ours: leastOf(own, (pair) => pair.ours), theirs: leastOf(own, (pair) => pair.theirs) },
  }))
}

const inOrder = (a: Pair | undefined, b: Pair | undefined): number =>
  (a?.slot.band ?? 0) - (b?.slot.band ?? 0) || (a?.slot.tier ?? 0) - (b?.slot.tier ?? 0)

function passed(pairs: readonly Pair[], of: (pair: Pair) => number, other: (pair: Pair) => number): Passed {
  const found = grouped(pairs, (slot) => `${levelOf(slot)} ${slot.day} ${slot.item}`).flatMap(([, own]) => {
    const least = leastOf(own, other)
    const most = own.reduce((best, pair) => Math.max(best, shareOf(of(pair), pair.slot)), 0)
    return own.filter((pair) => shareOf(of(pair), pair.slot) < Math.min(least, most)).map(({ slot }) => slot)
  })
  return { times: found.length, places: new Set(found.map(({ place }) => place)).size, first: found[0] ?? null }
}

/** Item by item, since none of them can stand in for another. */
function betterIn(pairs: readonly Pair[]): Better[] {
  return grouped(pairs, ({ item }) => item).flatMap(([item, own]): Better[] => {
    const level = levelsOf(own).find(({ ours, theirs }) => ours !== theirs)
    return level === undefined || level.theirs > level.ours ? [] : [{ item, level: level.name, units: level.ours - level.theirs }]
  })
}

import { shown } from '../../kernel/shown.js'
import { type Text, text } from '../../kernel/text.js'
import { type Day, dayOf, momentOf } from '../../kernel/time.js'
import type { TableName } from '../scenario.js'
import { type Check, type Report, rowOf, type Sound } from './faultList.js'
import { once } from './items.js'
import { soundPlanDay } from './settings.js'

/** A place receives once, under the command, and does not give out as well: what lies there is either its own or to be given. */
export const checkReceivers: Check = (sound, report) => {
  const ofPlace = new Map<string, string>()
  for (const [id, { place }] of Object.entries(sound.receivers)) {
    const got = { table: 'receivers' as const, id, field: 'place', got: place }
    if (once(ofPlace, id, [place]) !== null) report(got, text('一个场所只写一行', 'a place must stand once'))
    if (rowOf(sound.places, place)?.underCommand === false) {
      report(got, text('此场所不归本委调度，不列入物资计划', 'must be a place under the command: the commission does not plan material for others'))
    }
  }
  const ofSource = new Map<string, string>()
  for (const [id, { place }] of Object.entries(sound.sources)) {
    const got = { table: 'sources' as const, id, field: 'place', got: place }
    if (once(ofSource, id, [place]) !== null) report(got, text('一个场所只写一行', 'a place must stand once'))
    if (ofPlace.has(JSON.stringify([place]))) {
      report(got, text(
        '此场所是受领场所；发出与受领须是两个场所，如“某院”与“某院库房”',
        'must not be a receiver as well: who gives out and who receives are two places, such as a hospital and its store',
      ))
    }
  }
}

/** People on shift, their use and what is on the road belong to places that material is planned for. */
export const checkOfReceivers: Check = (sound, report) => {
  const receivers = placesIn(sound, 'receivers')
  const seen = { staff: new Map<string, string>(), uses: new Map<string, string>() }
  for (const [id, { place, area, zone, role }] of Object.entries(sound.staff)) {
    reportUnless(receivers, sound, { table: 'staff', id, field: 'place', got: place }, report)
    const other = once(seen.staff, id, [place, area, zone, role])
    if (other !== null) report({ table: 'staff', id, field: 'role', got: role }, twice(other))
  }
  for (const [id, { place, item }] of Object.entries(sound.uses)) {
    reportUnless(receivers, sound, { table: 'uses', id, field: 'place', got: place }, report)
    const other = once(seen.uses, id, [place, item])
    if (other !== null) report({ table: 'uses', id, field: 'item', got: item }, twice(other))
  }
  for (const [id, { to }] of Object.entries(sound.consignments)) {
    reportUnless(receivers, sound, { table: 'consignments', id, field: 'to', got: to }, report)
  }
}

const twice = (other: string): Text => text(`同一内容只写一行；${shown(other)} 已写`, `must stand once; ${shown(other)} already states the same`)

/** Stock lies where it is given out or used; what is still to come, comes to where it is given out. */
export const checkStock: Check = (sound, report) => {
  const [receivers, sources] = [placesIn(sound, 'receivers'), placesIn(sound, 'sources')]
  for (const [id, lot] of Object.entries(sound.lots)) {
    if (isElsewhere(lot.place, new Set([...receivers, ...sources]), sound, ['receivers', 'sources'])) {
      report({ table: 'lots', id, field: 'place', got: lot.place }, text(
        '应为物资来源或受领场所：先登记该场所，或删去此批',
        'must be a source or a receiver of material: state the place as one of them, or leave the lot out',
      ))
    }
    reportEarmark('lots', id, lot, report)
  }
  for (const [id, supply] of Object.entries(sound.supplies)) {
    if (isElsewhere(supply.place, sources, sound, ['sources'])) {
      report({ table: 'supplies', id, field: 'place', got: supply.place }, text(
        '应为物资来源：到货先进来源，再由方案分配；已发往受领场所的写为在途物资',
        'must be a source: what comes goes to a source and is given out by the plan; what is on its way to a receiver is a consignment',
      ))
    }
    reportEarmark('supplies', id, supply, report)
  }
}

function reportEarmark(table: 'lots' | 'supplies', id: string, row: { authority: string; earmark: string | null }, report: Report): void {
  if (row.authority !== 'earmarkedDonation' || row.earmark !== null) return
  report({ table, id, field: 'earmark' }, text(
    '定向捐赠须写明指定给哪个场所或报告单位', 'an earmarked donation must name the place or reporting unit that it is for'))
}

/** What a plan of the day may be told of time: nothing comes on a day that is past, and what can no longer be used is not offered. */
export const checkStockTimes: Check = (sound, report) => {
  const { asOf } = sound
  const today = asOf === null ? null : dayOf(momentOf(asOf))
  for (const table of ['lots', 'supplies', 'consignments'] as const) {
    for (const [id, row] of Object.entries(sound[table])) {
      if (today === null || row.expiresOn === null || row.expiresOn >= today || ('quarantined' in row && row.quarantined)) continue
      report({ table, id, field: 'expiresOn', got: row.expiresOn }, text(
        `到数据截止日 ${today} 已过期；核对日期，过期的标为待检（quarantined）或删去`,
        `had expired by the day of asOf, ${today}: correct the day, or what has expired must be quarantined or left out`,
      ))
    }
  }
  const planDay = soundPlanDay(sound)
  if (planDay === null) return
  for (const [id, { day }] of Object.entries(sound.supplies)) {
    if (day < planDay) report({ table: 'supplies', id, field: 'day', got: day }, past(planDay, '已到的写为库存批次', 'what has come is a lot in stock'))
  }
  for (const [id, { arrivesOn }] of Object.entries(sound.consignments)) {
    if (arrivesOn >= planDay) continue
    report({ table: 'consignments', id, field: 'arrivesOn', got: arrivesOn }, past(
      planDay, '已到的写为库存批次，未到的写预计到达日', 'what has come is a lot in stock, what has not has a day on which it is expected'))
  }
}

const past = (planDay: Day, zh: string, en: string): Text =>
  text(`不能早于方案日 ${planDay}；${zh}`, `must not be before the plan's day, ${planDay}: ${en}`)

const placesIn = (sound: Sound, table: 'receivers' | 'sources'): Set<string> => new Set(Object.values(sound[table]).map(({ place }) => place))

/** A place that exists and is in none of the tables, as far as these can be read; one that does not exist is told elsewhere. */
const isElsewhere = (place: string, known: ReadonlySet<string>, sound: Sound, tables: readonly TableName[]): boolean =>
  Object.hasOwn(sound.places, place) && !known.has(place) && !tables.some((table) => sound.has(table, place))

interface Got {
  readonly table: TableName
  readonly id: string
  readonly field: string
  readonly got: string
}

function reportUnless(receivers: ReadonlySet<string>, sound: Sound, where: Got, report: Report): void {
  if (!isElsewhere(where.got, receivers, sound, ['receivers'])) return
  report(where, text(
    '应为受领场所：先登记为受领场所，或删去此行', 'must be a receiver of material: state the place as one, or leave this row out'))
}

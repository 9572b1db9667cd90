import { isStamped } from '../kernel/drill.js'
import { text } from '../kernel/text.js'
import type { Vocabulary } from '../kernel/vocabulary.js'
import { type Allocation, type MaterialPlan, type MaterialWay, type Shipment, type ShipmentLine, type Shortage, SHORTAGE_RULES } from '../planning/material/plan.js'
import { MATERIAL_WAYS_OUT } from '../planning/material/policy.js'
import type { Scenario } from '../planning/scenario.js'
import { AREAS } from '../supplies/norms.js'
import { type Column, columnsFor, csvOf, type Names, namesIn, wordIn, yesNo } from './csvOut.js'

const JOIN = ' | '
const PLACE = text('场所', 'place')
const ITEM = text('品种', 'item')
const REASON = text('理由', 'reason')

/** Whose line it is: those of a unit are sums of those of its places, so that nobody adds up both. */
const ALLOCATION_ROWS = {
  place: text('场所', 'place'),
  unit: text('区县合计', 'total of a unit'),
} as const satisfies Vocabulary<string>

/** What places, reporting units and items are called. */
interface Called {
  readonly places: Names
  readonly items: Names
}

/** The plan of material as tables for a spreadsheet, a table for each question that a supply officer asks of it. */
export function materialTables(material: MaterialPlan, scenario: Scenario): { name: string; csv: string }[] {
  const called: Called = { places: namesIn(scenario.places, scenario.units), items: namesIn(scenario.items) }
  const table = <R>(name: string, rows: readonly R[], columns: readonly Column<R>[]) => ({ name, csv: csvOf(rows, columns, isStamped(scenario.name)) })
  return [
    table('material-allocations.csv', material.allocations, allocationColumns(called)),
    table('material-shipments.csv', material.shipments.flatMap(linesOf), shipmentColumns(called)),
    table('material-unmet.csv', material.unmet, shortageColumns(called)),
    table('material-ways-out.csv', material.waysOut, wayColumns(called)),
    table('material-cover.csv', material.cover, coverColumns(called)),
    table('material-kits.csv', material.kits, kitColumns(called)),
    table('material-surplus.csv', material.surplus, surplusColumns(called)),
    table('material-withheld.csv', material.withheld, withheldColumns(called)),
    table('material-substitutions.csv', material.substitutions, substitutionColumns(called)),
    table('material-levels.csv', material.levels, levelColumns(called)),
    table('material-needs.csv', material.needs, needColumns(called)),
  ]
}

/** Hundredths of a day as days. */
const days = (hundredths: number): string => (hundredths / 100).toFixed(2)

function allocationColumns({ places, items }: Called): Column<Allocation>[] {
  const of = columnsFor<Allocation>(places)
  return [
    of.one('行 row', (one) => wordIn(ALLOCATION_ROWS, one.place === null ? 'unit' : 'place')),
    ...of.named(PLACE, (one) => one.place),
    ...of.named(text('由谁分配', 'split by'), (one) => one.unit),
    ...of.named(ITEM, (one) => one.item, items),
    ...of.named(text('代替', 'instead of'), (one) => one.substituteFor, items),
    of.one('需求测算 need', (one) => one.need),
    of.one('自有与在途 own', (one) => one.own),
    of.one('申请数量 asked', (one) => one.asked),
    of.one('建议数量 proposed', (one) => one.allocated),
    of.one('满足千分比 met per mille', (one) => one.share),
    of.one('可用天数现状 days before', (one) => days(one.daysBefore)),
    of.one('可用天数方案后 days after', (one) => days(one.daysAfter)),
    of.one('档 band', (one) => one.band + 1),
    of.one('类 tier', (one) => one.tier),
    of.one('区域 areas', (one) => one.areas.map(({ area, served, need }) => `${wordIn(AREAS, area)} ${served}/${need}`).join(JOIN)),
    of.one('批次 lots', (one) => one.lots.map(({ row, from, units }) => `${row} ${from} ${units}`).join(JOIN)),
    ...of.both(REASON, (one) => one.reason),
  ]
}

interface Line {
  readonly shipment: Shipment
  readonly line: ShipmentLine
}

const linesOf = (shipment: Shipment): Line[] => shipment.lines.map((line) => ({ shipment, line }))

function shipmentColumns({ places, items }: Called): Column<Line>[] {
  const of = columnsFor<Line>(places)
  return [
    of.one('单号 shipment', ({ shipment }) => shipment.id),
    ...of.named(text('来源', 'from'), ({ shipment }) => shipment.from),
    ...of.named(text('受领场所', 'to'), ({ shipment }) => shipment.to),
    ...of.named(text('由谁分配', 'split by'), ({ shipment }) => shipment.unit),
    of.one('发出日 leaves on', ({ shipment }) => shipment.leavesOn),
    of.one('可用日 usable from', ({ shipment }) => shipment.arrivesOn),
    of.one('升 litres', ({ shipment }) => shipment.litres),
    ...of.named(ITEM, ({ line }) => line.item, items),
    of.one('库存或到货 table', ({ line }) => line.table),
    of.one('批次 lot', ({ line }) => line.row),
    of.one('数量 units', ({ line }) => line.units),
    of.one('包装 packings', ({ line }) => line.packings.map(({ packing, count }) => `${count} ${packing}`).join(JOIN)),
    of.one('散件 singles', ({ line }) => line.singles),
    ...of.named(text('代替', 'instead of'), ({ line }) => line.substituteFor, items),
  ]
}

function shortageColumns({ places, items }: Called): Column<Shortage>[] {
  const of = columnsFor<Shortage>(places)
  return [
    ...of.named(PLACE, (one) => one.place),
    of.one('区域 area', (one) => wordIn(AREAS, one.area)),
    ...of.named(ITEM, (one) => one.item, items),
    of.one('本档首个不足日 first day of the band not covered', (one) => one.day),
    of.one('缺 units', (one) => one.units),
    of.one('档 band', (one) => one.band + 1),
    of.one('类 tier', (one) => one.tier),
    of.one('规则 rule', (one) => wordIn(SHORTAGE_RULES, one.rule)),
    of.one('出路 ways out', (one) => one.waysOut.join(JOIN)),
  ]
}

function wayColumns({ places, items }: Called): Column<MaterialWay>[] {
  const of = columnsFor<MaterialWay>(places)
  return [
    of.one('出路 way out', (way) => way.id),
    of.one('类别 kind', (way) => wordIn(MATERIAL_WAYS_OUT, way.kind)),
    ...of.named(ITEM, (way) => way.item, items),
    ...of.both(text('做法', 'what to do'), (way) => way.text),
    of.one('代价 price', (way) => `${way.amount} ${way.unit.zh} ${way.unit.en}`),
    of.one('现缺 short before', (way) => way.proved.before),
    of.one('采纳后缺 short then', (way) => way.proved.after),
  ]
}

function coverColumns({ places, items }: Called): Column<MaterialPlan['cover'][number]>[] {
  const of = columnsFor<MaterialPlan['cover'][number]>(places)
  return [
    ...of.named(PLACE, (one) => one.place),
    ...of.named(ITEM, (one) => one.item, items),
    of.one('可用天数现状 days before', (one) => days(one.daysBefore)),
    of.one('可用天数方案后 days after', (one) => days(one.daysAfter)),
    of.one('首个不足日 runs out on', (one) => one.runsOutOn),
  ]
}

function kitColumns({ places, items }: Called): Column<MaterialPlan['kits'][number]>[] {
  const of = columnsFor<MaterialPlan['kits'][number]>(places)
  return [
    ...of.named(PLACE, (one) => one.place),
    of.one('套件 kit', (one) => one.kit),
    of.one('需求 need', (one) => one.need),
    of.one('配齐 served', (one) => one.served),
    of.one('缺的是 short of', (one) => one.shortOf.map(({ item, units }) => `${items(item) ?? item} ${units}`).join(JOIN)),
  ]
}

function surplusColumns({ places, items }: Called): Column<MaterialPlan['surplus'][number]>[] {
  const of = columnsFor<MaterialPlan['surplus'][number]>(places)
  return [
    ...of.named(PLACE, (one) => one.place),
    ...of.named(ITEM, (one) => one.item, items),
    of.one('数量 units', (one) => one.units),
    of.one('类别 why', (one) => one.why),
    ...of.both(REASON, (one) => one.text),
  ]
}

function withheldColumns({ places, items }: Called): Column<MaterialPlan['withheld'][number]>[] {
  const of = columnsFor<MaterialPlan['withheld'][number]>(places)
  return [
    of.one('库存或到货 table', (one) => one.table),
    of.one('批次 lot', (one) => one.row),
    ...of.named(PLACE, (one) => one.place),
    ...of.named(ITEM, (one) => one.item, items),
    of.one('数量 units', (one) => one.units),
    of.one('规则 rule', (one) => one.rule),
    ...of.both(REASON, (one) => one.text),
  ]
}

function substitutionColumns({ places, items }: Called): Column<MaterialPlan['substitutions'][number]>[] {
  const of = columnsFor<MaterialPlan['substitutions'][number]>(places)
  return [
    ...of.named(PLACE, (one) => one.place),
    ...of.named(ITEM, (one) => one.item, items),
    ...of.named(text('替代品', 'substitute'), (one) => one.substitute, items),
    of.one('数量 units', (one) => one.units),
    ...of.both(text('说明', 'note'), (one) => one.text),
  ]
}

function levelColumns({ places, items }: Called): Column<MaterialPlan['levels'][number]>[] {
  const of = columnsFor<MaterialPlan['levels'][number]>(places)
  return [
    of.one('次序 rank', (level) => level.rank),
    of.one('规则 rule', (level) => level.rule),
    ...of.both(text('名称', 'title'), (level) => level.title),
    of.one('数值 value', (level) => level.value),
    of.one('单位 unit', (level) => `${level.unit.zh} ${level.unit.en}`),
    of.one('其中 short', (level) => level.short.map(({ item, units }) => `${items(item) ?? item} ${units}`).join(JOIN)),
    of.one('已证最优 optimal', (level) => yesNo(level.optimal)),
    of.one('下界 bound', (level) => level.bound),
    ...of.both(text('说明', 'note'), (level) => level.note),
  ]
}

function needColumns({ places, items }: Called): Column<MaterialPlan['needs'][number]>[] {
  const of = columnsFor<MaterialPlan['needs'][number]>(places)
  return [
    ...of.named(PLACE, (one) => one.place),
    of.one('区域 area', (one) => wordIn(AREAS, one.area)),
    of.one('类 tier', (one) => one.tier),
    ...of.named(ITEM, (one) => one.item, items),
    of.one('各档千分数 thousandths by band', (one) => one.perMilleByBand.join(JOIN)),
    of.one('实耗修正千分比 factor per mille', (one) => one.factorPerMille),
  ]
}

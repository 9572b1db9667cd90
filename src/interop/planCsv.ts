import { SEVERITIES } from '../cases/cases.js'
import { CARE_LEVELS } from '../facilities/beds.js'
import { isStamped } from '../kernel/drill.js'
import { joinTexts, type Text, text } from '../kernel/text.js'
import { TABLE_TITLES } from '../planning/faults/faultList.js'
import { EDIT_KINDS } from '../planning/edits.js'
import type { Plan } from '../planning/plan.js'
import { WAY_OUT_KINDS } from '../planning/policy.js'
import { NEEDS_IN_ORDER, type Scenario } from '../planning/scenario.js'
import { type Column, columnsFor, csvOf, type Names, namesIn, wordIn, yesNo } from './csvOut.js'
import { materialTables } from './planCsvOfMaterial.js'

/** A spreadsheet cuts a cell off behind 32,767 letters; so many ids of 80 letters stay below. */
const IDS_PER_CELL = 400
const JOIN = ' | '

/** The plan as tables for a spreadsheet, every figure of it beside the words that people use. */
export function planTables(plan: Plan, scenario: Scenario): { name: string; csv: string }[] {
  const names = namesIn(scenario.places, scenario.units)
  const table = <R>(name: string, rows: readonly R[], columns: readonly Column<R>[]) => ({ name, csv: csvOf(rows, columns, isStamped(scenario.name)) })
  return [
    table('moves.csv', plan.moves, moveColumns(names)),
    table('trips.csv', plan.trips, tripColumns(names)),
    table('unplaced.csv', plan.unplaced, unplacedColumns(names)),
    table('levels.csv', plan.levels, levelColumns(names)),
    table('teams.csv', plan.teams, teamColumns(names, namesIn(scenario.teams))),
    table('reserves.csv', plan.reserves, reserveColumns(names)),
    table('edits.csv', plan.edits, editColumns(names)),
    table('unmet.csv', plan.unmet.flatMap(waysOf), unmetColumns(names)),
    table('assumed.csv', plan.assumed.flatMap(inCells), assumedColumns(names)),
    ...(plan.material === null ? [] : materialTables(plan.material, scenario)),
  ]
}

const FROM = text('转出地', 'from')
const TO = text('接收地', 'to')
const REASON = text('理由', 'reason')

function moveColumns(names: Names): Column<Plan['moves'][number]>[] {
  const of = columnsFor<Plan['moves'][number]>(names)
  return [
    of.one('患者 patient', (move) => move.patient),
    of.one('病情 severity', (move) => wordIn(SEVERITIES, move.severity)),
    ...of.named(FROM, (move) => move.from),
    of.one('转出床位 from pool', (move) => move.fromPool),
    ...of.named(TO, (move) => move.to),
    of.one('接收床位 pool', (move) => move.pool),
    of.one('床位级别 care level', (move) => wordIn(CARE_LEVELS, move.careLevel)),
    of.one('转运指令 order', (move) => move.order),
    of.one('车次 trip', (move) => move.trip),
    of.one('出发 departs', (move) => move.departs),
    of.one('到达 arrives', (move) => move.arrives),
    of.one('路程分钟 travel minutes', (move) => move.travelMinutes),
    ...of.both(REASON, (move) => move.reason),
    ...of.named(text('次选', 'next best'), (move) => move.nextBest?.to ?? null),
    of.one('次选床位 next best pool', (move) => move.nextBest?.pool ?? null),
    of.one('次选路程分钟 next best travel minutes', (move) => move.nextBest?.travelMinutes ?? null),
    of.one('次选代价 next best differences', (move) => {
      const differences = move.nextBest?.differences.map(({ rank, rule, difference }) =>
        `${rank} ${rule} ${difference > 0 ? '+' : ''}${difference}`)
      return differences?.join(JOIN) ?? null
    }),
  ]
}

function tripColumns(names: Names): Column<Plan['trips'][number]>[] {
  const of = columnsFor<Plan['trips'][number]>(names)
  return [
    of.one('车次 trip', (trip) => trip.id),
    of.one('救护车 vehicle', (trip) => trip.vehicle),
    of.one('车组 crew', (trip) => trip.crew),
    ...of.named(text('驻地', 'base'), (trip) => trip.base),
    of.one('患者 patients', (trip) => trip.patients.join(JOIN)),
    ...of.named(FROM, (trip) => trip.from),
    ...of.named(TO, (trip) => trip.to),
    of.one('离开驻地 leaves base', (trip) => trip.leavesBase),
    of.one('出发 departs', (trip) => trip.departs),
    of.one('到达 arrives', (trip) => trip.arrives),
    of.one('洗消完成 decontaminated until', (trip) => trip.decontaminatedUntil),
  ]
}

function unplacedColumns(names: Names): Column<Plan['unplaced'][number]>[] {
  const of = columnsFor<Plan['unplaced'][number]>(names)
  return [
    of.one('患者 patient', (person) => person.patient),
    of.one('病情 severity', (person) => wordIn(SEVERITIES, person.severity)),
    ...of.named(text('所在地', 'at'), (person) => person.at),
    of.one('规则 rule', (person) => person.rule),
    ...of.both(REASON, (person) => person.reason),
  ]
}

function levelColumns(names: Names): Column<Plan['levels'][number]>[] {
  const of = columnsFor<Plan['levels'][number]>(names)
  return [
    of.one('次序 rank', (level) => level.rank),
    of.one('层级 level', (level) => (level.level === 'need' ? '需要 need' : '愿望 wish')),
    of.one('规则 rule', (level) => level.rule),
    ...of.both(text('名称', 'title'), (level) => level.title),
    of.one('数值 value', (level) => level.value),
    of.one('单位 unit', (level) => `${level.unit.zh} ${level.unit.en}`),
    of.one('已证最优 optimal', (level) => yesNo(level.optimal)),
    of.one('下界 bound', (level) => level.bound),
    ...of.both(text('说明', 'note'), (level) => level.note),
  ]
}

function teamColumns(names: Names, teams: Names): Column<Plan['teams'][number]>[] {
  const of = columnsFor<Plan['teams'][number]>(names)
  return [
    of.one('患者 patient', (proposal) => proposal.patient),
    ...of.named(TO, (proposal) => proposal.to),
    ...of.named(text('专家组', 'team'), (proposal) => proposal.team, teams),
    ...of.named(text('出发地', 'from'), (proposal) => proposal.from),
    of.one('路程分钟 travel minutes', (proposal) => proposal.travelMinutes),
    ...of.both(REASON, (proposal) => proposal.reason),
  ]
}

function reserveColumns(names: Names): Column<Plan['reserves'][number]>[] {
  const of = columnsFor<Plan['reserves'][number]>(names)
  return [
    ...of.named(text('后备医院', 'reserve hospital'), (reserve) => reserve.place),
    of.one('分区 block', (reserve) => reserve.block),
    of.one('启用 opened', (reserve) => yesNo(reserve.opened)),
    ...of.both(REASON, (reserve) => reserve.reason),
  ]
}

function editColumns(names: Names): Column<Plan['edits'][number]>[] {
  const of = columnsFor<Plan['edits'][number]>(names)
  return [
    of.one('编号 edit', (edit) => edit.edit),
    of.one('类别 kind', (edit) => wordIn(EDIT_KINDS, edit.kind)),
    of.one('病例 patient', (edit) => edit.patient),
    ...of.named(text('报告单位', 'reporting unit'), (edit) => edit.unit),
    ...of.named(text('场所', 'place'), (edit) => edit.place),
    of.one('床位 pool', (edit) => edit.pool),
    ...of.both(text('决定', 'decision'), (edit) => edit.text),
    of.one('决定岗位 by', (edit) => edit.by),
    of.one('理由 reason', (edit) => edit.reason),
    of.one('已照办 carried out', (edit) => yesNo(edit.carriedOut)),
    ...of.both(text('结果', 'outcome'), (edit) => edit.outcome),
  ]
}

type Unmet = Plan['unmet'][number]
interface UnmetRow {
  readonly unmet: Unmet
  /** null where no way out was found. */
  readonly way: Unmet['waysOut'][number] | null
}

const waysOf = (unmet: Unmet): UnmetRow[] =>
  unmet.waysOut.length === 0 ? [{ unmet, way: null }] : unmet.waysOut.map((way) => ({ unmet, way }))

const clashOf = ({ clash }: Unmet): Text | null =>
  clash === null ? null : joinTexts(clash.rules.map((one) => one.text), text(JOIN, JOIN))

function unmetColumns(names: Names): Column<UnmetRow>[] {
  const of = columnsFor<UnmetRow>(names)
  return [
    of.one('规则 rule', ({ unmet }) => unmet.rule),
    of.one('需要 need', ({ unmet }) => wordIn(NEEDS_IN_ORDER, unmet.rule)),
    of.one('未满足 value', ({ unmet }) => unmet.value),
    of.one('必须 demanded', ({ unmet }) => yesNo(unmet.demanded)),
    ...of.both(text('冲突规则', 'clash'), ({ unmet }) => clashOf(unmet)),
    of.one('已证最小 smallest', ({ unmet }) => (unmet.clash === null ? null : yesNo(unmet.clash.smallest))),
    of.one('出路 way out', ({ way }) => way?.id ?? null),
    of.one('类别 kinds', ({ way }) => way?.kinds.map((kind) => wordIn(WAY_OUT_KINDS, kind)).join(JOIN) ?? null),
    ...of.both(text('做法', 'what to do'), ({ way }) => way?.text ?? null),
    of.one('代价 price', ({ way }) => {
      const price = way?.price.map(({ kind, amount, unit }) =>
        `${wordIn(WAY_OUT_KINDS, kind)} ${amount} ${unit.zh} ${unit.en}`)
      return price?.join(JOIN) ?? null
    }),
    of.one('采纳后数值 value then', ({ way }) => way?.proved.value ?? null),
  ]
}

type Assumed = Plan['assumed'][number]

const inCells = (assumed: Assumed): Assumed[] =>
  Array.from({ length: Math.ceil(assumed.ids.length / IDS_PER_CELL) }, (_, part) => ({
    ...assumed,
    ids: assumed.ids.slice(part * IDS_PER_CELL, (part + 1) * IDS_PER_CELL),
  }))

function assumedColumns(names: Names): Column<Assumed>[] {
  const of = columnsFor<Assumed>(names)
  return [
    of.one('表 table', (assumed) => assumed.table),
    of.one('表名 table name', (assumed) => wordIn(TABLE_TITLES, assumed.table)),
    of.one('字段 field', (assumed) => assumed.field),
    of.one('条数 count', (assumed) => assumed.ids.length),
    of.one('编号 ids', (assumed) => assumed.ids.join(JOIN)),
    of.one('来源 source', (assumed) => assumed.source),
  ]
}

import { counted, type Text, text } from '../../kernel/text.js'
import type { Vocabulary } from '../../kernel/vocabulary.js'
import type { Concentration, Plan } from '../../planning/plan.js'
import type { Medium } from './planView.js'

/** Every fixed text of the printed plan, in both languages. Texts of data come with the plan and the scenario. */
export const WORDS = {
  colon: text('：', ': '),
  comma: text('、', ', '),
  semicolon: text('；', '; '),
  none: text('—', '-'),
  unknown: text('未知', 'unknown'),
  people: text('人', 'people'),
  minutes: text('分钟', 'min'),
  need: text('需要', 'need'),
  wish: text('愿望', 'wish'),
  because: text('因：', 'why: '),
  nextBest: text('次选：', 'next best: '),
  equallyGood: text('各级不变', 'no level changes'),
  before: text('现状', 'before'),
  after: text('方案后', 'after'),
  status: text('状态：', 'status: '),
  asOf: text('数据截至', 'as of'),
  snapshot: text('快照', 'snapshot'),
  overridden: text('本情景另定：', 'set by this scenario: '),
  opened: text('启用', 'opened'),
  notOpened: text('不启用', 'not opened'),
  neededByStruck: text('只有划去的各行要用', 'only struck lines needed it'),
  noTeam: text('无组可派', 'no team can be spared'),
  demanded: text('（必须满足）', ' (demanded)'),
  clash: text('冲突：', 'clash: '),
  smallestClash: text('（已证最小）', ' (no smaller set clashes)'),
  price: text('代价：', 'price: '),
  noWayOut: text('没有找到出路。', 'No way out was found.'),
  levelUnknown: text('级别不明', 'level not known'),
  proved: text('最优已证', 'proved optimal'),
  notProved: text('未证最优，下界不明', 'not proved optimal, bound not known'),
  noLevels: text('没有求出数值。', 'No values were computed.'),
  agrees: text('无分歧', 'none differs'),
  sentOnly: text('只转出：', 'sending only: '),
  perPlan: text('四集中转运方案', 'Sijizhong transfer plan'),
} as const satisfies Vocabulary<string>

export const HEADINGS = {
  levels: text('需要与愿望', 'Needs and wishes'),
  edits: text('人工决定', 'Decided by hand'),
  concentration: text('四集中', 'Four concentrations'),
  hospitals: text('按医院', 'By hospital'),
  patients: text('按病例', 'By patient'),
  trips: text('车次', 'Trips'),
  teams: text('建议派驻专家组', 'Expert teams proposed'),
  stays: text('留在原处', 'Who stays, and why'),
  reserves: text('后备医院', 'Reserve hospitals'),
  unmet: text('什么卡住了，出路何在', 'What binds, and the ways out'),
  asFound: text('现状已有的问题', 'As found'),
  callList: text('要打的电话', 'Call list'),
  stale: text('过旧的数字', 'Figures that are too old'),
  standing: text('已下达的指令（车辆、时间以指令为准）', 'Orders that stand (vehicle and times: see the order)'),
  startPreparing: text('应着手准备', 'Start preparing'),
  assumed: text('假定', 'What is assumed'),
  secondOpinion: text('第二意见', 'Second opinion'),
} as const satisfies Vocabulary<string>

export const COLUMNS = {
  place: text('医院', 'place'),
  careLevel: text('床位级别', 'care level'),
  occupied: text('在用 前→后', 'occupied'),
  staffed: text('开放床位', 'staffed'),
  protected: text('保留', 'kept'),
  arrivals: text('转入', 'arrive'),
  leaving: text('转出', 'leave'),
  patient: text('病例', 'patient'),
  patients: text('病例', 'patients'),
  severity: text('病情', 'severity'),
  from: text('从', 'from'),
  to: text('到', 'to'),
  bed: text('床位', 'bed'),
  trip: text('车次', 'trip'),
  departs: text('出发', 'departs'),
  arrives: text('到达', 'arrives'),
  minutes: text('分钟', 'min'),
  people: text('人数', 'people'),
  vehicle: text('车辆', 'vehicle'),
  vehicles: text('车辆数', 'vehicles'),
  base: text('出车点', 'base'),
  crew: text('班组', 'crew'),
  leavesBase: text('离站', 'leaves base'),
  clean: text('洗消至', 'clean'),
  trips: text('车次数', 'trips'),
  team: text('专家组', 'team'),
  at: text('现在', 'at'),
  why: text('原因', 'why'),
  block: text('分区', 'block'),
  decision: text('决定', 'decision'),
  order: text('转运指令', 'order'),
  state: text('状态', 'state'),
} as const satisfies Vocabulary<string>

export const STATUSES = {
  planned: text('已排出方案', 'planned'),
  nothingToDo: text('无需转运', 'nothing to do'),
  impossible: text('不可行', 'impossible'),
  outOfTime: text('超出时限，未求完', 'out of time, not finished'),
} as const satisfies Vocabulary<Plan['status']>

/** The four concentrations in their order, and what each is measured by. */
export const CONCENTRATIONS = {
  patients: {
    title: text('集中患者', 'patients'),
    of: text('确诊病例已集中收治', 'confirmed cases where the policy concentrates them'),
  },
  experts: {
    title: text('集中专家', 'experts'),
    of: text('重型、危重型在有专家组处', 'severe and critical cases under an expert team'),
  },
  resources: {
    title: text('集中资源', 'resources'),
    of: text('重症监护床、重型床在集中收治处', 'staffed intensive and severe beds where cases are concentrated'),
  },
  treatment: {
    title: text('集中救治', 'treatment'),
    of: text('有床可收而未集中的病例住院日', 'patient-days outside while a bed could take them'),
  },
} as const satisfies Record<keyof Concentration, { title: Text; of: Text }>
export const SITES_TREATING = text('收治点', 'sites that treat')
export const DAYS_OF_COVER = text('可用天数在收治点', 'days of supply at sites that treat')

/** Where each row is to be read that is not printed by itself, and how a way out is tried, in the words of whoever reads. */
export const POINTERS = {
  terminal: {
    each: text('请用 --json 或 --csv <目录>', '--json or --csv <folder>'),
    all: text('见 --json', 'see --json'),
    apply: (id: string) => text(`试排：--apply ${id}`, `try it: --apply ${id}`),
  },
  http: {
    each: text('见方案的 JSON（plan）或 CSV 表（tables）', 'in the JSON (plan) or the CSV tables (tables) of this run'),
    all: text('见方案的 JSON（plan）', 'see the JSON (plan) of this run'),
    apply: (id: string) => text(`试排：求方案时写 basedOn 此次计算、wayOut ${id}`, `try it: ask for a plan with basedOn this run and wayOut ${id}`),
  },
  paper: {
    each: text('见方案的 CSV 表', 'in the CSV tables of the plan'),
    all: text('见方案的 CSV 表', 'in the CSV tables of the plan'),
    apply: null,
  },
} as const satisfies Record<Medium, { each: Text; all: Text; apply: ((id: string) => Text) | null }>

/** Texts with figures or names in them. A name is already in the reader's language. */
export const PHRASES = {
  people: (n: number) => text(`${n} 人`, counted(n, 'people')),
  notProved: (bound: number) => text(`未证最优，下界 ${bound}`, `not proved optimal, no plan is below ${bound}`),
  grouped: (moves: number, each: Text) =>
    text(`共 ${moves} 人，同类合并列出；逐人${each.zh}。`, `${counted(moves, 'people')}, alike ones together; each of them: ${each.en}.`),
  groupedTrips: (trips: number, each: Text) =>
    text(`共 ${trips} 个车次，按出车点汇总；逐次${each.zh}。`, `${counted(trips, 'trips')}, summed by base; each of them: ${each.en}.`),
  more: (rows: number, all: Text) => text(`另有 ${rows} 条，${all.zh}。`, `${rows} more: ${all.en}.`),
  assumed: (each: Text) => text(`字段后为条数；逐条及来源${each.zh}。`, `Figures are rows; each with its source: ${each.en}.`),
  order: (id: string) => text(`执行转运指令 ${id}`, `carries out transfer order ${id}`),
  orderRides: (of: { order: string; vehicle: string; leaves: string; clean: string }) =>
    text(`转运指令 ${of.order}：${of.vehicle} ${of.leaves} 离站，${of.clean} 洗消完`, `transfer order ${of.order}: ${of.vehicle} leaves base at ${of.leaves}, clean at ${of.clean}`),
  struck: (reason: string) => text(`批准时划去，不执行：${reason}`, `struck at the approval, not carried out: ${reason}`),
  peopleStruck: (n: number) => text(`划去 ${n} 人`, `${n} of them struck`),
  carriedOut: (of: { people: number; trips: number; struck: number; kept: number; driven: number }) => text(
    `方案 ${of.people} 人、${of.trips} 车次；批准时划去 ${of.struck} 人，执行 ${of.kept} 人、${of.driven} 车次。划去的在下列各处标明，不计入“按医院”；各级数值和“四集中”按方案原文。`,
    `The plan moves ${counted(of.people, 'people')} in ${counted(of.trips, 'trips')}; ${of.struck} struck at the approval, ${of.kept} carried out in ${counted(of.driven, 'trips')}. `
      + 'What is struck is marked where it stands, and not counted by hospital; levels and the four concentrations are those of the plan as it was computed.'),
  decided: (of: { what: string; by: string; reason: string }) =>
    text(`${of.what}（岗位 ${of.by}：${of.reason}）`, `${of.what} (${of.by}: ${of.reason})`),
  rank: (rank: number, title: string) => text(`第 ${rank} 级 ${title}`, `level ${rank}, ${title}`),
  edition: (of: { title: string; edition: string; from: string }) =>
    text(
      `依据 ${of.title}，版本 ${of.edition}，${of.from} 起`,
      `under ${of.title}, edition ${of.edition}, in force from ${of.from}`,
    ),
  seed: (seed: string) => text(`抽签种子 ${seed}`, `lot seed ${seed}`),
  provedWay: (exit: number, value: string) =>
    text(`证实：照此再排，退出码 ${exit}，此项为 ${value}`, `proved by planning again: exit ${exit}, value ${value}`),
  secondOpinion: (of: { engine: string; carried: number; levels: number; differ: number }) =>
    text(
      `${of.engine} 复核：${of.levels} 级中 ${of.carried} 级可核，${of.differ} 级有分歧。`,
      `${of.engine}: carried ${of.carried} of ${of.levels} levels, ${of.differ} differ.`,
    ),
  noLevelConfirmed: (engine: string) => text(`${engine} 没有复核任何一级。`, `${engine} confirmed no level.`),
  differs: (level: string) => text(`有分歧：${level}`, `differs: ${level}`),
} as const satisfies Record<string, (...values: never[]) => Text>

import { counted, joinTexts, type Text, text } from '../../kernel/text.js'
import type { Vocabulary } from '../../kernel/vocabulary.js'
import type { MaterialPlan } from '../../planning/material/plan.js'

/** Fixed texts of the printed plan of material. Figures of need and of what is proposed keep their own words: they are never one. */
export const MATERIAL_HEADINGS = {
  plan: text('调拨方案（物资）', 'Allocation plan (material)'),
  levels: text('物资：各档各级缺多少', 'Material: what is short in each band and tier'),
  items: text('物资：按品种和场所', 'Material: by item and place'),
  kits: text('物资：整套', 'Material: complete sets'),
  shipments: text('物资：出库', 'Material: what leaves, by source and day'),
  unmet: text('物资：缺什么，出路何在', 'Material: what is short, and the ways out'),
  runsOut: text('物资：谁的什么哪天用完', 'Material: who runs out of what, and when'),
  substitutions: text('物资：替代使用', 'Material: what stands in for what'),
  standing: text('物资：已下达的在途物资', 'Material: what is on its way and stands'),
  withheld: text('物资：在库而不动用', 'Material: in stock, and not planned with'),
  surplus: text('物资：可收回或另用', 'Material: for recall or other use'),
  unexplained: text('物资：消耗与定额不符', 'Material: use that the norm does not explain'),
  fairness: text('物资：先后次序的代价', 'Material: what the order of bands and tiers costs'),
  callList: text('物资：要打的电话', 'Material: call list'),
} as const satisfies Vocabulary<string>

export const MATERIAL_COLUMNS = {
  short: text('缺', 'short'),
  why: text('为何', 'why'),
  place: text('场所', 'place'),
  item: text('品种', 'item'),
  need: text('需求', 'need'),
  own: text('自有', 'own'),
  asked: text('申请', 'asked'),
  proposed: text('建议', 'proposed'),
  share: text('满足', 'met'),
  days: text('可用天数', 'days of supply'),
  reaches: text('最急用于', 'most urgent use'),
  shipment: text('单号', 'shipment'),
  units: text('数量', 'units'),
  served: text('配齐', 'made up'),
  shortOf: text('缺的是', 'for want of'),
  day: text('日期', 'day'),
  firstShort: text('本档首个不足日', 'first day not covered'),
  binds: text('卡在', 'what binds'),
  ways: text('出路', 'ways out'),
  arrives: text('到达', 'arrives'),
  byOrder: text('按次序', 'by order'),
  mostInAll: text('不论次序至多', 'most in all'),
  price: text('少', 'fewer'),
} as const satisfies Vocabulary<string>

export const MATERIAL_WORDS = {
  noVolume: text('体积不详', 'volume not stated'),
  price: text('代价：', 'price: '),
  noWayOut: text('没有找到出路。', 'No way out was found.'),
  because: text('因：', 'why: '),
} as const satisfies Vocabulary<string>

export const SURPLUS_REASONS = {
  unused: text('各处均已够用', 'beyond all needs'),
  incomplete: text('缺同套的别的品种，配不成套', 'other parts of its kit are short'),
  outOfReach: text('别处仍缺，不合用或送不到', 'short elsewhere, where it cannot help'),
  aboveNeed: text('超出本处需求', 'beyond its own need'),
  expires: text('到期前用不完', 'expires before anybody can use it'),
} as const satisfies Vocabulary<MaterialPlan['surplus'][number]['why']>

/** Texts with figures or names in them. A name is already in the reader's language. */
export const MATERIAL_PHRASES = {
  days: (of: { from: string; to: string; days: number }) =>
    text(`方案期 ${of.from} 至 ${of.to}，共 ${of.days} 日`, `from ${of.from} to ${of.to}, ${counted(of.days, 'days')}`),
  total: (of: { shipments: number; places: number; items: number; kits: number; sets: number }) => {
    const short = joinTexts([
      ...(of.items === 0 ? [] : [text(`${of.items} 个品种短缺`, `${counted(of.items, 'items')} short`)]),
      ...(of.kits === 0 ? [] : [text(`${of.kits} 种整套缺 ${of.sets} 套`, `${counted(of.sets, 'sets')} of ${counted(of.kits, 'kits')} short`)]),
    ], text('，', ', '))
    return text(
      `${of.shipments} 单出库，送 ${of.places} 处；${short.zh === '' ? '无一短缺' : short.zh}。`,
      `${counted(of.shipments, 'shipments')} to ${counted(of.places, 'places')}; ${short.en === '' ? 'nothing is short' : short.en}.`,
    )
  },
  item: (of: { name: string; unit: string; need: string; own: string; proposed: string; lacking: number; unused: number }) => {
    const rest = joinTexts([
      ...(of.lacking === 0 && of.unused > 0 ? [] : [text(`仍缺 ${of.lacking}`, `still short ${of.lacking}`)]),
      ...(of.unused === 0 ? [] : [text(`因同套别的品种不够而用不上 ${of.unused}`, `${of.unused} ${of.unused === 1 ? 'is' : 'are'} not used for want of other parts of the kit`)]),
    ], text('，', ', '))
    return text(
      `${of.name}（${of.unit}），所列各处合计：需求 ${of.need}，自有 ${of.own}，建议 ${of.proposed}，${rest.zh}`,
      `${of.name} (${of.unit}), the places below together: need ${of.need}, own ${of.own}, proposed ${of.proposed}, ${rest.en}`,
    )
  },
  elsewhere: (places: number) =>
    text(`另有 ${places} 处也缺，本方案没有可分给它们的；见“缺什么，出路何在”`, `${counted(places, 'more places')} ${places === 1 ? 'is' : 'are'} short and given nothing: see what is short, and the ways out`),
  places: (n: number) => text(`${n} 处`, counted(n, 'places')),
  each: (n: number) => text(`${n} 处，每处`, `${counted(n, 'places')}, each`),
  kit: (of: { kit: string; parts: string }) => text(`一套 ${of.kit}：${of.parts}`, `one ${of.kit}: ${of.parts}`),
  alike: (names: string) => text(`同此：${names}`, `alike: ${names}`),
  grouped: (rows: number, each: Text) =>
    text(`共 ${rows} 行，同类合并列出；逐处${each.zh}。`, `${counted(rows, 'rows')}, alike ones together; each of them: ${each.en}.`),
  bandShort: (of: { days: number; norm: string; tier: number }) => text(`${of.days}日${of.norm}·${of.tier}级`, `${of.days}d ${of.norm}, tier ${of.tier}`),
  leaves: (of: { from: string; day: string; isSameDay: boolean; arrives: string }) =>
    text(
      `${of.from}，${of.day} 发出，${of.isSameDay ? '当日可用' : `${of.arrives} 起可用`}`,
      `${of.from}, leaving ${of.day}, usable ${of.isSameDay ? 'the same day' : `from ${of.arrives}`}`,
    ),
  litres: (litres: number) => text(`${litres} 升`, `${litres} l`),
  packed: (of: { count: number; packing: string }) => text(`${of.count} ${of.packing}`, `${of.count} ${of.packing}`),
  instead: (item: string) => text(`代替${item}`, `instead of ${item}`),
  ownInstead: (of: { place: string; item: string; instead: string; units: string }) =>
    text(`${of.place}：自有${of.item}代替${of.instead} ${of.units}`, `${of.place}: ${of.units} of its own ${of.item} instead of ${of.instead}`),
  loose: (units: number) => text(`散 ${units}`, `${units} loose`),
  proved: (of: { before: string; after: string }) =>
    text(`证实：照此再排，缺口由 ${of.before} 减至 ${of.after}`, `proved by planning again: short ${of.before} becomes ${of.after}`),
} as const satisfies Record<string, (...values: never[]) => Text>

import { type Text, text } from '../kernel/text.js'

/** The same field of a row as it goes out, and as it is put down. */
const ofRow = (row: string, fields: Readonly<Record<string, Text>>): Record<string, Text> =>
  Object.fromEntries(Object.entries(fields).flatMap(([field, note]) => [[`${row}.${field}`, note], [`${row}Body.${field}`, note]]))

const baseUnit = text('基本单位：只、双、套、瓶、袋', 'Base unit: piece, pair, suit, bottle, bag')
const released = text('处置方是否已放行；未放行的只列出，不进方案', 'Whether its authority released it; what is not is shown and never planned')

/** What the fields of material mean. */
export const MATERIAL_NOTES: Readonly<Record<string, Text>> = {
  item: text('品目', 'Item'),
  grade: text('级别，即标签上的标准号', 'Its grade: the standard on the label'),
  zones: text('按级别可进哪些区', 'Zones into which it may go by its grade'),
  shipsBy: text('不拆的最小发运包装；null 为可单个发运', 'The smallest packing that leaves a warehouse unopened; null: single units do'),
  cubicCentimetres: text('一个基本单位的体积（立方厘米）', 'Cubic centimetres of one base unit'),
  system: text('哪个编码系统', 'Whose code it is'),
  packing: text('哪种包装；null 为基本单位', 'Which packing; null: the base unit'),
  units: text('基本单位数', 'Base units'),
  substitute: text('用哪个品目代替', 'The item that stands in'),
  kit: text('哪一套', 'The kit'),
  per: text('按什么计', 'What it is counted by'),
  zone: text('哪个区；null 为各区', 'The zone; null: all of them'),
  conventionalPerMille: text('常规档，千分之一基本单位', 'The conventional tier, in thousandths of a base unit'),
  contingencyPerMille: text('应急档，千分之一基本单位', 'The contingency tier, in thousandths of a base unit'),
  crisisPerMille: text('危机档，千分之一基本单位', 'The crisis tier, in thousandths of a base unit'),
  effectiveFrom: text('自哪天起有效', 'The first day on which it holds'),
  effectiveUntil: text('哪天起不再有效；null 为一直有效', 'The first day on which it no longer holds; null: still in force'),
  suppliedBy: text('由哪个报告单位分配；null 为市级直接供应', 'The reporting unit that splits its own part; null: the city gives directly'),
  opensOn: text('哪天启用的新场所，配开办量；null 为已在运行', 'The day on which a new place opens, with its opening kit; null: it is at work'),
  area: text('哪类区域，政策据此分档', 'What is done there; the policy ranks areas in tiers'),
  peoplePerShift: text('每班几人', 'People on a shift'),
  shiftsPerDay: text('每日几班', 'Shifts a day'),
  days: text('几天', 'So many days'),
  keepBackPerMille: text('各品目库存留下不发的千分数', 'Share of each item’s stock that it keeps back, in thousandths'),
  litresPerDay: text('车辆一天能运多少升', 'Litres that its vehicles carry on one day'),
  lot: text('批次编号', 'Id of the lot'),
  expiresOn: text('最后可用日；null 为不过期', 'The last day on which it may be used; null: it does not expire'),
  quarantined: text('是否封存', 'Whether it is in quarantine'),
  authority: text('谁有权处置', 'Who may dispose of it'),
  earmark: text('定向给哪个场所或报告单位；null 为不定向', 'The place or reporting unit that it is for; null: anybody'),
  serial: text('出厂编号；null 为未记', 'Maker’s serial number; null: nobody wrote it down'),
  onLoanFrom: text('借自哪个场所；null 为本处所有', 'The place whose it is; null: it belongs to where it stands'),
  party: text('系统外的供方或去向', 'Who gave it, or got it, outside of the system'),
  lines: text('各行', 'The lines'),
  counted: text('各批次盘得多少，按批次编号；没有了填 0', 'How many were counted of each lot, by its id; 0 where none is left'),
  scan: text('扫描 GS1 条码所得的原文；null 为手填', 'One scan of a GS1 code as the scanner gives it; null: written by hand'),
  ...ofRow('Item', { unit: baseUnit }),
  ...ofRow('ItemCode', { code: text('编码；GTIN 写成 14 位', 'The code; a GTIN in 14 digits') }),
  ...ofRow('Packing', { packing: text('包装名称，如 box、carton', 'What it is called, such as box or carton'), units: text('含几个基本单位', 'Base units in one') }),
  ...ofRow('Substitute', { order: text('第几位替代，从 1 起', 'Its turn, from 1') }),
  ...ofRow('KitPart', { units: text('一套用几个基本单位', 'Base units in one kit') }),
  ...ofRow('Norm', {
    unit: text('基本单位，须与品目的相同', 'Base unit, that of its item'), severity: text('何种病情的患者；null 为各种', 'Patients of which severity; null: all of them'),
    role: text('哪个岗位；null 为各岗位', 'People of which role; null: all of them'),
  }),
  ...ofRow('StaffOnShift', { role: text('岗位', 'What they are there to do') }),
  ...ofRow('MeasuredUse', { units: text('共用几个基本单位', 'Base units used up in those days') }),
  ...ofRow('ExpectedSupply', { released }),
  ...ofRow('Lot', { lot: text('批号；null 为未记', 'The number on the packing; null: nobody wrote it down'), place: text('入库的场所', 'The place where it came in'), released }),
  'Stock.released': released,
  'StockReceipt.released': released,
  'StockNote.item': text('盘点的品目；其他单据为 null', 'The item that a stocktake counted; null for others'),
}

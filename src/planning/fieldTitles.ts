import type { Language } from '../kernel/text.js'
import type { TableName } from './scenario.js'

/** What the fields of the tables are called in Chinese; in English a field's own name is a word already. */
const FIELD_TITLES: Readonly<Record<string, string>> = {
  '*': '全部字段', id: '编号', name: '名称', asOf: '数据时间', source: '来源', unit: '报告单位', place: '所在场所',
  gbt2260: '行政区划代码', aliases: '别名', longitude: '经度', latitude: '纬度',
  kind: '类别', underCommand: '归指挥部调用', arrivalsPerHour: '每小时接诊数', ventilatorsFree: '空闲呼吸机',
  block: '分区', careLevel: '床位级别', attributes: '床位条件', physical: '实有床位', staffed: '开放床位',
  occupied: '在用床位', held: '预占床位', protected: '保留床位', oxygenBeds: '供氧可及床位',
  sequence: '启用次序', opened: '已启用', clearing: '腾空', conversion: '改造', oxygen: '供氧', staff: '人员',
  critical: '收治危重型', leadDays: '准备天数', station: '驻点',
  status: '诊断', severity: '病情', pool: '床位', waitingSince: '等候起始', fitness: '转运条件',
  fitnessAssessedAt: '评估时间', fitnessValidUntil: '评估有效至', needs: '所需条件', sex: '性别', ageBand: '年龄段',
  companion: '陪护人', dischargeDue: '预计出院', travelExceptionUntil: '超程例外至',
  fleet: '所属', base: '出车点', negativePressure: '负压', lifeSupport: '生命支持', crews: '班组数',
  availableFrom: '可出车自', availableTo: '可出车至', from: '起点', to: '终点', minutes: '分钟',
  patient: '病例', state: '状态', vehicle: '车辆', departs: '出车时间', returns: '返回时间', newConfirmed: '新增确诊',
  reason: '理由', by: '决定岗位', outside: '系统外去处',
  grade: '标准级别', zones: '可进区域', shipsBy: '最小发货包装', cubicCentimetres: '体积', item: '品种', packing: '包装', units: '数量',
  order: '替代次序', substitute: '替代品', kit: '套件', per: '计算基础', zone: '区域', role: '岗位', conventionalPerMille: '常规定额',
  contingencyPerMille: '应急定额', crisisPerMille: '危机定额', effectiveFrom: '生效日', effectiveUntil: '失效日', suppliedBy: '由谁供给',
  opensOn: '启用日', area: '场区', peoplePerShift: '每班人数', shiftsPerDay: '每日班次', days: '天数', keepBackPerMille: '留存比例',
  litresPerDay: '每日运力', lot: '批号', expiresOn: '有效期至', quarantined: '待检', authority: '处置权', released: '已放行', earmark: '定向对象',
  day: '日期', arrivesOn: '到达日', urgency: '缓急', askedAt: '申请时间',
}

/** Where a field's name means something else in a table. */
const OF_TABLES: Readonly<Record<string, string>> = {
  'items.unit': '计量单位', 'norms.unit': '计量单位', 'consignments.from': '发出地', 'consignments.to': '受领场所',
}

/** A field of a table in the reader's language; one that is not in any table as it is written. */
export function fieldTitle(field: string, language: Language, table: TableName): string {
  if (language === 'en') return field === '*' ? 'every field' : field
  const own = OF_TABLES[`${table}.${field}`]
  if (own !== undefined) return own
  return Object.hasOwn(FIELD_TITLES, field) ? (FIELD_TITLES[field] ?? field) : field
}

import type { Language } from '../kernel/text.js'

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
}

/** A field in the reader's language; one that is not in any table as it is written. */
export function fieldTitle(field: string, language: Language): string {
  if (language === 'en') return field === '*' ? 'every field' : field
  return Object.hasOwn(FIELD_TITLES, field) ? (FIELD_TITLES[field] ?? field) : field
}

import { POST_FORMAT } from '../kernel/ids.js'
import { type Text, text } from '../kernel/text.js'
import { changing, reading, signInAs } from './samples.js'

/** A part of the guide. */
export interface Chapter {
  readonly id: string
  readonly title: Text
  readonly says: Text
  /** Lines for a terminal, complete but for an id that stands as …; `ADDRESS` is where the reader found them. */
  readonly sample: string | null
}

/** Somebody in isolation, as an address has them: 武隆区-M0042. */
const ISOLATED = encodeURIComponent('武隆区-M0042')

/** Beds of a place that has not reported. */
export const BY_PHONE: Chapter = {
  id: 'byPhone',
  title: text('电话代报床位', 'Reporting beds by phone for a place'),
  says: text(
    '到截止时点仍未报的在 call-list；调度台打电话，代其填报整院（places/…/report）或一组（pools/…/report），写明 onBehalf：calledPost 打电话的岗位、answeredPost 接电话的岗位，记入出处与日志。整院须各组齐全，不知道的填 unknown。'
      + `岗位写编号：${POST_FORMAT.zh}。`,
    'Whoever has not reported by a cut-off is on call-list; the transfer desk calls, and reports for the whole place (places/…/report) or one pool (pools/…/report) with onBehalf: calledPost, the post that called, and answeredPost, the post that answered, which go into the source and the journal. A whole place names every pool; what nobody knows is unknown. '
      + `A post is written as its id: ${POST_FORMAT.en}.`,
  ),
  sample: [
    signInAs('transferDesk'),
    reading('/api/reporting/call-list'),
    changing('PUT', '/api/places/yongchuan/report', {
      key: '20200130-0800-yongchuan',
      body: {
        pools: { 'yongchuan/intensive': { staffed: 'unknown', occupied: 'unknown' }, 'yongchuan/severe': { staffed: 28, occupied: 4 }, 'yongchuan/ordinary': { staffed: 150, occupied: 16 } },
        onBehalf: { calledPost: 'night-desk', answeredPost: 'yongchuan-duty' },
      },
    }),
  ].join('\n'),
}

/** One patient at night. */
export const OFF_PLAN: Chapter = {
  id: 'offPlan',
  title: text('方案外的转运指令', 'An order outside any plan'),
  says: text(
    '夜里一位患者等不及方案：调度台以 transfer-orders 下达一份指令，与方案同样按各项“必须”核对，不合的为 409 breaksMust，逐条写明。须写明床位组（pool）、缘由（reason）、车辆与出车时间；'
      + '电话批准的写 phone：calledPost 打电话的岗位、answeredPost 接电话并批准的另一岗位、at 何时（登记前 24 小时之内）。12 小时内由有权者补书面（confirm），逾时列入逾期。'
      + `岗位一律写编号：${POST_FORMAT.zh}。超出其病情行车时限的，先由救治组或指挥长签署例外（cases/…/travel-exception，也可电话）。去系统外的不写 pool，写 outside；陪护人、患儿写在 companions，同车各得一份。`,
    'At night one patient cannot wait for a plan: the transfer desk issues one order by transfer-orders, judged by the same musts as a plan; what would break one is 409 breaksMust, each by name. It names the pool of beds, the reason, the vehicle and when that leaves; '
      + 'where it was approved by phone, phone says calledPost, the post that called, answeredPost, the other post, which answered and approved, and at, when (within 24 hours). Whoever has the authority confirms it (confirm) within twelve hours, or it rings. '
      + `A post is always written as its id: ${POST_FORMAT.en}. For a ride beyond the limit of a severity the treatment group or the commander first signs an exception (cases/…/travel-exception, by phone as well). Whoever leaves the system goes to outside instead of a pool; a carer and children are companions, an order each in one vehicle.`,
  ),
  sample: [
    signInAs('transferDesk'),
    changing('POST', '/api/transfer-orders', {
      key: '20200130-0010-wulong-1',
      body: {
        patient: '武隆区-0001', pool: 'qianjiang/ordinary', reason: 'placeFails', vehicle: 'v-qianjiang-7', leavesBase: '2020-01-30T12:00:00+08:00', note: '病区停电',
        phone: { calledPost: 'night-desk', answeredPost: 'treatment-group-duty', at: '2020-01-30T00:00:00+08:00' },
      },
    }),
    changing('POST', '/api/transfer-orders/…/confirm', { key: '20200130-0800-wulong-1', body: {} }),
  ].join('\n'),
}

/** A site from its first room to a certificate. */
export const ISOLATION: Chapter = {
  id: 'isolation',
  title: text('集中隔离：从预告到解除', 'Isolation: from the notice to the release'),
  says: text(
    '先登记隔离点和房间组，报一次房间数（held 报 0，否则空房未知）。报告单位预告来人（contacts，编号为“报告单位-登记号”，地址里百分号编码），不占房间；入住（check-in）才占，解除日期自此按当日有效的规定计算。'
      + '每日上午、下午各观察一次（observations）；observations-due 列出还没看的，overdue=false 只列此刻这半天的。有 37.3 ℃ 以上或症状的列入 isolation/symptoms 和逾期，直至延长（extend）、转为阳性（positive）或由医师排除（rule-out）。'
      + '到期解除（release）：最近两个半天有症状而未排除的为 409 symptomsObserved，没有观察的为 409 notObserved；排除的医师和登记排除的岗位不能自己解除，由另一岗位办理。告知书（certificate）可打印。',
    'First the site and its pool of rooms are put down and its rooms reported once (held 0, or how many are free stays unknown). A reporting unit announces somebody (contacts; the id is the unit and its register’s number, percent-encoded in an address), which takes no room; check-in does, and release is reckoned from then on by the edition in force. '
      + 'Twice a day everybody is looked at (observations); observations-due lists whom nobody has seen, with overdue=false those of this half day. 37.3 °C or more, or symptoms, stand in isolation/symptoms and ring until the isolation is extended (extend), they turn positive (positive) or a physician has ruled them out (rule-out). '
      + 'Release on the day: 409 symptomsObserved where the last two half days have symptoms that were not ruled out, 409 notObserved where nothing was seen; neither the physician who ruled them out nor whoever entered that releases them: another post does. The certificate is for the printer.',
  ),
  sample: [
    signInAs('planner'),
    changing('PUT', '/api/places/geli-wulong', {
      key: '20200130-0030-site',
      body: { name: { zh: '武隆隔离点', en: 'Wulong isolation site' }, kind: 'isolationSite', unit: '武隆区', underCommand: true, longitude: null, latitude: null, arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', source: '武隆区指挥部' },
    }),
    changing('PUT', '/api/pools/geli-wulong%2Froom', {
      key: '20200130-0031-rooms',
      body: { place: 'geli-wulong', block: null, careLevel: 'room', attributes: ['singleRoom'], protected: 0, oxygenBeds: 'notTracked', source: '武隆区指挥部' },
    }),
    changing('PUT', '/api/pools/geli-wulong%2Froom/report', { key: '20200130-0032-rooms', body: { physical: 40, staffed: 36, occupied: 0, held: 0 } }),
    changing('PUT', `/api/contacts/${ISOLATED}`, {
      key: '20200130-0033-contact',
      body: { unit: '武隆区', kind: 'closeContact', lastExposure: '2020-01-16', expectedOn: '2020-01-30', site: 'geli-wulong', source: '武隆区疾控中心流调' },
    }),
    changing('POST', `/api/contacts/${ISOLATED}/check-in`, { key: '20200130-0034-comes', body: { place: 'geli-wulong', pool: 'geli-wulong/room' } }),
    changing('POST', `/api/contacts/${ISOLATED}/observations`, { key: '20200130-0035-seen', body: { day: '2020-01-30', half: 'morning', temperatureTenths: 381, symptoms: ['fever', 'cough'] } }),
    reading('/api/isolation/symptoms?place=geli-wulong'),
    reading('/api/isolation/observations-due?place=geli-wulong&overdue=false'),
    reading('/api/overdue'),
    changing('POST', `/api/contacts/${ISOLATED}/rule-out`, { key: '20200130-0036-cleared', body: { day: '2020-01-30', half: 'morning', physician: 'wulong-cdc-doctor-2', reason: '慢性支气管炎急性发作，核酸两次阴性' } }),
    signInAs('transferDesk'),
    changing('POST', `/api/contacts/${ISOLATED}/release`, { key: '20200130-0037-released', body: { signedBy: 'wulong-cdc-1' } }),
    reading(`/api/contacts/${ISOLATED}/certificate`),
    reading('/api/isolation/rooms-by-day?days=3'),
  ].join('\n'),
}

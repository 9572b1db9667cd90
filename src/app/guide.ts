import { STEP_TABLE } from '../dispatch/stepRoutes.js'
import { text } from '../kernel/text.js'
import { BY_PHONE, type Chapter, ISOLATION, OFF_PLAN } from './guideOfDesk.js'
import { ADDRESS, changing, reading, signInAs, signInWith } from './samples.js'

/** How the whole interface is used: what every operation has in common. */
export const GUIDE: readonly Chapter[] = [
  {
    id: 'about',
    title: text('这是什么', 'What this is'),
    says: text(
      '一座城市的床位、病例、物资与转运、调拨方案，供卫生健康委使用。所有数据都在本机。JSON 为 UTF-8，时间为带时区的 ISO 8601。',
      'Beds, cases, material and the plans of a city, for its health commission. All data stay on this machine. '
        + 'JSON is UTF-8, times are ISO 8601 with offset.',
    ),
    sample: `curl '${ADDRESS}/readyz'`,
  },
  {
    id: 'access',
    title: text('登录与密钥', 'Signing in, and keys'),
    says: text(
      '先登录：演示库任选角色，不用密码；此外用账号和密码。会话在 Cookie 里，下面各例存于文件 cookies。'
        + '别的系统不登录，用密钥：Authorization: Bearer …。账号是岗位或工号，不是姓名，记入日志，幂等键也按它区分。'
        + '每个操作写明哪些角色可以调用；只管若干处者只见其处，他处的一项与不存在的一样是 404。用 Cookie 改动数据须带 Origin，即本服务的地址，此处为 '
        + `${ADDRESS}。`,
      'Sign in first: to a demonstration as any role, without a password, elsewhere with an account and its password. The session is in a cookie, which the samples keep '
        + 'in the file cookies. Other systems do not sign in but send a key: Authorization: Bearer …. An account is a post or a '
        + 'number of staff, never a name; it goes into the journal, and Idempotency-Keys belong to it. Every operation says which roles may call it. Whoever looks '
        + 'after some places only sees those: what lies elsewhere is 404, like what does not exist. Changing data with a cookie takes an Origin, which is the address of the service, '
        + `here ${ADDRESS}.`,
    ),
    sample: [
      signInAs('planner'),
      reading('/api/session'),
      signInWith('…', '…'),
    ].join('\n'),
  },
  {
    id: 'keys',
    title: text('幂等键：放心重试', 'Keys: retry without fear'),
    says: text(
      '每个改动数据的请求都带 Idempotency-Key。没有收到答复就用原键重发：只办一次，答复逐字节相同，并带 idempotency-replayed: true。'
        + '同一键用于内容不同的请求是 422 keyReused。键按账号区分，保留三十天。',
      'Every request that changes data carries an Idempotency-Key. When no answer came, send it again with the same key: it is done once, and the '
        + 'answer is the same to the byte, with idempotency-replayed: true. The same key on another request is 422 keyReused. A key belongs to its '
        + 'account and is kept for thirty days.',
    ),
    sample: changing('PUT', '/api/pools/phc%2Fsevere/report', { key: '20200130-0800-phc-severe', body: { staffed: 48, occupied: 9 } }),
  },
  {
    id: 'versions',
    title: text('ETag：不覆盖他人的改动', 'ETags: nobody’s change is overwritten'),
    says: text(
      '读到一项时记下答复的 ETag，改写时放进 If-Match。缺了是 428；其间被他人改动是 412：重新读取，再决定。新登记的一项不用带。',
      'Reading gives an ETag; to replace what was read send it as If-Match. Without it the answer is 428; when somebody changed it meanwhile, 412: '
        + 'read it again and decide anew. What is new needs none.',
    ),
    sample: [
      `${reading('/api/expert-teams/team-1', '-i ')}          # ETag: "1"`,
      changing('PUT', '/api/expert-teams/team-1', {
        key: '20200130-0820-team-1', ifMatch: '"1"',
        body: { name: { zh: '市级专家组第一组', en: 'Municipal expert team 1' }, station: 'qianjiang', underCommand: true, source: '医疗救治组通知' },
      }),
    ].join('\n'),
  },
  BY_PHONE,
  {
    id: 'lists',
    title: text('列表：筛选、排序、分页', 'Lists: filter, sort, page'),
    says: text(
      'limit 定每页多少（最多 500），答复里的 next 填入 cursor 读下一页，为 null 即到头。sort 前加 - 为倒序；游标只属于它的排序。带 Accept: text/csv 则得整张表（UTF-8，带 BOM），可用电子表格打开；表头与文字随 Accept-Language，代码旁另有一列文字。'
        + '地址和查询里的汉字按 UTF-8 百分号编码：curl 用 -G --data-urlencode。',
      'limit says how many a page (at most 500); next of an answer goes into cursor to read on and is null at the end. A - before sort turns the order '
        + 'round; a cursor belongs to its sort. With Accept: text/csv the whole list comes as a table for a spreadsheet (UTF-8 with BOM), its titles in the language of Accept-Language, and beside each code a column of words. '
        + 'What is not ASCII in an address or a query is percent-encoded UTF-8; curl does so by -G --data-urlencode.',
    ),
    sample: [
      reading('/api/cases?severity=critical&sort=-recordedAt&limit=50'),
      reading('/api/cases', "-G --data-urlencode 'unit=万州区' "),
      reading('/api/pools?place=sanxia', "-H 'Accept: text/csv' "),
    ].join('\n'),
  },
  {
    id: 'times',
    title: text('asOf 与 knownAt：当时如何，当时知道什么', 'asOf and knownAt: what was so, what was known'),
    says: text(
      'asOf 问某一时刻的情况；knownAt 问截至某一时刻登记了什么。两者合用，可重现任何一刻的所见：事后补记的不会混进去。查询里的 + 写作 %2B。',
      'asOf asks what was so at a moment, knownAt what had been recorded by then. Together they show any moment as it was seen: what was put down '
        + 'later does not slip in. A + in a query is written %2B.',
    ),
    sample: reading('/api/pools?asOf=2020-01-30T08:00:00%2B08:00&knownAt=2020-01-30T09:00:00%2B08:00'),
  },
  {
    id: 'plans',
    title: text('求方案，看进展', 'Asking for a plan, watching it'),
    says: text(
      '求方案即得 202 与计算编号。进展以服务器推送事件给出；断线后带上 Last-Event-ID 重连，每个事件恰好一次。计算结束即止，方案随后可取。',
      'Asking answers 202 with a run. Its progress comes as server-sent events; after a broken line connect again with Last-Event-ID, and every event '
        + 'comes exactly once. The stream ends with the run; then there is the plan.',
    ),
    sample: [
      changing('POST', '/api/plan-runs', { key: '20200130-0020-plan', body: { planDay: '2020-01-30' } }),
      reading('/api/plan-runs?limit=1'),
      reading('/api/plan-runs/…/events', "-N -H 'Last-Event-ID: 4' "),
    ].join('\n'),
  },
  {
    id: 'drafts',
    title: text('比较、人工编辑方案', 'Comparing drafts, editing one by hand'),
    says: text(
      '方案供人阅读、打印、签字，见 print（HTML，或 Accept: text/plain）。两份方案可相比（compare?with=…）：病例、床位、车辆、政策等据以评判的情况不同即不评优劣，并写明何处不同；各级的差（先转运，后物资）、谁改去何处、短缺与发运有何不同、所据有何不同。要改某人去向，求方案时在 edits 里写明：pin 指定去向、forbid 不去某处、stay 留在原处，各有理由，'
        + 'basedOn 写明改自哪次计算；其余围绕它重求最优。先用 check-edits 可立即知道哪条规则不容；照办不了的方案标为做不到，写明冲突与撤销的代价，不能批准。',
      'print gives a plan to be read, printed and signed (HTML, or Accept: text/plain). Two plans can be compared (compare?with=…): where cases, beds, vehicles, policy or whatever else they are judged on differ, it is said in what, and neither is called better; the differences level by level, transfers before material, who goes elsewhere, what is short or shipped otherwise, what they were computed from. To change where somebody goes, ask for a plan with edits: '
        + 'pin to a place, forbid a place, stay, each with its reason, and basedOn the run that is edited; all else is solved again around it. check-edits says at once which rule stands against it; '
        + 'a plan that cannot carry one out is marked impossible, with the clash and the price of withdrawing it, and is not approved.',
    ),
    sample: [
      reading('/api/plan-runs/…/compare?with=…'),
      changing('POST', '/api/plan-runs/…/check-edits', { key: null, body: { edits: [{ kind: 'stay', patient: '万州区-0017', reason: '家属要求暂缓一日' }] } }),
    ].join('\n'),
  },
  {
    id: 'orders',
    title: text('从批准到交接', 'From approval to handover'),
    says: text(
      '方案由他人批准（approve）后，每行成为一份编号的转运指令，床位随之预占；情况已变的为 409 planIsStale，逐行说明。接收方 accept，逾时未答视为同意；'
        + 'dispatch 出车，arrive 交接并转移住院，decontaminate 结束车次；走不成的 turn-back 折返，患者仍在原床。接收方不得拒收，可 ask-relief。次序不对为 409 stepOutOfOrder，并说明现状与可办的步骤。'
        + '谁在等候、最近的指令如何了结、何时由谁划去，见 waiting；落空而仍在等候的列入逾期（overdue），重者在前。'
        + `步骤表，各以地址的末段称呼（从何状态到何状态；谁可办）：${STEP_TABLE.zh}。`,
      'Once somebody else has approved a plan (approve), each of its lines is a numbered transfer order with its bed held; where things have changed it is 409 '
        + 'planIsStale, line by line. The receiver accepts, and silence is consent; dispatch sends the vehicle, arrive hands over and moves the stay, decontaminate ends '
        + 'the trip; who cannot be brought there turns back (turn-back) to the bed where they lay. A receiver turns nobody away but can ask-relief. A step out of order is 409 stepOutOfOrder, with the present state and the steps that are possible. '
        + 'Who waits, how their last order ended and what was struck, and by whom, stands in waiting; whoever fell out and still waits rings (overdue), the gravest first. '
        + `The steps, by the end of their address (from which state to which; who may): ${STEP_TABLE.en}.`,
    ),
    sample: [
      signInAs('transferDesk'),
      changing('POST', '/api/plan-runs/…/approve', { key: '20200130-0030-approve', body: {} }),
      reading('/api/transfer-orders?state=issued'),
      reading('/api/waiting?severity=critical'),
      changing('POST', '/api/transfer-orders/…/dispatch', { key: '20200130-0815-dispatch', body: { crew: 'v-phc-1/2' } }),
    ].join('\n'),
  },
  OFF_PLAN,
  ISOLATION,
  {
    id: 'stock',
    title: text('库存：入库、发运、签收、使用、盘点、冲销', 'Stock: received, shipped, used, counted, reversed'),
    says: text(
      '货到即入库（receipts）：scan 填扫描枪读出的原文，变长项之后的 FNC1 即 ASCII 29，JSON 写作 \\u001d；编码先在 item-codes 登记。用掉、退回、丢失、损坏、过期记 outs，不写批次的先到期的先出。'
        + '场所之间只走调拨单：发出方 ship，接收方 receive，验收、损坏、短少之和等于发运数。盘点（stocktakes）报齐每一批，差额另列待查；单据从不改动，录错的冲销（reverse）一次，数量相同、方向相反。'
        + '现存为 null 是没有清点过（unknown），不是 0；released 未放行、quarantined 封存的只列出，不使用也不调拨；earmark 定向的只给所指的场所或报告单位；promised 是已许给调拨单、还没发走的。'
        + '示例所用的库以 SCENARIO=scenarios/chongqing-2020-01-29-material 启动。',
      'What arrives is received (receipts): scan takes what the scanner reads as it is, FNC1 behind what is of variable length being ASCII 29, \\u001d in JSON; codes are put down in item-codes first. What is used, sent back, '
        + 'lost, damaged or expired goes out (outs), what expires first going first where no lot is named. Between places stock moves by allocation orders only: the sender makes the step ship, the receiver receive, and accepted, damaged and missing '
        + 'together are what was shipped. A stocktake (stocktakes) names every lot, and its difference is listed until explained; a note is never changed, only reversed (reverse), once, by the same the other way. On hand null is unknown: nobody '
        + 'has counted it, which is not 0. What is not released, or is quarantined, is shown, and neither used nor given out; what is earmarked goes to its place or reporting unit only; promised is what allocation orders are to take and have not yet. '
        + 'The samples are of a store started with SCENARIO=scenarios/chongqing-2020-01-29-material.',
    ),
    sample: [
      signInAs('suppliesGroup'),
      changing('PUT', '/api/item-codes/respirator%2Fgtin', {
        key: '20200130-0850-code', body: { item: 'respirator', system: 'gtin', code: '06932876543012', packing: null, source: '箱上条码' },
      }),
      changing('POST', '/api/stock-notes/receipts', {
        key: '20200130-0900-receipt',
        body: { place: 'wh-city', party: '省红十字会', authority: 'city', released: true, lines: [{ scan: '01069328765430121722011710AB-7\u001d30200' }] },
      }),
      reading('/api/stock?place=wh-city'),
      changing('POST', '/api/allocation-orders/…/ship', { key: '20200130-0930-ship', body: { vehicle: '渝A-12345', lines: [{ seq: 1, units: 180 }] } }),
    ].join('\n'),
  },
  {
    id: 'allocations',
    title: text('物资：看保障天数、申领、调拨', 'Material: cover, requests, allocation'),
    says: text(
      '各处看自己的库存（stock）和保障天数（cover，最短的在前），可申领（material-requests）：申请只列在测算旁边，不参与测算；紧急的先看先答。方案先排转运，再按病人届时所在排物资；'
        + '由物资保障组或指挥长批准（approve-allocation，提出者不能批），每票成为一份编号的调拨单，库存随即预占；情况已变的为 409 planIsStale，取自未到之货的列在 waiting。方案外的急需以 allocation-orders 下达。示例所用的库同上。',
      'A place looks at its own stock (stock) and cover (cover, the least covered first) and may ask (material-requests): what is asked for stands beside what is computed and is never planned with; an urgent request is answered first. A plan '
        + 'arranges transfers, then material for where patients lie by then. Once the supplies group or the commander has approved it (approve-allocation, never who asked for it) each shipment is a numbered allocation order with its stock promised; '
        + 'where things have changed it is 409 planIsStale, and what is taken from supplies that have not come is listed in waiting. What cannot wait for a plan is ordered by allocation-orders. '
        + 'The samples are of the same store.',
    ),
    sample: [
      signInAs('suppliesGroup'),
      reading('/api/cover?place=phc'),
      changing('POST', '/api/material-requests', { key: '20200130-0910-ask', body: { place: 'phc', item: 'respirator', units: 2400, urgency: 'urgent' } }),
      changing('POST', '/api/plan-runs/…/approve-allocation', { key: '20200130-0920-approve', body: {} }),
    ].join('\n'),
  },
  {
    id: 'day',
    title: text('日报、订正、交接班', 'Daily reports, corrections, shifts'),
    says: text(
      '截止（12 时、24 时）以后先看 day-figures，再由岗位冻结日报：核对不符为 409 doesNotAddUp，逐处列出；冻结一次，不改不删。此后补记的，读日报时列为订正（corrections）。'
        + '交班（handovers）记下此刻未了的事，由他人接班（take-over）；无人接的列入逾期。',
      'Once a cut-off (noon, midnight) has passed look at day-figures; then a post freezes the daily report, once and for good. What does not add up is 409 doesNotAddUp, line by line. What is '
        + 'told later shows as corrections when the report is read. A shift handed over (handovers) holds what is open at that moment; another takes it over (take-over), and until then it rings.',
    ),
    sample: [
      signInAs('planner'),
      reading('/api/day-figures?day=2020-01-29&cutOff=midnight'),
      changing('POST', '/api/daily-reports', { key: '20200130-0005-report', body: { day: '2020-01-29', cutOff: 'midnight' } }),
      reading('/api/daily-reports/2020-01-29-midnight/places', "-H 'Accept: text/csv' "),
    ].join('\n'),
  },
  {
    id: 'drill',
    title: text('演练', 'Drills'),
    says: text(
      '演练库自第一次启动（DRILL=yes）起只供演练。它的每个答复带 X-Drill: DRILL 头，问题与事件带 drill 字段，指令编号以“演练-”开头，打印件首行、表的首列都写明。接入的系统见到这个头，不得当真执行。',
      'A store that was first started with DRILL=yes is for a drill, for ever. Each of its answers has the header X-Drill: DRILL, problems and events have a member drill, numbers of orders '
        + 'begin with “演练-”, and the first line of what is printed and the first column of every table say so. A system that sees the header carries out nothing in earnest.',
    ),
    sample: `curl -i '${ADDRESS}/readyz'          # {"status":"ready","isDrill":false}`,
  },
  {
    id: 'people',
    title: text('不收个人信息', 'Nothing that identifies a person'),
    says: text(
      '病例与隔离人员以“报告单位-本单位编号”为代号。任何字段里像证件号或电话的内容都会被退回。unknown 是无人报过的数字，绝不当作 0。',
      'Cases and contacts bear pseudonyms: reporting unit and the unit’s own number. What looks like an identity or telephone number is refused in any field. '
        + 'unknown is a figure that nobody reported, and never read as 0.',
    ),
    sample: null,
  },
]

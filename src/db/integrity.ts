import { sql } from 'drizzle-orm'
import { type Text, text } from '../kernel/text.js'
import type { Vocabulary } from '../kernel/vocabulary.js'
import type { Database, Tx } from './database.js'
import { rowsOf } from './rows.js'

/** Every invariant of the store, by the name that the view `integrity` gives it. */
export const INVARIANTS = {
  balanceIsSum: text('余额等于各笔之和', 'a balance is the sum of its movements'),
  bookSumsToNought: text('一本账合计为零', 'the accounts of a book sum to nought'),
  accountIsNotNegative: text('账户不为负', 'an account is not negative'),
  heldIsCovered: text('预占不超过余额', 'what is promised is there'),
  uncountedIsEmpty: text('未清点的账户没有余额', 'an account that nobody counted holds nothing'),
  heldIsSumOfHolds: text('预占等于各项预占之和', 'what is promised is the sum of the open holds'),
  movementIsPositive: text('每笔数量大于零', 'a movement is of more than nought'),
  movementGoesElsewhere: text('每笔都有去处', 'a movement goes from one account to another'),
  movementHasAccounts: text('每笔的两个账户都在', 'a movement has both its accounts'),
  holdHasItsAccount: text('预占的账户都在', 'a hold has its account'),
  holdIsPositive: text('预占数量大于零', 'a hold is of more than nought'),
  holdStateIsKnown: text('预占状态有定义', 'the state of a hold is known'),
  holdIsResolvedOnce: text('预占只了结一次', 'a hold is resolved once'),
  holdIsOpenOnce: text('同一用途只有一项预占', 'there is one open hold for one purpose'),
  recordIsItsLastVersion: text('现状就是最后一版', 'a record is its last version'),
  versionsCountFromOne: text('版本从一起连续', 'versions count from one without a gap'),
  writingIsInTheJournal: text('每次登记都有日志', 'whatever was written down is in the journal'),
  placeHasUnit: text('场所有报告单位', 'a place has its reporting unit'),
  blockHasPlace: text('分区有场所', 'a block has its place'),
  poolHasPlace: text('床位有场所', 'a pool has its place'),
  poolBlockIsOfItsPlace: text('床位的分区属同一场所', 'the block of a pool is at its place'),
  teamHasStation: text('专家组有驻地', 'an expert team has its station'),
  caseHasUnit: text('病例有报告单位', 'a case has its reporting unit'),
  companionIsACase: text('陪护人是病例', 'a companion is a case'),
  unitCodeStandsOnce: text('GB/T 2260 代码不重复', 'a GB/T 2260 code stands once'),
  blocksOpenInOrder: text('分区顺序不重复', 'blocks of a place open in order'),
  planStateIsKnown: text('方案状态有定义', 'the state of an issued plan is known'),
  planIsApprovedByAnother: text('方案由他人批准', 'a plan is approved by another than its maker'),
  planIsApprovedByNoMaker: text('方案不由任何提出者批准', 'a plan is approved by nobody who asked for a draft of it'),
  planNamesItsMaker: text('方案记其提出者', 'an issued plan names who asked for it'),
  planEndsAsAWhole: text('方案终止的时间、岗位齐全', 'an issued plan ends as a whole'),
  planIsConfirmedAfterACall: text('电话批准后才有书面确认', 'only what was approved by phone is confirmed'),
  onePlanInForce: text('有效方案只有一份', 'one plan is in force'),
  oneApprovalARun: text('一次计算只批准一次', 'a run is approved once'),
  approvalHasItsRun: text('批准的方案有其计算', 'an issued plan has its run'),
  lineHasItsPlan: text('方案各行有其方案', 'a line has its plan'),
  deskIsOne: text('调度台只有一个', 'the desk is one'),
  orderStateIsKnown: text('指令状态有定义', 'the state of an order is known'),
  orderIsOneAPerson: text('一人一份有效转运指令', 'a person has one live order'),
  orderHasPatientAndPool: text('指令有病例、场所和床位', 'an order has its patient, its place and its pool'),
  orderLeadsToOnePlace: text('指令只有一个去处', 'an order leads to a pool, or out of the system'),
  leavingEndsTheStay: text('转往系统外到达即离开', 'arriving outside of the system ends the stay'),
  orderHasItsPlan: text('指令有其方案', 'an order has its plan'),
  orderOnTheRoadHasNoDeadline: text('在途的指令不过期', 'an order on the road never expires'),
  orderIsHandedOver: text('到达即有交接记录', 'an order that arrived has its handover'),
  liveOrderHasItsHold: text('有效指令预占一张床', 'a live order holds one bed'),
  onlyLiveOrdersHoldBeds: text('只有有效指令预占床位', 'only a live order holds a bed'),
  arrivalSettlesTheHold: text('到达即兑现预占', 'an arrival settles its hold, once'),
  orderHasItsEvents: text('指令每一步有一记录', 'an order has an event for every step'),
  stepHasItsOrder: text('每一步有其指令', 'a step has its order'),
  reliefIsPositive: text('调整的床位数大于零', 'a relief is of more than nought'),
  reliefIsLiftedAsAWhole: text('解除调整的时间、岗位齐全', 'a relief is lifted as a whole'),
  reliefHasItsOrder: text('调整有其指令和床位', 'a relief has its order and its pool'),
  reliefHoldsItsBeds: text('调整期间预占相应床位', 'a relief holds its beds until it is lifted'),
  onePersonOnePlace: text('一人一处', 'one person, one place'),
  stayEndsAfterItBegan: text('住院结束不早于开始', 'a stay ends after it began'),
  stayEndsAsAWhole: text('结束的时间、方式、登记齐全', 'a stay ends as a whole'),
  stayEndingIsKnown: text('结束方式有定义', 'the ending of a stay is known'),
  stayPoolIsOfItsPlace: text('所住床位属所在场所', 'the pool of a stay is at its place'),
  stayHasCaseAndPlace: text('住院有病例和场所', 'a stay has its case and its place'),
  poolFiguresAreCounts: text('床位数不为负', 'figures of beds are counts'),
  namedLieThere: text('列名在院与住院记录一致', 'the named of a pool are its open stays'),
  bookShowsTheFigures: text('账与床位数一致', 'the book of a pool shows its figures'),
  runStateIsKnown: text('计算状态有定义', 'the state of a run is known'),
  doneRunHasItsPlan: text('完成的计算有方案', 'a run that is done has its plan'),
  planHasItsSnapshot: text('方案有其快照', 'a plan has its snapshot'),
  failedRunSaysWhy: text('失败有原因', 'a run that failed says why'),
  runningRunIsLeased: text('计算中有租期', 'a run that is computed is leased'),
  runEndsOnce: text('计算只结束一次', 'a run ends once'),
  hashesAreOfTheBytes: text('哈希与内容一致', 'hashes are of the bytes kept'),
  runIsBasedOnARun: text('所编辑的计算存在', 'the run that was edited is there'),
  runHasItsEvents: text('每次变化有一事件', 'a run has an event for every change'),
  eventHasItsRun: text('事件有其计算', 'an event has its run'),
  settingsAreOne: text('假定只有一份', 'the settings are one record'),
  clockIsOne: text('时钟只有一个', 'the clock is one'),
  passwordHasAccount: text('密码有其账号', 'a password has its account'),
  invitationHasAccount: text('邀请有其账号', 'an invitation has its account'),
  sessionHasAccount: text('会话有其账号', 'a session has its account'),
  deviceHasAccount: text('设备有其账号', 'a known device has its account'),
  secretHasKey: text('密钥内容有其密钥', 'a secret has its key'),
  sessionEndsAfterItBegan: text('会话结束晚于开始', 'a session ends after it began'),
  secretEndsAfterItWasMade: text('密钥期限晚于签发', 'a secret ends after it was made'),
  principalIsOne: text('账号与密钥编号不重复', 'accounts and keys have ids of their own'),
  journeyStandsOnce: text('一段路程只写一行', 'one journey stands once'),
  idMeansOneThing: text('一个编号只指一处', 'an id is of a reporting unit or of a place'),
  recordedInOrder: text('登记时间不倒退', 'a version is recorded no earlier than the one before it'),
  oneContactOneRoom: text('一人一间', 'a contact has one room at a time'),
  notInIsolationAndInCare: text('不同时隔离与住院', 'nobody is in isolation and in care at once'),
  isolationEndsAfterItBegan: text('隔离结束不早于开始', 'an isolation ends after it began'),
  isolationEndsAsAWhole: text('隔离结束的时间、方式、登记齐全', 'an isolation ends as a whole'),
  isolationEndingIsKnown: text('隔离结束方式有定义', 'the ending of an isolation is known'),
  isolationHasItsRoom: text('隔离有其房间', 'an isolation has its room'),
  isolationHasItsContact: text('隔离有其人', 'an isolation has its contact'),
  isolationHasItsEdition: text('隔离有其规定版次', 'an isolation that began has its edition'),
  releasedIsOut: text('已结束隔离者不占房间', 'whoever is done with isolation has no room'),
  contactHasUnit: text('隔离人员有报告单位', 'a contact has its reporting unit'),
  contactSiteIsAPlace: text('预告的隔离点存在', 'the site of a notice is a place'),
  contactBecomesACase: text('转为的病例存在', 'a contact becomes a case that there is'),
  caseWasOneContact: text('一个病例只由一人转来', 'a case was one contact'),
  observationHasItsContact: text('观察有其人', 'an observation has its contact'),
  observationHalfIsKnown: text('观察分上午下午', 'an observation is of a morning or an evening'),
  observationSaysSomething: text('观察有体温或症状', 'an observation says something'),
  storeIsMarkedOnce: text('库的用途只记一次', 'what a store is for is marked once'),
  markIsAsBegun: text('库的用途与首次启动时一致', 'a store is for what it was at its first start'),
  drillBeganEmpty: text('演练库从空库开始', 'a drill began in an empty store'),
  numberSaysWhatItIsFor: text('演练指令的编号带演练，其余不带', 'a number of an order says whether it is of a drill'),
  reportNumberStandsOnce: text('日报编号不重复', 'the number of a daily report stands once'),
  reportNumbersCountFromOne: text('日报编号从一起连续', 'daily reports of a year count from one without a gap'),
  reportCutOffIsKnown: text('截止时点有定义', 'the cut-off of a daily report is known'),
  reportIdSaysOfWhen: text('日报编号即日期与截止时点', 'the id of a daily report is its day and cut-off'),
  reportIsFrozenAfterItsCutOff: text('日报在截止以后冻结', 'a daily report is frozen after its cut-off'),
  reportIsAsItWasFrozen: text('日报与冻结时一致', 'a daily report is as it was frozen'),
  handoverIsAsItWasGiven: text('交接班记录与交班时一致', 'a handover is as it was given'),
  handoverIsTakenAsAWhole: text('接班的时间、岗位齐全', 'a handover is taken over as a whole'),
  handoverIsTakenByAnother: text('由他人接班', 'a shift is taken over by another than who gave it'),
  handoverIsTakenAfterItWasGiven: text('接班不早于交班', 'a shift is taken over after it was given'),
  handoverHasItsPlace: text('交接班的场所存在', 'the place of a handover is a place'),
  materialHasItsItem: text('物资记录有其品目', 'what is said of material is of an item'),
  materialHasItsPlace: text('物资记录有其场所', 'what is said of material is at a place'),
  materialStandsOnce: text('物资记录不重复', 'what is said of material stands once'),
  stockIsOfALot: text('库存账有其批次', 'a book of stock is of a lot'),
  stockMovesByANote: text('库存出入有单据或调拨单', 'stock moves by a note or an order'),
  noteKindIsKnown: text('单据种类有定义', 'the kind of a note is known'),
  noteMovesAtItsPlace: text('单据只动本场所的库存', 'a note moves stock at its place'),
  noteIsReversedOnce: text('单据只冲销一次', 'a note is reversed once'),
  reversalNamesItsNote: text('冲销单有其原单', 'a reversal names the note that it reverses'),
  reversalIsExact: text('冲销与原单数量相同、方向相反', 'a reversal moves the same the other way'),
  stocktakeNamesItsItem: text('盘点单写明品目', 'a stocktake names its item'),
  noteIsAsItWasWritten: text('单据与登记时一致', 'a note is as it was written'),
  requestStateIsKnown: text('申领状态有定义', 'the state of a request is known'),
  requestIsOfSomething: text('申领数量大于零', 'a request is of more than nought'),
  requestIsAnsweredAsAWhole: text('申领答复的时间、岗位齐全', 'a request is answered as a whole'),
  requestApprovesSoMany: text('已批的申领写明数量，不超过申请', 'a request that is approved says how many, and no more than were asked for'),
  requestIsApprovedByAnother: text('申领由他人批准', 'a request is approved by another than who asked'),
  orderedWithinItsRequest: text('为申领下达的有效数量不超过核定（待批的为申请），最后一件整发', 'orders that stand carry no more for a request than was approved, or asked while it is open, the last packing whole'),
  requestThatIsServedStands: text('有调拨单的申领已批，或待批而凭电话', 'a request that is ordered for is approved, or open and ordered for by phone'),
  allocationIsApprovedByAnother: text('调拨方案由他人批准', 'an allocation plan is approved by another than its maker'),
  allocationIsConfirmedAfterACall: text('电话批准后才有补签', 'only what was approved by phone is confirmed'),
  allocationIsWithdrawnAsAWhole: text('撤回的时间、岗位、缘由齐全，在批准、补签之后', 'an allocation plan is withdrawn as a whole, after it was approved and confirmed'),
  withdrawnAllocationHasNothingIssued: text('已撤回的调拨方案没有待发运的调拨单', 'no order of a withdrawn allocation plan is still to be shipped'),
  allocationHasItsRun: text('调拨方案有其计算', 'an allocation plan has its run'),
  allocationOrderIsKnown: text('调拨单状态、种类有定义', 'the state and the kind of an allocation order are known'),
  allocationOrderGoesElsewhere: text('调拨单去往另一场所', 'an allocation order leads elsewhere'),
  allocationOrderIsOfItsPlan: text('按方案的调拨单有其方案', 'an allocation order by the plan has its plan'),
  allocationOrderHasItsRequest: text('调拨单所答的申领存在', 'the request that an allocation order answers is there'),
  allocationOrderTellsItsTimes: text('调拨单各步时间齐全', 'an allocation order tells its times'),
  allocationLineHasItsOrder: text('调拨单各行有其单和批次', 'a line has its order and a lot of its item'),
  allocationLineAddsUp: text('签收数量对得上发运数量', 'what was found at the door adds up to what was shipped'),
  allocationOrderHasItsEvents: text('调拨单每一步有一记录', 'an allocation order has an event for every step'),
  allocationStepHasItsOrder: text('调拨每一步有其单', 'a step has its allocation order'),
  issuedStockIsPromised: text('已下达的调拨单预占库存', 'an issued allocation order holds its stock, and no other does'),
  shippedStockIsOnTheWay: text('在途库存与已发运的调拨单一致', 'what is on the way is what was shipped'),
  acceptedStockCameIn: text('签收的数量已入库', 'what was accepted at the door came in'),
  keptRequestHasItsAnswer: text('登记的请求都有答复', 'a request that was kept has its answer'),
} as const satisfies Vocabulary<string>
export type Invariant = keyof typeof INVARIANTS

/** One invariant that does not hold: where, what is there, and what should be. */
export interface Finding {
  readonly rule: Invariant
  readonly text: Text
  readonly subject: string
  readonly found: string
  readonly expected: string
}

const FINDINGS_MAX = 1000

/** The check that waits behind the one that runs, of each store. */
const WAITING = new WeakMap<Database, Promise<Finding[]>>()
const RUNNING = new WeakMap<Database, Promise<unknown>>()

/**
 * Everything that is wrong with the store, up to the first thousand; empty when it is healthy. It reads the whole of it,
 * so that one check runs at a time: who asks meanwhile gets what the next one finds, all of them the same.
 */
export function checkIntegrity(db: Database): Promise<Finding[]> {
  const waiting = WAITING.get(db)
  if (waiting !== undefined) return waiting
  const before = RUNNING.get(db) ?? Promise.resolve()
  const own = before.then(() => {
    WAITING.delete(db)
    return db.inSnapshot(integrityFindings, { isLong: true })
  })
  WAITING.set(db, own)
  RUNNING.set(db, own.catch(() => undefined))
  return own
}

export async function integrityFindings(tx: Tx): Promise<Finding[]> {
  // It reads the whole ledger, which may take longer than a request is given.
  await tx.execute(sql`set local statement_timeout = '300s'`)
  const rows = await rowsOf<Omit<Finding, 'text'>>(tx,
    sql`select rule, subject, coalesce(found, 'null') as found, expected from integrity limit ${FINDINGS_MAX}`)
  return rows.map((row) => ({ ...row, text: INVARIANTS[row.rule] }))
}

import { BrokenInvariant } from '../kernel/invariant.js'
import { keysOf } from '../kernel/vocabulary.js'
import { type Principal, type Reach, reachOf, type Role, ROLES } from '../kernel/roles.js'

/**
 * Who may call an operation: whoever can reach the service, whoever has signed in, or whoever has one of these roles.
 * `ofCity`: it is about the city as a whole, and a role that is held for some places only does not go so far. Otherwise
 * such a role sees and does what lies at those places; the rest is as if it did not exist. `cityOnly`: roles among them
 * that count only where they are held for the whole city.
 */
export type Rule = 'anyone' | 'signedIn' | { readonly roles: readonly Role[]; readonly ofCity: boolean; readonly cityOnly?: readonly Role[] }

/** How far somebody reaches by a rule. */
export function reachBy(who: Principal, { roles, cityOnly = [] }: Exclude<Rule, string>): Reach {
  const reach = reachOf(who, roles)
  return reach.isCity ? reach : reachOf(who, roles.filter((role) => !cityOnly.includes(role)))
}

const own = (...roles: Role[]): Exclude<Rule, string> => ({ roles, ofCity: false })
const city = (...roles: Role[]): Rule => ({ roles, ofCity: true })

const EVERYBODY = keysOf(ROLES)
/** Administrators look after accounts, not after patients. */
const STAFF = EVERYBODY.filter((role) => role !== 'administrator')
const COMMAND = ['planner', 'treatmentGroup', 'commander', 'transferDesk'] as const
const WARDS = ['bedManager', 'siteManager'] as const
/** Who sees where people lie and what beds there are. */
const CARE = [...COMMAND, ...WARDS, 'auditor', 'viewer'] as const
/** Who puts down people and where they lie. */
const DESKS = ['transferDesk', 'planner', ...WARDS] as const
const PLANS = [...COMMAND, 'suppliesGroup', 'auditor', 'viewer'] as const

/** Who keeps stock. */
const KEEPERS = ['supplyOfficer', 'suppliesGroup'] as const
/** Who sees what material there is. */
const STORES = [...KEEPERS, 'planner', 'commander', 'treatmentGroup', 'auditor', 'viewer'] as const

/** Who sees what material is needed, used and planned with: whoever keeps or plans it, and the places that use it. */
const GOODS = [...STORES, ...WARDS] as const

const SHIFTS: Rule = { ...own(...CARE, 'suppliesGroup'), cityOnly: ['suppliesGroup'] }

/** Reading, and putting down, one kind of record. */
const record = (one: string, many: string, { see, put }: { see: Rule; put: Rule }): Record<string, Rule> =>
  ({ [`list${many}`]: see, [`get${one}`]: see, [`historyOf${one}`]: see, [`put${one}`]: put })

/**
 * Who may do what: one entry for every operation, by its name in the documentation, and for every page beside them.
 * What is not here is refused, and the service does not start while an operation is missing.
 */
export const POLICY: Readonly<Record<string, Rule>> = {
  // the pages beside the operations
  'GET /': 'anyone',
  'GET /healthz': 'anyone',
  'GET /readyz': 'anyone',
  'GET /openapi.json': 'anyone',
  'GET /docs': 'anyone',
  'GET /metrics': city('administrator', 'auditor'),

  // signing in and out
  signIn: 'anyone',
  acceptInvitation: 'anyone',
  signInToDemonstration: 'anyone',
  whoAmI: 'signedIn',
  signOut: 'signedIn',
  changePassword: 'signedIn',
  ...record('Account', 'Accounts', { see: city('administrator', 'auditor'), put: city('administrator') }),
  invite: city('administrator'),
  ...record('ApiKey', 'ApiKeys', { see: city('administrator', 'auditor'), put: city('administrator') }),
  renewApiKey: city('administrator'),

  // what everybody who works here has to know
  ...record('ReportingUnit', 'ReportingUnits', { see: own(...EVERYBODY), put: city('planner') }),
  ...record('Place', 'Places', { see: own(...EVERYBODY), put: city('planner') }),
  ...record('ReserveBlock', 'ReserveBlocks', { see: own(...STAFF), put: city('planner', 'commander') }),
  ...record('ExpertTeam', 'ExpertTeams', { see: own(...STAFF), put: city('planner', 'treatmentGroup') }),
  ...record('Vehicle', 'Vehicles', { see: own(...STAFF), put: city('planner', 'transferDesk') }),
  ...record('TravelTime', 'TravelTimes', { see: own(...STAFF), put: city('planner', 'transferDesk') }),

  // beds and people
  ...record('PoolOfBeds', 'PoolsOfBeds', { see: own(...CARE), put: own('planner', ...WARDS) }),
  reportBeds: own(...DESKS),
  reportPlace: own(...DESKS),
  reportingCompliance: own(...CARE),
  callList: city(...COMMAND, 'auditor', 'viewer'),
  getBookOfBeds: own(...CARE),
  listMovementsOfBeds: own(...CARE),
  ...record('Case', 'Cases', { see: own(...CARE), put: own(...DESKS) }),
  requestTransfer: own(...DESKS),
  withdrawRequest: own(...DESKS),
  reassessCase: own(...DESKS),
  assessFitness: own(...DESKS),
  signTravelException: city('treatmentGroup', 'commander', 'transferDesk'),
  ...record('IntakeDay', 'IntakeDays', { see: city(...PLANS), put: city('planner') }),
  listStays: own(...CARE),
  getStay: own(...CARE),
  admit: own(...DESKS),
  move: own(...DESKS),
  endStay: own(...DESKS),

  // isolation
  ...record('Contact', 'Contacts', { see: own(...CARE), put: own(...DESKS) }),
  withdrawNotice: own(...DESKS),
  checkIn: own(...DESKS),
  moveRoom: own(...DESKS),
  leaveRoom: own(...DESKS),
  exposeAgain: own(...DESKS),
  extendIsolation: own(...DESKS),
  ruleOutSymptoms: own(...DESKS),
  releaseFromIsolation: own(...DESKS),
  turnPositive: own(...DESKS),
  observeContact: own(...DESKS),
  observationsOfContact: own(...CARE),
  contactByEveryEdition: own(...CARE),
  releaseCertificate: own(...CARE),
  listIsolationStays: own(...CARE),
  releaseCalendar: own(...CARE),
  roomsByDay: own(...CARE),
  roomShortages: own(...CARE),
  observationsDue: own(...CARE),
  listSymptoms: own(...CARE),

  // material: what it is, who uses and gives it, what lies where, and what moved it
  ...record('Item', 'Items', { see: own(...GOODS), put: city('suppliesGroup', 'planner') }),
  ...record('ItemCode', 'ItemCodes', { see: own(...GOODS), put: city('suppliesGroup', 'planner') }),
  ...record('Packing', 'Packings', { see: own(...GOODS), put: city('suppliesGroup', 'planner') }),
  ...record('Substitute', 'Substitutes', { see: own(...GOODS), put: city('suppliesGroup', 'planner') }),
  ...record('KitPart', 'KitParts', { see: own(...GOODS), put: city('suppliesGroup', 'planner') }),
  ...record('Norm', 'Norms', { see: own(...GOODS), put: city('suppliesGroup', 'planner') }),
  ...record('MaterialReceiver', 'MaterialReceivers', { see: own(...GOODS), put: city('suppliesGroup', 'planner') }),
  ...record('StockSource', 'StockSources', { see: own(...GOODS), put: city('suppliesGroup', 'planner') }),
  ...record('StaffOnShift', 'StaffOnShifts', { see: own(...GOODS), put: own(...KEEPERS, ...WARDS) }),
  ...record('MeasuredUse', 'MeasuredUses', { see: own(...GOODS), put: own(...KEEPERS, ...WARDS) }),
  ...record('ExpectedSupply', 'ExpectedSupplies', { see: own(...GOODS), put: own(...KEEPERS, ...WARDS) }),
  ...record('PieceOfEquipment', 'PiecesOfEquipment', { see: own(...GOODS), put: own(...KEEPERS, ...WARDS) }),
  ...record('Lot', 'Lots', { see: own(...STORES), put: city('suppliesGroup', 'supplyOfficer') }),
  // A bad lot is locked away by whoever finds it where they keep stock; to lift that is the city's.
  quarantineLot: own(...KEEPERS, 'commander'),
  // Whoever may ask for material sees what of it lies there already.
  listStock: own(...GOODS),
  listStockNotes: own(...STORES),
  getStockNote: own(...STORES),
  receiveStock: own(...KEEPERS),
  takeOutStock: own(...KEEPERS),
  countStock: own(...KEEPERS),
  reverseStockNote: own(...KEEPERS),
  listCover: own(...STORES, ...WARDS),
  listMaterialRequests: own(...STORES, ...WARDS),
  getMaterialRequest: own(...STORES, ...WARDS),
  askForMaterial: own(...KEEPERS, ...WARDS),
  withdrawMaterial: own('supplyOfficer', ...WARDS),
  recommendMaterial: own('planner', 'suppliesGroup'),
  approveMaterial: city('suppliesGroup', 'commander'),
  refuseMaterial: city('suppliesGroup', 'commander'),

  // plans
  askForPlan: city('planner', 'treatmentGroup', 'transferDesk'),
  listPlanRuns: city(...PLANS),
  getPlanRun: city(...PLANS),
  cancelPlanRun: city('planner', 'treatmentGroup', 'transferDesk'),
  watchPlanRun: city(...PLANS),
  getPlan: city(...PLANS),
  getSnapshot: city(...PLANS),
  getPlanTables: city(...PLANS),
  getPlanTable: city(...PLANS),
  printPlan: city(...PLANS),
  checkEdits: city('planner', 'treatmentGroup', 'transferDesk'),
  comparePlans: city(...PLANS),

  // plans approved, and transfer orders; each step has its sides as well, in dispatch
  approvePlan: city('treatmentGroup', 'commander', 'transferDesk'),
  confirmPlan: city('treatmentGroup', 'commander'),
  withdrawPlan: city('treatmentGroup', 'commander'),
  getApproval: city(...PLANS),
  issueOrder: city('treatmentGroup', 'commander', 'transferDesk'),
  confirmOrder: city('treatmentGroup', 'commander'),
  listTransferOrders: own(...CARE),
  getTransferOrder: own(...CARE),
  listOrderEvents: own(...CARE),
  getTransferForm: own(...CARE),
  acceptOrder: own('transferDesk', ...WARDS),
  askReliefOrder: own(...WARDS),
  upholdOrder: own('transferDesk', 'treatmentGroup', 'commander'),
  overruleOrder: own('transferDesk', 'treatmentGroup', 'commander'),
  dispatchOrder: own('transferDesk', ...WARDS),
  worsenOrder: own('transferDesk', ...WARDS),
  divertOrder: own('transferDesk', 'treatmentGroup', 'commander'),
  arriveOrder: own('transferDesk', ...WARDS),
  decontaminateOrder: own('transferDesk', ...WARDS),
  cancelOrder: own('transferDesk', 'treatmentGroup', 'commander'),
  unwillingOrder: own('transferDesk', ...WARDS),
  dieOrder: own('transferDesk', ...WARDS),
  turnBackOrder: own('transferDesk', ...WARDS),
  liftOrder: own('transferDesk', 'treatmentGroup', 'commander', ...WARDS),
  getVehicleBoard: city(...COMMAND, 'auditor', 'viewer'),
  // Who waits is read by whoever reads cases, as far as they do.
  listWaiting: own(...CARE),
  // Whoever looks after some places hears of what concerns them, each thing by the entry that says who may read it.
  listOverdue: own(...CARE, ...KEEPERS),
  getTransferClocks: city(...COMMAND, 'auditor', 'viewer'),
  listReliefs: own(...CARE),

  // material of plans approved, and allocation orders; each step has its sides as well, in dispatch
  approveAllocation: city('supplyOfficer', 'suppliesGroup', 'commander'),
  confirmAllocation: city('suppliesGroup', 'commander'),
  withdrawAllocation: city('suppliesGroup', 'commander'),
  getAllocation: city(...PLANS),
  issueAllocation: own(...KEEPERS, 'commander'),
  listAllocationOrders: own(...STORES),
  getAllocationOrder: own(...STORES),
  listAllocationEvents: own(...STORES),
  getAllocationForm: own(...STORES),
  shipAllocationOrder: own(...KEEPERS),
  receiveAllocationOrder: own(...KEEPERS),
  loseAllocationOrder: own('suppliesGroup', 'commander'),
  cancelAllocationOrder: own(...KEEPERS, 'commander'),
  confirmAllocationOrder: city('suppliesGroup', 'commander'),

  // the day: what is frozen of it, and who hands it to whom
  countDay: city(...PLANS),
  freezeDailyReport: city('planner', 'treatmentGroup', 'commander'),
  listDailyReports: city(...PLANS),
  getDailyReport: city(...PLANS),
  listUnitsOfDailyReport: city(...PLANS),
  listPlacesOfDailyReport: city(...PLANS),
  listCorrectionsOfDailyReport: city(...PLANS),
  printDailyReport: city(...PLANS),
  giveHandover: own(...COMMAND, ...WARDS),
  takeOverShift: own(...COMMAND, ...WARDS),
  // A shift lists orders and requests for material, and beside them who lies at a place: of one place the supplies group sees neither.
  listHandovers: SHIFTS,
  getHandover: SHIFTS,
  printHandover: SHIFTS,

  // the whole picture, and who did what
  importScenario: city('planner'),
  getScenario: city('planner', 'auditor'),
  exportScenario: city('planner', 'auditor'),
  watchChanges: own(...STAFF),
  readJournal: city('auditor'),
  checkIntegrity: city('administrator', 'auditor'),
}

/** How far somebody reaches by the entry of an operation that takes a role: what of its things they see. */
export function reachFor(who: Principal, operation: string): Reach {
  const rule = POLICY[operation]
  if (rule === undefined || typeof rule === 'string') throw new BrokenInvariant(`${operation} takes no role`)
  return reachBy(who, rule)
}

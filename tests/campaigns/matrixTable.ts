import type { Role } from '../../src/kernel/roles.js'

/** Letters of the roles, for the table below. */
export const LETTERS: Readonly<Record<string, Role>> = {
  a: 'administrator', u: 'auditor', p: 'planner', t: 'transferDesk', b: 'bedManager', s: 'siteManager', o: 'supplyOfficer', v: 'viewer',
  T: 'treatmentGroup', S: 'suppliesGroup', C: 'commander',
}

/** Written down a second time, from who does what in a command, and not derived from the policy of the service. */
export const WHO_MAY: Readonly<Record<string, { readonly of: 'anyone' | 'signedIn' | 'city' | 'own'; readonly roles: string }>> = {
  signIn: { of: 'anyone', roles: '' }, acceptInvitation: { of: 'anyone', roles: '' }, signInToDemonstration: { of: 'anyone', roles: '' },
  whoAmI: { of: 'signedIn', roles: '' }, signOut: { of: 'signedIn', roles: '' }, changePassword: { of: 'signedIn', roles: '' },
  listAccounts: { of: 'city', roles: 'au' }, getAccount: { of: 'city', roles: 'au' }, historyOfAccount: { of: 'city', roles: 'au' },
  putAccount: { of: 'city', roles: 'a' }, invite: { of: 'city', roles: 'a' },
  listApiKeys: { of: 'city', roles: 'au' }, getApiKey: { of: 'city', roles: 'au' }, historyOfApiKey: { of: 'city', roles: 'au' },
  putApiKey: { of: 'city', roles: 'a' }, renewApiKey: { of: 'city', roles: 'a' },
  listReportingUnits: { of: 'own', roles: 'auptbsovTSC' }, getReportingUnit: { of: 'own', roles: 'auptbsovTSC' },
  historyOfReportingUnit: { of: 'own', roles: 'auptbsovTSC' }, putReportingUnit: { of: 'city', roles: 'p' },
  listPlaces: { of: 'own', roles: 'auptbsovTSC' }, getPlace: { of: 'own', roles: 'auptbsovTSC' },
  historyOfPlace: { of: 'own', roles: 'auptbsovTSC' }, putPlace: { of: 'city', roles: 'p' },
  listReserveBlocks: { of: 'own', roles: 'uptbsovTSC' }, getReserveBlock: { of: 'own', roles: 'uptbsovTSC' },
  historyOfReserveBlock: { of: 'own', roles: 'uptbsovTSC' }, putReserveBlock: { of: 'city', roles: 'pC' },
  listExpertTeams: { of: 'own', roles: 'uptbsovTSC' }, getExpertTeam: { of: 'own', roles: 'uptbsovTSC' },
  historyOfExpertTeam: { of: 'own', roles: 'uptbsovTSC' }, putExpertTeam: { of: 'city', roles: 'pT' },
  listVehicles: { of: 'own', roles: 'uptbsovTSC' }, getVehicle: { of: 'own', roles: 'uptbsovTSC' },
  historyOfVehicle: { of: 'own', roles: 'uptbsovTSC' }, putVehicle: { of: 'city', roles: 'pt' },
  listTravelTimes: { of: 'own', roles: 'uptbsovTSC' }, getTravelTime: { of: 'own', roles: 'uptbsovTSC' },
  historyOfTravelTime: { of: 'own', roles: 'uptbsovTSC' }, putTravelTime: { of: 'city', roles: 'pt' },
  listPoolsOfBeds: { of: 'own', roles: 'uptbsvTC' }, getPoolOfBeds: { of: 'own', roles: 'uptbsvTC' },
  historyOfPoolOfBeds: { of: 'own', roles: 'uptbsvTC' }, putPoolOfBeds: { of: 'own', roles: 'pbs' },
  reportBeds: { of: 'own', roles: 'ptbs' }, getBookOfBeds: { of: 'own', roles: 'uptbsvTC' }, listMovementsOfBeds: { of: 'own', roles: 'uptbsvTC' },
  listCases: { of: 'own', roles: 'uptbsvTC' }, getCase: { of: 'own', roles: 'uptbsvTC' }, historyOfCase: { of: 'own', roles: 'uptbsvTC' },
  putCase: { of: 'own', roles: 'ptbs' },
  listIntakeDays: { of: 'city', roles: 'uptvTSC' }, getIntakeDay: { of: 'city', roles: 'uptvTSC' },
  historyOfIntakeDay: { of: 'city', roles: 'uptvTSC' }, putIntakeDay: { of: 'city', roles: 'p' },
  listStays: { of: 'own', roles: 'uptbsvTC' }, getStay: { of: 'own', roles: 'uptbsvTC' },
  admit: { of: 'own', roles: 'ptbs' }, move: { of: 'own', roles: 'ptbs' }, endStay: { of: 'own', roles: 'ptbs' },
  askForPlan: { of: 'city', roles: 'ptT' }, listPlanRuns: { of: 'city', roles: 'uptvTSC' }, getPlanRun: { of: 'city', roles: 'uptvTSC' },
  cancelPlanRun: { of: 'city', roles: 'ptT' }, watchPlanRun: { of: 'city', roles: 'uptvTSC' }, getPlan: { of: 'city', roles: 'uptvTSC' },
  getSnapshot: { of: 'city', roles: 'uptvTSC' }, getPlanTables: { of: 'city', roles: 'uptvTSC' }, getPlanTable: { of: 'city', roles: 'uptvTSC' },
  importScenario: { of: 'city', roles: 'p' }, getScenario: { of: 'city', roles: 'pu' }, exportScenario: { of: 'city', roles: 'pu' },
  watchChanges: { of: 'own', roles: 'uptbsovTSC' },
  readJournal: { of: 'city', roles: 'u' }, checkIntegrity: { of: 'city', roles: 'au' },
}

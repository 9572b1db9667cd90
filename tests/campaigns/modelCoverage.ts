import type { Op } from './modelWords.js'

/**
 * What has to come of each operation in a campaign of some length, beside that it is done: a model that is never put to
 * the question proves nothing.
 */
export const REFUSALS_OF: Readonly<Record<Op, readonly string[]>> = {
  putReportingUnit: ['versionMissing', 'changedMeanwhile', 'forbidden', 'alreadyExists'], putPlace: ['unknownReference', 'changedMeanwhile', 'versionMissing', 'forbidden'],
  putPoolOfBeds: ['wrongReference', 'unknownReference', 'forbidden', 'changedMeanwhile', 'scenarioRefused'],
  putCase: ['wrongReference', 'figureIsOlder', 'wrongTime', 'scenarioRefused', 'forbidden', 'changedMeanwhile', 'unknownReference', 'alreadyExists'], putIntakeDay: ['wrongTime', 'forbidden'],
  putVehicle: ['scenarioRefused', 'forbidden'], putTravelTime: ['scenarioRefused', 'alreadyExists', 'forbidden'], putReserveBlock: ['scenarioRefused', 'alreadyExists', 'unknownReference', 'forbidden'],
  putExpertTeam: ['unknownReference'], putContact: ['wrongReference', 'wrongTime', 'unknownReference', 'forbidden', 'changedMeanwhile', 'versionMissing', 'isolationIsOver'],
  reportBeds: ['notFound', 'figureIsOlder', 'wrongFigure', 'wrongTime', 'changedMeanwhile', 'forbidden', 'invalidInput'], reportPlace: ['notFound', 'wrongReference', 'wrongFigure', 'figureIsOlder', 'wrongTime'],
  requestTransfer: ['notFound', 'wrongTime', 'forbidden'], withdrawRequest: ['notWaiting', 'notFound', 'stepOutOfOrder'], reassessCase: ['figureIsOlder', 'scenarioRefused', 'notFound', 'wrongTime'],
  assessFitness: ['figureIsOlder', 'wrongTime', 'notFound'], signTravelException: ['forbidden', 'wrongTime', 'notFound', 'changedMeanwhile'],
  admit: ['alreadyInCare', 'noFreeBed', 'wrongTime', 'unknownReference', 'wrongReference', 'forbidden'], move: ['noFreeBed', 'wrongTime', 'notFound', 'notInCare', 'wrongReference', 'forbidden', 'changedMeanwhile', 'stepOutOfOrder'],
  endStay: ['wrongTime', 'notFound', 'notInCare', 'forbidden', 'stepOutOfOrder'],
  withdrawNotice: ['alreadyInCare', 'isolationIsOver'], checkIn: ['noFreeBed', 'alreadyInCare', 'isolationIsOver', 'wrongReference', 'wrongTime', 'notFound', 'forbidden', 'changedMeanwhile'],
  moveRoom: ['noFreeBed', 'notInCare', 'wrongReference', 'wrongTime', 'isolationIsOver', 'forbidden'], leaveRoom: ['notInCare', 'isolationIsOver', 'wrongTime'],
  exposeAgain: ['wrongTime', 'isolationIsOver', 'figureIsOlder', 'forbidden', 'wrongReference'], extendIsolation: ['notInCare', 'isolationIsOver'], ruleOutSymptoms: ['nothingToRuleOut', 'notInCare', 'isolationIsOver'], releaseFromIsolation: ['symptomsObserved', 'notObserved', 'ownRuling', 'wrongTime', 'isolationIsOver', 'notInCare', 'forbidden'],
  turnPositive: ['alreadyExists', 'scenarioRefused', 'notInCare', 'isolationIsOver', 'wrongTime'], observeContact: ['wrongTime', 'notInCare', 'isolationIsOver', 'symptomsObserved'],
  askForPlan: ['wrongReference', 'wrongTime', 'forbidden'], cancelPlanRun: ['runIsOver', 'notFound', 'forbidden'],
  approvePlan: ['ownPlan', 'planIsDecided', 'planIsStale', 'planIsImpossible', 'forbidden', 'noPlan', 'notFound', 'invalidInput', 'wrongTime', 'changedMeanwhile'],
  confirmPlan: ['planIsDecided', 'ownPlan', 'notFound', 'forbidden'], withdrawPlan: ['planIsDecided', 'ordersAreOut', 'notFound', 'forbidden'],
  issueOrder: ['breaksMust', 'alreadyExists', 'invalidInput', 'forbidden', 'wrongTime'], confirmOrder: ['ownPlan', 'tooLate', 'notFound', 'forbidden'],
  acceptOrder: ['stepOutOfOrder', 'forbidden', 'notFound', 'changedMeanwhile'], askReliefOrder: ['stepOutOfOrder', 'tooLate', 'forbidden', 'wrongFigure'], upholdOrder: ['stepOutOfOrder', 'forbidden'],
  overruleOrder: ['stepOutOfOrder', 'forbidden'], dispatchOrder: ['stepOutOfOrder', 'forbidden', 'wrongTime', 'invalidInput', 'breaksMust', 'notInCare', 'alreadyInCare'], worsenOrder: ['stepOutOfOrder', 'forbidden'],
  divertOrder: ['stepOutOfOrder', 'breaksMust', 'invalidInput', 'forbidden'], arriveOrder: ['stepOutOfOrder', 'forbidden', 'wrongTime'], decontaminateOrder: ['stepOutOfOrder', 'forbidden'],
  cancelOrder: ['stepOutOfOrder', 'forbidden'], unwillingOrder: ['stepOutOfOrder', 'forbidden'], dieOrder: ['stepOutOfOrder', 'forbidden'], turnBackOrder: ['stepOutOfOrder', 'forbidden'], liftOrder: ['stepOutOfOrder', 'forbidden'],
  importScenario: ['storeNotEmpty', 'forbidden'],
}

/** Situations that do not show in a code. */
const SITUATIONS = [
  'overfull pool', 'census below the named', 'unknown, then known again', 'arrival counted by an earlier census',
  'departure counted by an earlier census', 'departure of one whom the census missed', 'arrival where nobody counted', 'arrival behind a census that missed somebody',
  'the last bed is promised', 'the last bed is promised by dispatch', 'census over what dispatch has promised', 'arrival on a promise in an overfull pool', 'contact in a counted room',
  'success replayed', 'refusal replayed', 'key reused for something else', 'key of another post', 'refusal: keyMissing', 'refusal: notSignedIn',
  'late report', 'report of before the last change', 'report of before somebody came or left', 'report by telephone', 'effective time does not go back', 'lying where only the place is known',
  'move inside one pool', 'move between places whose pools nobody knows', 'back in the very moment of leaving', 'stay of no length', 'companion', 'transfer requested twice',
  'past read without knownAt', 'past read with knownAt', 'past read of the present as it was known', 'page behind a cursor', 'scenario of somebody', 'past scenario of somebody', 'past scenario of nobody',
  'a scenario is brought in', 'an order is brought in', 'consent by silence', 'expired accepted', 'expired reliefAsked', 'another vehicle drives', 'arrival where they lie already',
  'order by phone', 'a second order for one person', 'diverted before it left', 'diverted on the road', 'turned back', 'clean: returned', 'a block is opened',
  ...['usableBeds', 'careLevel', 'lawfulPlace', 'fitness', 'onePlace', 'together', 'inpatients', 'underCommand', 'vehicleMinutes', 'lifeSupport', 'decontamination', 'crewHours', 'travelLimit', 'arrivalsPerHour', 'reserveReady', 'placeNeeds', 'dischargeDue', 'singleRoom', 'ventilators']
    .map((rule) => `must broken: ${rule}`),
  'plan: done 0', 'plan: done 3', 'approved with orders', 'approved by phone with orders', 'approved without an order', 'a line is struck', 'somebody waits and is in no plan', 'superseded', 'superseded while orders of it stand', 'order cancelled with its plan',
  'stale: patient moved', 'stale: patient gone', 'stale: patient ordered', 'stale: patient severity', 'stale: usableBeds', 'stale: the day is over',
  'release on a day that is too early', 'release on the very day', 'release after an extension', 'exposed again in isolation', 'exposure put right to an earlier day', 'announced again after it was withdrawn', 'release of who was cleared', 'release by who made the day earlier', 'release by another than who made the day earlier', 'ill seen again after it was answered', 'observed again in the same half day',
  'full report of before the last assessment', 'fitness outgrown', 'exception outgrown', 'exceptionSigned', 'exceptionSigned by phone', 'exceptionLifted', 'an exception by a full report', 'judged before they got worse, and told after', 'asked for too long ago', 'asked for before they came or left, and told after',
  'work: upkeep', 'work: worker',
]

const SUCCESS = ['200', '201', '202']

/** A long campaign has to meet these; a short one does where chance will. */
const RARE: ReadonlySet<string> = new Set([
  'releaseFromIsolation ownRuling', 'putReserveBlock alreadyExists', 'exposeAgain isolationIsOver', 'approvePlan wrongTime', 'dispatchOrder wrongTime', 'unwillingOrder forbidden', 'expired reliefAsked',
  'must broken: singleRoom', 'arrival where they lie already', 'release of who was cleared', 'release by who made the day earlier', 'release by another than who made the day earlier', 'ill seen again after it was answered',
])
const STEPS_OF_A_LONG_ONE = 20_000

/** What a campaign of so many steps has to meet, and never met. */
export function missedIn(met: ReadonlyMap<string, number>, steps: number): string[] {
  return everythingMissedIn(met).filter((what) => steps >= STEPS_OF_A_LONG_ONE || !RARE.has(what))
}

function everythingMissedIn(met: ReadonlyMap<string, number>): string[] {
  const ops = Object.entries(REFUSALS_OF)
  return [
    ...ops.filter(([op]) => !SUCCESS.some((status) => met.has(`${op} ${status}`))).map(([op]) => `${op}: done`),
    ...ops.flatMap(([op, codes]) => codes.map((code) => `${op} ${code}`)).filter((what) => !met.has(what)),
    ...SITUATIONS.filter((situation) => !met.has(situation)),
  ]
}

import { type Act, No } from './modelAct.js'
import { reportBeds, reportPlace } from './modelBeds.js'
import * as cases from './modelCases.js'
import { faultsIn } from './modelFaults.js'
import { importScenario } from './modelImport.js'
import * as isolation from './modelIsolation.js'
import { confirmOrder, divert, issueOffPlan } from './modelIssue.js'
import { dispatch } from './modelLeaving.js'
import { settleDue, takeStep } from './modelOrders.js'
import { pictureAt } from './modelPicture.js'
import { approvePlan, confirmPlan, withdrawPlan } from './modelPlans.js'
import { put, refusedId } from './modelRecords.js'
import { admitted, type Reach } from './modelRoles.js'
import { askForPlan, cancelPlanRun, computed, type Read } from './modelRuns.js'
import { copied, nothing, type State } from './modelState.js'
import { admit, end, move } from './modelStays.js'
import { type Answered, type Command, type Fields, type Given, type Kept, type Op, type Predicted, PUTS, type Reached, type Sent } from './modelWords.js'

const STATUS: Readonly<Record<string, number>> = {
  invalidInput: 400, keyMissing: 400, notSignedIn: 401, forbidden: 403, ownPlan: 403, notFound: 404, alreadyExists: 409, noFreeBed: 409, alreadyInCare: 409,
  notInCare: 409, notWaiting: 409, isolationIsOver: 409, symptomsObserved: 409, notObserved: 409, nothingToRuleOut: 409, ownRuling: 403, figureIsOlder: 409, storeNotEmpty: 409, runIsOver: 409, noPlan: 409, planIsStale: 409,
  planIsImpossible: 409, planIsDecided: 409, ordersAreOut: 409, stepOutOfOrder: 409, tooLate: 409, breaksMust: 409, changedMeanwhile: 412,
  unknownReference: 422, wrongReference: 422, wrongTime: 422, wrongFigure: 422, keyReused: 422, scenarioRefused: 422, versionMissing: 428,
}

type Do = (act: Act, id: string, body: Fields) => Answered
/** What each operation does, but for records that are put down and the steps of an order. */
const DOES: Readonly<Partial<Record<Op, Do>>> = {
  reportBeds, reportPlace, move, endStay: end,
  requestTransfer: cases.requestTransfer, withdrawRequest: cases.withdrawRequest, reassessCase: cases.reassess, assessFitness: cases.assessFitness, signTravelException: cases.signTravelException,
  withdrawNotice: isolation.withdrawNotice, checkIn: isolation.checkIn, moveRoom: isolation.moveRoom, leaveRoom: isolation.leaveRoom, exposeAgain: isolation.exposeAgain,
  extendIsolation: isolation.extendIsolation, releaseFromIsolation: isolation.releaseFromIsolation, turnPositive: isolation.turnPositive, observeContact: isolation.observeContact, ruleOutSymptoms: isolation.ruleOutSymptoms,
  admit: (act, _, body) => admit(act, body), askForPlan: (act, _, body) => askForPlan(act, body), cancelPlanRun, approvePlan, confirmPlan, withdrawPlan,
  issueOrder: (act, _, body) => issueOffPlan(act, body), confirmOrder, dispatchOrder: dispatch, divertOrder: divert, importScenario: (act, _, body) => importScenario(act, body),
}
function doing(op: Op): Do {
  const kind = PUTS[op]
  const known = kind === undefined ? DOES[op] ?? takeStep[op.replace(/Order$/, '')] : (act: Act, id: string, body: Fields) => put(act, kind, id, body)
  if (known === undefined) throw new Error(`the model does not know ${op}`)
  return known
}

/** What is written only where the picture of the present does not contradict itself by it. */
const isJudged = (op: Op): boolean => (op in PUTS && op !== 'putContact') || /Order$/.test(op) ||
  ['requestTransfer', 'withdrawRequest', 'reassessCase', 'assessFitness', 'signTravelException', 'admit', 'turnPositive', 'approvePlan'].includes(op)

/**
 * What the service ought to do, in plain maps: written from its rules in words, and sharing nothing with its code. It is
 * told each command after the service has answered it, with the ids that the service gave to whatever is new.
 */
export class World {
  state: State
  private readonly keys = new Map<string, Kept>()

  constructor(now: number, private readonly reached: Reached) {
    this.state = nothing(now)
  }

  forward(by: number): void {
    this.state = { ...this.state, now: this.state.now + by }
  }

  /** What the service ought to have answered. */
  act({ command, actor, key, ifMatch, isCrooked }: Sent, given: Given): Predicted {
    const reach = admitted(this.state, actor, command.op)
    const code = typeof reach === 'string' ? reach : isCrooked ? 'invalidInput' : refusedId(PUTS[command.op], command.id ?? '', command.body ?? {}) ?? (key === null ? 'keyMissing' : null)
    if (typeof reach === 'string' || code !== null || key === null) return { ...refusal(code ?? 'keyMissing'), kept: null, again: false }
    const same = canonical([command, ifMatch])
    const before = this.keys.get(`${actor} ${key}`)
    if (before !== undefined && before.same !== same) {
      this.reached('key reused for something else')
      return { ...refusal('keyReused'), kept: null, again: false }
    }
    if (before !== undefined) {
      this.reached(before.answer.code === null ? 'success replayed' : 'refusal replayed')
      return { ...before.answer, kept: before, again: true }
    }
    if ([...this.keys.keys()].some((used) => used.endsWith(` ${key}`))) this.reached('key of another post')
    const kept = { same, answer: this.answered(command, { by: actor, reach, ifMatch, given }), bytes: '' }
    this.keys.set(`${actor} ${key}`, kept)
    return { ...kept.answer, kept, again: false }
  }

  /** What is refused changes nothing. */
  private answered({ op, id, body }: Command, asked: { by: string; reach: Reach; ifMatch: string | null; given: Given }): Answered {
    const state = copied(this.state)
    try {
      const answer = doing(op)({ ...asked, state, reached: this.reached }, id ?? '', body ?? {})
      if (isJudged(op)) this.checkSound(state)
      this.state = state
      return answer
    } catch (no) {
      if (no instanceof No) return refusal(no.code, no.about)
      throw no
    }
  }

  /** One bad row, put down at noon, must not be what stops the plan at two in the morning. */
  private checkSound(after: State): void {
    const before = new Set(faultsIn(pictureAt(this.state, {})))
    if (!faultsIn(pictureAt(after, {})).every((fault) => before.has(fault))) throw new No('scenarioRefused')
  }

  /** The service writes down by itself what the clock says to orders. */
  keepUp(): void {
    const state = copied(this.state)
    settleDue({ state, reached: this.reached })
    this.state = state
  }

  /** Somebody has computed a run: what is not right about it. */
  compute(id: string, read: Read): string[] {
    const state = copied(this.state)
    const wrong = computed(state, id, read)
    this.state = state
    return wrong
  }
}

const refusal = (code: string, about: readonly string[] | null = null): Answered => ({ status: STATUS[code] ?? 0, code, body: null, about })

/** The same content gives the same text, whatever the order of its keys. */
const canonical = (value: unknown): string => JSON.stringify(value, (_, inner: unknown) =>
  (typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner))

/** The words of the model: what is asked, how moments and figures are written. None of it is the service's own. */
export type Fields = Readonly<Record<string, unknown>>

/** Kinds of records, by their address. */
export type Kind =
  | 'reporting-units' | 'places' | 'pools' | 'cases' | 'intake' | 'vehicles' | 'travel' | 'reserve-blocks' | 'expert-teams' | 'contacts'

/** Every operation that changes something, by its name in the documentation, with its address. */
export const OPERATIONS = {
  putReportingUnit: 'PUT /reporting-units/{id}', putPlace: 'PUT /places/{id}', putPoolOfBeds: 'PUT /pools/{id}', putCase: 'PUT /cases/{id}',
  putIntakeDay: 'PUT /intake/{id}', putVehicle: 'PUT /vehicles/{id}', putTravelTime: 'PUT /travel/{id}',
  putReserveBlock: 'PUT /reserve-blocks/{id}', putExpertTeam: 'PUT /expert-teams/{id}', putContact: 'PUT /contacts/{id}',
  reportBeds: 'PUT /pools/{id}/report', reportPlace: 'PUT /places/{id}/report',
  requestTransfer: 'POST /cases/{id}/transfer-request', withdrawRequest: 'POST /cases/{id}/withdraw-request',
  reassessCase: 'POST /cases/{id}/severity', assessFitness: 'POST /cases/{id}/fitness', signTravelException: 'POST /cases/{id}/travel-exception',
  admit: 'POST /stays', move: 'POST /stays/{id}/move', endStay: 'POST /stays/{id}/end',
  withdrawNotice: 'POST /contacts/{id}/withdraw', checkIn: 'POST /contacts/{id}/check-in', moveRoom: 'POST /contacts/{id}/move',
  leaveRoom: 'POST /contacts/{id}/leave', exposeAgain: 'POST /contacts/{id}/exposure', extendIsolation: 'POST /contacts/{id}/extend',
  releaseFromIsolation: 'POST /contacts/{id}/release', turnPositive: 'POST /contacts/{id}/positive', observeContact: 'POST /contacts/{id}/observations',
  ruleOutSymptoms: 'POST /contacts/{id}/rule-out',
  askForPlan: 'POST /plan-runs', cancelPlanRun: 'POST /plan-runs/{id}/cancel', approvePlan: 'POST /plan-runs/{id}/approve',
  confirmPlan: 'POST /plan-runs/{id}/confirm', withdrawPlan: 'POST /plan-runs/{id}/withdraw',
  issueOrder: 'POST /transfer-orders', confirmOrder: 'POST /transfer-orders/{id}/confirm', acceptOrder: 'POST /transfer-orders/{id}/accept',
  askReliefOrder: 'POST /transfer-orders/{id}/ask-relief', upholdOrder: 'POST /transfer-orders/{id}/uphold',
  overruleOrder: 'POST /transfer-orders/{id}/overrule', dispatchOrder: 'POST /transfer-orders/{id}/dispatch',
  worsenOrder: 'POST /transfer-orders/{id}/worsen', divertOrder: 'POST /transfer-orders/{id}/divert', arriveOrder: 'POST /transfer-orders/{id}/arrive',
  decontaminateOrder: 'POST /transfer-orders/{id}/decontaminate', cancelOrder: 'POST /transfer-orders/{id}/cancel',
  unwillingOrder: 'POST /transfer-orders/{id}/unwilling', dieOrder: 'POST /transfer-orders/{id}/die', turnBackOrder: 'POST /transfer-orders/{id}/turn-back', liftOrder: 'POST /transfer-orders/{id}/lift-relief',
  importScenario: 'POST /scenario',
} as const
export type Op = keyof typeof OPERATIONS

/** Operations that put down one kind of record. */
export const PUTS: Readonly<Partial<Record<Op, Kind>>> = {
  putReportingUnit: 'reporting-units', putPlace: 'places', putPoolOfBeds: 'pools', putCase: 'cases', putIntakeDay: 'intake', putVehicle: 'vehicles',
  putTravelTime: 'travel', putReserveBlock: 'reserve-blocks', putExpertTeam: 'expert-teams', putContact: 'contacts',
}

/** What somebody asks for. `id`: what it is done to; `body` of an import: the scenario that is zipped. */
export interface Command {
  readonly op: Op
  readonly id: string | null
  readonly body: Fields | null
}

/** A command as it is sent. `isCrooked`: its body does not fit the schema. */
export interface Sent {
  readonly command: Command
  /** Who sends it, by the list of actors. */
  readonly actor: string
  readonly key: string | null
  readonly ifMatch: string | null
  readonly isCrooked: boolean
}

/** What has to be answered: a body, or the code of a refusal and, where it lists them, what it is about. */
export interface Answered {
  readonly status: number
  readonly code: string | null
  readonly body: Fields | null
  readonly about: readonly string[] | null
}

/** `again` is where the bytes of the first answer are kept, for a key that was used before. */
export interface Predicted extends Answered {
  readonly kept: Kept | null
  readonly again: boolean
}
export interface Kept {
  readonly same: string
  readonly answer: Answered
  bytes: string
}

/** Ids that only the service can give: of what was made, and of the stay of somebody who came to lie somewhere. */
export interface Given {
  readonly id: string
  readonly stays: ReadonlyMap<string, string>
}

/** Said of a situation that was met, for the tally. */
export type Reached = (situation: string) => void

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
const HOURS_EAST = 8

/** A moment as people in China write it; milliseconds only where there are some. */
export const written = (moment: number): string =>
  `${new Date(moment + HOURS_EAST * HOUR).toISOString().replace('.000Z', 'Z').slice(0, -1)}+08:00`
export const read = (said: unknown): number => Date.parse(String(said))
export const writtenOrNull = (moment: number | null | undefined) => (moment === null || moment === undefined ? null : written(moment))
export const readOrNull = (said: unknown): number | null => (said === null || said === undefined ? null : read(said))
/** The calendar day of a moment, in China. */
export const dayOf = (moment: number): string => written(moment).slice(0, 10)
/** 00:00 of a day, in China. */
export const midnightOf = (day: string): number => read(`${day}T00:00:00+08:00`)
export const dayLater = (day: string, days: number): string => dayOf(midnightOf(day) + days * DAY)

export const isCount = (figure: unknown): figure is number => typeof figure === 'number'
export const orNought = (figure: unknown): number => (isCount(figure) ? figure : 0)
/** What a limit allows: nothing while nobody stated it, everything where it is not counted. */
export const allowed = (limit: unknown): number => (limit === 'notTracked' ? Number.POSITIVE_INFINITY : orNought(limit))

/** An id of somebody is their reporting unit and that unit's own number. */
export const isNumberOf = (id: string, unit: unknown): boolean => id.startsWith(`${String(unit)}-`) && id.length > String(unit).length + 1

export const ofCodePoints = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

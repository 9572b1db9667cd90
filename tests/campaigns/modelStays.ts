import { type Act, done, keep, matchIfGiven, needs, No, note, when } from './modelAct.js'
import { checkBed, comeIn, goOut } from './modelBeds.js'
import { stayOut } from './modelOut.js'
import { atPlace, seesCase } from './modelRoles.js'
import { openStayOf, present, type State, type Stay } from './modelState.js'
import { stated } from './modelStated.js'
import { type Answered, type Fields, read } from './modelWords.js'

interface Bed { readonly place: string; readonly pool: string | null }
const bedOf = ({ place, pool = null }: Fields): Bed => ({ place: String(place), pool: pool === null ? null : String(pool) })

export function admit(act: Act, said: Fields): Answered {
  const { state, reach, reached, given } = act
  const { case: whom, at: told } = said
  const person = String(whom)
  const bed = bedOf(said)
  needs(atPlace(reach, bed.place), 'forbidden')
  needs(present(state, 'cases', person) !== undefined && seesCase(state, reach, person), 'unknownReference')
  needs(!isDead(state, person), 'notInCare')
  needs(!isOnTheRoad(state, person), 'stepOutOfOrder')
  needs(openStayOf(state, person) === undefined, 'alreadyInCare')
  const at = when(act, told)
  const last = Math.max(...[...state.stays.values()].flatMap((stay) => (stay.person === person && stay.end !== null ? [stay.end.at] : [])))
  needs(at >= last, 'wrongTime')
  if (at === last) reached('back in the very moment of leaving')
  enter(act, bed, at)
  return done(stayOut(begin(act, { id: given.id, person, ...bed }, at, 'admitted')), 201)
}

export function move(act: Act, id: string, said: Fields): Answered {
  const stay = byHand(act, id)
  return done(stayOut(moved(act, stay, { bed: bedOf(said), told: said['at'], given: act.given.id })), 201)
}

interface Moving {
  readonly bed: Bed
  readonly told: unknown
  readonly given: string
  /** A bed that dispatch has promised them is theirs. */
  readonly hasPromise?: boolean
}

/** One stay ends and the next begins, in one step. */
export function moved(act: Act, stay: Stay, { bed, told, given, hasPromise = false }: Moving): Stay {
  needs(atPlace(act.reach, bed.place), 'forbidden')
  const at = since(act, stay, told)
  checkBed(act, bed.place, bed.pool)
  if (bed.pool === null) act.reached('lying where only the place is known')
  if (bed.pool !== stay.pool) {
    if (bed.pool !== null) comeIn(act, bed.pool, at, hasPromise)
    if (stay.pool !== null) goOut(act, stay.pool, at)
  } else act.reached(bed.pool === null ? 'move between places whose pools nobody knows' : 'move inside one pool')
  close(act, stay, at, 'moved')
  const next = begin(act, { id: given, person: stay.person, ...bed }, at, 'moved')
  if (bed.place !== stay.place) note(act, 'movedAway', 'stays', stay.id)
  if (hasPromise || bed.place !== stay.place) fulfilled(act, stay.person, at)
  return next
}

/** What was asked for by then is done; what was asked for later is another request. */
export function fulfilled(act: Act, person: string, at: number): void {
  const body = present(act.state, 'cases', person)?.body
  const asks = body?.['waitingSince'] ?? null
  if (body === undefined || asks === null) return
  if (read(asks) > at) return act.reached('asked for again before it was told that they came')
  act.reached('request fulfilled')
  keep(act, 'cases', { id: person, body: stated(body, { waitingSince: null }), at })
  note(act, 'case.requestFulfilled', 'cases', person)
}

export function end(act: Act, id: string, { ending, at: told }: Fields): Answered {
  return done(stayOut(ended(act, byHand(act, id), String(ending), told)))
}

export function ended(act: Act, stay: Stay, ending: string, told: unknown): Stay {
  const at = since(act, stay, told)
  if (stay.pool !== null) goOut(act, stay.pool, at)
  note(act, ending, 'stays', stay.id)
  const over = close(act, stay, at, ending)
  fulfilled(act, stay.person, at)
  return over
}

/** Whose vehicle has left: where they are, their order says. */
export const isOnTheRoad = ({ orders }: State, person: string): boolean =>
  [...orders.values()].some(({ patient, now }) => patient === person && now.state === 'dispatched')

/** The last that is known of them is that they died. */
export function isDead(state: State, person: string): boolean {
  if (openStayOf(state, person) !== undefined) return false
  const ends = [...state.stays.values()].flatMap(({ person: who, end }) => (who === person && end !== null ? [end] : []))
  const last = Math.max(...ends.map(({ at }) => at))
  return ends.some(({ at, how }) => at === last && how === 'died')
}

function byHand(act: Act, id: string): Stay {
  const stay = standing(act, id)
  needs(!isOnTheRoad(act.state, stay.person), 'stepOutOfOrder')
  return stay
}

/** The stay of this id, which goes on, in the version that the asker saw. */
function standing(act: Act, id: string): Stay {
  const stay = act.state.stays.get(id)
  if (stay === undefined || !atPlace(act.reach, stay.place)) throw new No('notFound')
  needs(stay.end === null, 'notInCare')
  matchIfGiven(act, 1)
  return stay
}

function since(act: Act, { began }: Stay, told: unknown): number {
  const at = when(act, told)
  needs(at >= began, 'wrongTime')
  if (at === began) act.reached('stay of no length')
  return at
}

function enter(act: Act, { place, pool }: Bed, at: number): void {
  checkBed(act, place, pool)
  if (pool === null) act.reached('lying where only the place is known')
  else comeIn(act, pool, at)
}

export function begin(act: Pick<Act, 'state' | 'by'>, stay: Who, began: number, action: string): Stay {
  note(act, action, 'stays', stay.id)
  return lies(act, stay, began)
}

type Who = Pick<Stay, 'id' | 'person' | 'place' | 'pool'>
/** Without a line of its own in the journal: a scenario that is brought in has one for all. */
export function lies({ state, by }: Pick<Act, 'state' | 'by'>, stay: Who, began: number): Stay {
  const begun = { ...stay, began, beganRecorded: state.now, beganBy: by, end: null }
  state.stays.set(stay.id, begun)
  return begun
}

function close(act: Act, stay: Stay, at: number, how: string): Stay {
  const over = { ...stay, end: { at, how, recorded: act.state.now, by: act.by } }
  act.state.stays.set(stay.id, over)
  return over
}

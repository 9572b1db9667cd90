import { type Act, done, journalName, keep, match, needs, note, when } from './modelAct.js'
import { putPool } from './modelBeds.js'
import { settled } from './modelCases.js'
import { announce } from './modelIsolation.js'
import { recordOut } from './modelOut.js'
import { mayBegin, reachOf, seesCase } from './modelRoles.js'
import { idsOf, present } from './modelState.js'
import { type Answered, type Fields, isNumberOf, type Kind, read } from './modelWords.js'

const PROVENANCE = { assumed: [], asOf: null }
/** What stands where nothing was said. */
const LEFT_OUT: Readonly<Record<Kind, Fields>> = {
  'reporting-units': { aliases: [], ...PROVENANCE }, places: PROVENANCE, pools: { attributes: [], ...PROVENANCE }, cases: { needs: [], ...PROVENANCE },
  intake: PROVENANCE, vehicles: PROVENANCE, travel: PROVENANCE, 'reserve-blocks': PROVENANCE, 'expert-teams': PROVENANCE, contacts: PROVENANCE,
}

/** What is refused of an id before its key counts for anything. */
export function refusedId(kind: Kind | undefined, id: string, body: Fields): string | null {
  if (kind === 'cases' && !isNumberOf(id, body['unit'])) return 'wrongReference'
  return kind === 'intake' && !/^\d{4}-\d\d-\d\d$/.test(id) ? 'wrongTime' : null
}

/** One record, new or in its next version. */
export function put(act: Act, kind: Kind, id: string, said: Fields): Answered {
  const body = { ...LEFT_OUT[kind], ...said }
  if (kind === 'pools') return putPool(act, id, body)
  if (kind === 'contacts') return announce(act, id, body)
  const before = present(act.state, kind, id)
  if (kind === 'cases' && !(before !== undefined && seesCase(act.state, act.reach, id))) {
    needs(mayBegin(act.reach, body['unit']), 'forbidden')
    needs(before === undefined, 'alreadyExists')
  }
  match(act, before?.version ?? null)
  // Whether a reserve is open is the commander's.
  if (kind === 'reserve-blocks') needs((before?.body['opened'] ?? false) === body['opened'] || reachOf(act.state, act.by, 'C').isCity, 'forbidden')
  const at = when(act, body['asOf'])
  const told = kind === 'cases' ? [body['waitingSince'], body['fitnessAssessedAt']].filter((one) => one !== null) : []
  needs(!told.some((one) => read(one) > at), 'wrongTime')
  const row = kind === 'cases' ? settled(act, before, body, at) : body
  checkReferences(act, kind, id, body)
  if (kind === 'cases' && body['companion'] !== null) act.reached('companion')
  const kept = keep(act, kind, { id, body: row, at })
  note(act, 'put', journalName(kind), id)
  return done(recordOut(kept), before === undefined ? 201 : 200)
}

/** What leads nowhere, and what stands once in the city and would stand twice. */
function checkReferences({ state }: Act, kind: Kind, id: string, body: Fields): void {
  const { unit, place, station, companion, gbt2260, from, to, sequence } = body
  const standsOnce = (isSame: (other: Fields) => boolean) =>
    needs(!idsOf(state, kind).some((other) => other !== id && isSame(present(state, kind, other)?.body ?? {})), 'alreadyExists')
  if (kind === 'reporting-units' && gbt2260 !== null) standsOnce((other) => other['gbt2260'] === gbt2260)
  if (kind === 'travel') standsOnce((other) => other['from'] === from && other['to'] === to)
  if (kind === 'reserve-blocks') standsOnce((other) => other['place'] === place && other['sequence'] === sequence)
  if (kind === 'places' || kind === 'cases') needs(present(state, 'reporting-units', String(unit)) !== undefined, 'unknownReference')
  if (kind === 'cases' && companion !== null) needs(companion === id || present(state, 'cases', String(companion)) !== undefined, 'unknownReference')
  if (kind === 'reserve-blocks') {
    // Beds are of a block at their own place.
    needs(!idsOf(state, 'pools').some((pool) => {
      const beds = present(state, 'pools', pool)?.body
      return beds?.['block'] === id && beds['place'] !== place
    }), 'wrongReference')
    needs(present(state, 'places', String(place)) !== undefined, 'unknownReference')
  }
  if (kind === 'expert-teams') needs(present(state, 'places', String(station)) !== undefined, 'unknownReference')
}

import { machine } from '../../src/app/machine.js'
import { keysOf } from '../../src/kernel/vocabulary.js'
import { type Role, ROLES } from '../../src/kernel/roles.js'
import { ask, type Said } from '../support/serving.js'
import type { Operation } from './fuzzDocument.js'
import { LETTERS, WHO_MAY } from './matrixTable.js'
import { type MatrixWorld, PLACES, type Target } from './matrixWorld.js'

/** What of the cells was as it ought to be. */
export interface Matrix {
  readonly cells: number
  readonly wrong: readonly string[]
}

const TARGETS = ['own', 'other', 'absent'] as const
/** What everybody who works here sees, wherever it lies. */
const SHARED = ['reporting-units', 'places', 'reserve-blocks', 'expert-teams', 'vehicles', 'travel', 'items', 'item-codes', 'packings', 'substitutes', 'kit-parts', 'norms']
const collectionOf = ({ segments }: Operation): string => segments[2] ?? ''
/** Places are seen by everybody; what is reported of one is not everybody's to say. */
const isOfOnePlace = ({ id }: Operation): boolean => id === 'reportPlace'
/** Material is put down and moved at a place that the body names. */
const OF_A_PLACE = ['putStaffOnShift', 'putMeasuredUse', 'putExpectedSupply', 'putPieceOfEquipment', 'receiveStock', 'takeOutStock', 'countStock']
const hasId = ({ segments }: Operation): boolean => segments.includes('{id}')

/** Every operation, by everybody, at the own hospital, at another and at none. */
export async function matrix(world: MatrixWorld): Promise<Matrix> {
  const wrong: string[] = []
  const named = new Set(world.document.operations.map(({ id }) => id))
  wrong.push(...Object.keys(WHO_MAY).filter((id) => !named.has(id)).map((id) => `there is no operation ${id}`))
  let cells = 0
  for (const operation of world.document.operations) {
    const told = WHO_MAY[operation.id]
    if (told === undefined) {
      wrong.push(`${operation.id} stands in no table`)
      continue
    }
    const targets = hasId(operation) || operation.id === 'admit' ? TARGETS : (['own'] as const)
    for (const target of targets) {
      const said = await asked(world, operation, target, null)
      cells += 1
      if (told.of === 'anyone' ? [401, 403].includes(said.status) && operation.id !== 'signIn' && operation.id !== 'acceptInvitation' : said.status !== 401) {
        wrong.push(`${operation.id} by nobody: ${said.status}`)
      }
    }
    if (told.of === 'anyone') continue
    for (const role of keysOf(ROLES)) {
      for (const scope of ['city', 'place'] as const) {
        const answers: Partial<Record<Target, Said>> = {}
        for (const target of targets) answers[target] = await asked(world, operation, target, `As ${role} ${scope}`)
        cells += targets.length
        wrong.push(...wrongOf(operation, { role, scope, answers, ids: world.ids }).map((line) => `${operation.id} by ${role} for the ${scope}: ${line}`))
      }
    }
  }
  return { cells, wrong }
}

interface Row {
  readonly role: Role
  readonly scope: 'city' | 'place'
  readonly answers: Readonly<Partial<Record<Target, Said>>>
  readonly ids: MatrixWorld['ids']
}

function wrongOf(operation: Operation, { role, scope, answers, ids }: Row): string[] {
  const { of, roles, cityOnly = '' } = WHO_MAY[operation.id] ?? { of: 'city' as const, roles: '' }
  const may = of === 'signedIn' || [...roles].some((letter) => LETTERS[letter] === role)
  const all = Object.entries(answers) as [Target, Said][]
  if (!may || (scope === 'place' && (of === 'city' || [...cityOnly].some((letter) => LETTERS[letter] === role)))) {
    return all.filter(([, { status }]) => status !== 403).map(([target, { status, text }]) => `${target} is ${status}, not 403: ${text.slice(0, 120)}`)
  }
  // A wrong password is refused by whoever was asked, not at the door; and a draft has no approval yet.
  const letIn = ({ status, json }: Said) =>
    (![401, 403, 404].includes(status) && status < 500) || (['getApproval', 'confirmPlan', 'withdrawPlan', 'getAllocation', 'confirmAllocation', 'withdrawAllocation'].includes(operation.id) && status === 404) || (json as { code?: string } | null)?.code === 'signInFailed'
  const isHidden = (of === 'own' || of === 'step') && scope === 'place' && (!SHARED.includes(collectionOf(operation)) || isOfOnePlace(operation))
  const found: string[] = []
  const { own, other, absent } = answers
  const isOnOtherSide = of === 'step' && scope === 'place' && own?.status === 403
  if (own !== undefined && !letIn(own) && !isOnOtherSide) found.push(`own is ${own.status}: ${own.text.slice(0, 160)}`)
  if (own !== undefined && isHidden && !hasId(operation) && operation.method === 'GET' && own.text.includes(PLACES.other)) found.push('the list shows what lies elsewhere')
  if (other === undefined || absent === undefined) return found
  if (!isHidden) {
    if (!letIn(other)) found.push(`other is ${other.status}: ${other.text.slice(0, 160)}`)
    if (operation.method === 'GET' && absent.status !== 404) found.push(`absent is ${absent.status}, not 404`)
    return found
  }
  if (other.status < 400) found.push(`other is let in: ${other.status}`)
  // Nobody learns from an answer whether there is such a thing elsewhere.
  const told = ({ status, text }: Said, target: 'other' | 'absent') => {
    const own = ids[collectionOf(operation)]?.[target] ?? ''
    return `${status} ${[own, ids['cases']?.[target] ?? '', encodeURIComponent(own)].reduce((left, id) => left.replaceAll(id, '…'), text).replace(/urn:sijizhong:request:[\w-]+/, '')}`
  }
  if (told(other, 'other') !== told(absent, 'absent')) found.push(`other and absent differ: ${told(other, 'other').slice(0, 160)} | ${told(absent, 'absent').slice(0, 160)}`)
  return found
}

/** One operation at one of its targets, as somebody or as nobody, with the body that the documentation gives. */
export function asked({ served, ids, examples }: MatrixWorld, operation: Operation, target: Target, authorization: string | null): Promise<Said> {
  const collection = collectionOf(operation)
  const absent = ids[collection]?.[target] ?? ''
  // Whoever may put down what is new must not make it be there for the next.
  const isNew = target === 'absent' && operation.method === 'PUT' && authorization?.endsWith('city') === true
  const ofPlace = { own: PLACES.own, other: PLACES.other, absent }
  const id = isOfOnePlace(operation) ? ofPlace[target] : isNew ? `${absent}-${machine.newId().slice(-12)}` : absent
  const path = operation.segments.map((segment) => (segment === '{id}' ? encodeURIComponent(id) : segment === '{table}' ? 'moves.csv' : segment)).join('/')
  const place = PLACES[target]
  const example = (examples.get(operation.id) ?? {}) as Record<string, unknown>
  const bodies: Readonly<Record<string, unknown>> = {
    putPoolOfBeds: { ...example, place, block: null }, reportBeds: { staffed: 40, occupied: 9 },
    putCase: { ...example, unit: absent.slice(0, absent.lastIndexOf('-')), waitingSince: null, fitnessAssessedAt: null, fitness: 'unknown' },
    putContact: { ...example, unit: absent.slice(0, absent.lastIndexOf('-')) }, reportPlace: { pools: { [`${PLACES.own}/severe`]: { staffed: 40, occupied: 9 } } },
    checkIn: { place, pool: `${place}/room` }, moveRoom: { place, pool: `${place}/room` },
    admit: { case: ids['cases']?.[target], place, pool: null }, move: { place, pool: null }, endStay: { ending: 'discharged' },
    ...Object.fromEntries(OF_A_PLACE.map((id) => [id, { ...(examples.get(id) ?? {}) as object, place }])),
    importScenario: undefined, giveHandover: { place, toPost: 'next-desk' },
  }
  const query = operation.id === 'comparePlans' ? `?with=${ids[collection]?.own ?? ''}` : ''
  // A stream has no end; its head says who is let in.
  const method = operation.id === 'watchChanges' ? 'HEAD' : operation.method
  const body = operation.id in bodies ? bodies[operation.id] : examples.get(operation.id)
  return ask(served.address, `${path}${query}`, {
    method, headers: { authorization: authorization ?? '' }, ...(body === undefined ? {} : { body }),
    ...(operation.id === 'importScenario' ? { bytes: { type: 'application/zip', content: Buffer.from('no zip') } } : {}),
  })
}

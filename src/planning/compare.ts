import { canonicalJson } from '../kernel/canonical.js'
import { invariant } from '../kernel/invariant.js'
import { text } from '../kernel/text.js'
import { materialBeside, verdictOnMaterial } from './compareMaterial.js'
import { type Comparison, LINE_FIELDS, SEEN_FIELDS } from './comparison.js'
import { rowOf } from './faults/faultList.js'
import { judgedOtherwise, judgedText } from './judgedOn.js'
import type { EditLine, Move, Plan } from './plan.js'
import { editionOn, type Policy, POLICY_FIELDS, policyWith } from './policy.js'
import { type Scenario, TABLES } from './scenario.js'

/** A plan and what it was computed from. */
export interface Drafted {
  readonly plan: Plan
  readonly scenario: Scenario
}

/** Two drafts beside each other, so that somebody can say which is to be approved. Computes nothing anew. */
export function compared(here: Drafted, there: Drafted): Comparison {
  const material = materialBeside([here.plan.material, there.plan.material], [policyOf(here).material, policyOf(there).material])
  const patients = patientsBeside(here, there)
  const basis = basisOf(here, there)
  return {
    ...rankedBy({ here, there, material, patients, basis }),
    patients,
    levels: levelsBeside(here.plan, there.plan),
    moves: movesBeside(here.plan, there.plan),
    unplaced: unplacedBeside(here.plan, there.plan),
    blocksOpened: beside(openedIn(here.plan), openedIn(there.plan)),
    material,
    basis,
  }
}

interface Sides extends Pick<Comparison, 'material' | 'patients' | 'basis'> {
  readonly here: Drafted
  readonly there: Drafted
}

/** What a plan does not know costs it nothing, however ill somebody is: it is not the better one for that. */
function rankedBy({ here, there, material, patients, basis }: Sides): Pick<Comparison, 'better' | 'decidedBy' | 'notComparable'> {
  const only = { here: patients.onlyHere.length, there: patients.onlyThere.length }
  const withheld = (of: Comparison['basis']['judgedOtherwise']) => ({ better: null, decidedBy: null, notComparable: judgedText(of, only) })
  const ofTransfers = basis.judgedOtherwise.filter((one) => one.for === 'transfers')
  if (ofTransfers.length > 0) return withheld(ofTransfers)
  const transfers = verdictOf(here.plan, there.plan)
  if (transfers.better !== 'neither') return { ...transfers, notComparable: transfers.better === null ? RANKED_OTHERWISE : null }
  // Transfers first, then material: what is as good for everybody who is moved is told apart by what is given out.
  if (material !== null && material.whyNot === null && basis.judgedOtherwise.length > 0) return withheld(basis.judgedOtherwise)
  const verdict = verdictOnMaterial(material, [here.plan.material, there.plan.material])
  return { ...verdict, notComparable: verdict.better === null ? material?.whyNot ?? RANKED_OTHERWISE : null }
}

const seen = ({ status, severity, place }: Scenario['cases'][string]) => ({ status, severity, place })

/** Cases that only one of the two was computed from, and those that were otherwise. */
function patientsBeside(here: Drafted, there: Drafted): Comparison['patients'] {
  const only = ({ scenario: { cases } }: Drafted, { scenario }: Drafted) => Object.entries(cases).filter(([id]) => rowOf(scenario.cases, id) === undefined)
    .map(([patient, person]) => ({ patient, ...seen(person) }))
  const otherwise = Object.entries(here.scenario.cases).flatMap(([patient, person]) => {
    const other = rowOf(there.scenario.cases, patient)
    const differs = other === undefined ? [] : SEEN_FIELDS.filter((field) => person[field] !== other[field])
    return other === undefined || differs.length === 0 ? [] : [{ patient, differs, here: seen(person), there: seen(other) }]
  })
  return { onlyHere: only(here, there), onlyThere: only(there, here), otherwise }
}

const RANKED_OTHERWISE = text(
  '到分出高下为止，两份方案的级别不同，或有一份没有求出各级，不评优劣',
  'up to where they differ the two plans are not ranked by the same levels, or one of them has none, so neither is called better')

/** The levels are never summed: the first that differs decides. */
function verdictOf({ levels: mine }: Plan, { levels: theirs }: Plan): Pick<Comparison, 'better' | 'decidedBy'> {
  if (mine.length === 0 || theirs.length === 0) return { better: null, decidedBy: null }
  const at = Array.from({ length: Math.max(mine.length, theirs.length) }, (_, i) => i)
    .find((i) => mine[i]?.rule !== theirs[i]?.rule || mine[i]?.value !== theirs[i]?.value)
  if (at === undefined) return { better: 'neither', decidedBy: null }
  const [level, other] = [mine[at], theirs[at]]
  if (level === undefined || other === undefined || level.rule !== other.rule) return { better: null, decidedBy: null }
  return { better: level.value < other.value ? 'here' : 'there', decidedBy: { of: 'transfers', rank: level.rank, rule: level.rule, title: level.title } }
}

function levelsBeside(here: Plan, there: Plan): Comparison['levels'] {
  const others = there.levels.filter(({ rule }) => !here.levels.some((level) => level.rule === rule))
  const valueIn = ({ levels }: Plan, rule: string) => levels.find((one) => one.rule === rule)?.value ?? null
  return [...here.levels, ...others].map(({ rule, level, title, unit }) => {
    const [a, b] = [valueIn(here, rule), valueIn(there, rule)]
    return { rule, level, title, unit, here: a, there: b, difference: a === null || b === null ? null : b - a }
  })
}

function movesBeside(here: Plan, there: Plan): Comparison['moves'] {
  const others = new Map(there.moves.map((move) => [move.patient, move]))
  const mine = new Set(here.moves.map(({ patient }) => patient))
  const pairs = here.moves.flatMap((move) => {
    const other = others.get(move.patient)
    return other === undefined ? [] : [{ move, other, differs: LINE_FIELDS.filter((field) => move[field] !== other[field]) }]
  })
  return {
    alike: pairs.filter(({ differs }) => differs.length === 0).length,
    onlyHere: here.moves.filter(({ patient }) => !others.has(patient)).map(lineOf),
    onlyThere: there.moves.filter(({ patient }) => !mine.has(patient)).map(lineOf),
    otherwise: pairs.filter(({ differs }) => differs.length > 0)
      .map(({ move, other, differs }) => ({ patient: move.patient, differs, here: lineOf(move), there: lineOf(other) })),
  }
}

const lineOf = ({ patient, severity, from, to, pool, departs, order }: Move) => ({ patient, severity, from, to, pool, departs, order })

function unplacedBeside(here: Plan, there: Plan): Comparison['unplaced'] {
  const idsOf = ({ unplaced }: Plan) => new Set(unplaced.map(({ patient }) => patient))
  const [mine, others] = [idsOf(here), idsOf(there)]
  return {
    both: [...mine].filter((id) => others.has(id)),
    onlyHere: here.unplaced.filter(({ patient }) => !others.has(patient)),
    onlyThere: there.unplaced.filter(({ patient }) => !mine.has(patient)),
  }
}

const openedIn = (plan: Plan): string[] => plan.reserves.filter(({ opened }) => opened).map(({ block }) => block)

const beside = (here: readonly string[], there: readonly string[]) => ({
  both: here.filter((one) => there.includes(one)),
  onlyHere: here.filter((one) => !there.includes(one)),
  onlyThere: there.filter((one) => !here.includes(one)),
})

function basisOf(here: Drafted, there: Drafted): Comparison['basis'] {
  const [mine, theirs] = [policyOf(here), policyOf(there)]
  const policyFields = POLICY_FIELDS.filter((field) => canonicalJson(mine[field]) !== canonicalJson(theirs[field]))
  const sides = (of: (plan: Plan) => string) => ({ here: of(here.plan), there: of(there.plan) })
  return {
    sameSnapshot: here.plan.snapshotHash === there.plan.snapshotHash,
    samePolicy: policyFields.length === 0,
    policyFields,
    asOf: sides(({ asOf }) => asOf),
    planDay: sides(({ planDay }) => planDay),
    edition: sides(({ policyEdition }) => policyEdition.edition),
    lotSeed: sides(({ lotSeed }) => lotSeed),
    judgedOtherwise: judgedOtherwise({ scenario: here.scenario, policy: mine }, { scenario: there.scenario, policy: theirs }),
    tables: TABLES.filter((table) => table !== 'edits').flatMap((table) => {
      const rows = rowsThatDiffer(here.scenario[table], there.scenario[table])
      return rows === 0 ? [] : [{ table, rows }]
    }),
    edits: editsBeside(here.plan.edits, there.plan.edits),
  }
}

function policyOf({ scenario: { planDay, policy } }: Drafted): Policy {
  const edition = editionOn(planDay)
  invariant(edition !== null, `an edition was in force on ${planDay}`)
  return policyWith(edition, policy)
}

function rowsThatDiffer(here: Readonly<Record<string, unknown>>, there: Readonly<Record<string, unknown>>): number {
  const ids = new Set([...Object.keys(here), ...Object.keys(there)])
  return [...ids].filter((id) => canonicalJson(here[id] ?? null) !== canonicalJson(there[id] ?? null)).length
}

/** What is decided, whoever decided it and however it is numbered. */
const decisionOf = ({ kind, patient, unit, place, pool }: EditLine): string => canonicalJson({ kind, patient, unit, place, pool })

function editsBeside(here: readonly EditLine[], there: readonly EditLine[]): Comparison['basis']['edits'] {
  const not = (those: readonly EditLine[]) => {
    const decided = new Set(those.map(decisionOf))
    return (edit: EditLine) => !decided.has(decisionOf(edit))
  }
  const onlyHere = here.filter(not(there))
  return { alike: here.length - onlyHere.length, onlyHere, onlyThere: there.filter(not(here)) }
}

import type { z } from 'zod'
import { planSchema, type Plan } from '../src/planning/plan.js'
import { type Scenario, scenarioSchema } from '../src/planning/scenario.js'

const SOURCE = { source: 'made up for a test' }
const name = (zh: string, en: string) => ({ zh, en })
const hospital = (zh: string, en: string, kind: string, unit: string) => ({
  name: name(zh, en),
  kind,
  unit,
  underCommand: true,
  longitude: null,
  latitude: null,
  arrivalsPerHour: 'notTracked',
  ventilatorsFree: 'notTracked',
  ...SOURCE,
})
const beds = (place: string, careLevel: string, figures: { staffed: number; occupied: number | 'unknown' }) => ({
  place,
  block: null,
  careLevel,
  physical: 50,
  held: 0,
  protected: 0,
  oxygenBeds: 'notTracked',
  ...figures,
  ...SOURCE,
})
const person = (unit: string, place: string, severity: string) => ({
  unit,
  status: 'confirmed',
  severity,
  place,
  pool: null,
  waitingSince: null,
  fitness: 'fit',
  fitnessAssessedAt: null,
  fitnessValidUntil: null,
  sex: 'unknown',
  ageBand: 'unknown',
  companion: null,
  dischargeDue: null,
  travelExceptionUntil: null,
  ...SOURCE,
})

/** Two units, a centralised hospital and two district designated hospitals, three cases. */
export const smallScenario = (changes: Partial<z.input<typeof scenarioSchema>> = {}): Scenario =>
  scenarioSchema.parse({
    name: 'small',
    story: '',
    asOf: '2020-01-30T00:00:00+08:00',
    planDay: '2020-01-30',
    lotSeed: 'small',
    fleet: 'listed',
    policy: {},
    require: [],
    units: {
      jia: { name: name('甲县', 'Jia'), gbt2260: null, longitude: null, latitude: null, ...SOURCE },
      yi: { name: name('乙区', 'Yi'), gbt2260: null, longitude: null, latitude: null, ...SOURCE },
    },
    places: {
      east: hospital('东部中心医院', 'East Central Hospital', 'centralisedTreatmentHospital', 'yi'),
      'dd-jia': hospital('甲县人民医院', 'Jia People’s Hospital', 'districtDesignatedHospital', 'jia'),
      'dd-yi': hospital('乙区人民医院', 'Yi People’s Hospital', 'districtDesignatedHospital', 'yi'),
    },
    pools: {
      'east-severe': beds('east', 'severe', { staffed: 10, occupied: 4 }),
      'east-ordinary': beds('east', 'ordinary', { staffed: 30, occupied: 12 }),
      'dd-jia-ordinary': beds('dd-jia', 'ordinary', { staffed: 5, occupied: 2 }),
      'dd-yi-ordinary': beds('dd-yi', 'ordinary', { staffed: 5, occupied: 'unknown' }),
    },
    blocks: {},
    teams: {
      'team-1': { name: name('第一专家组', 'First expert team'), station: 'east', underCommand: true, ...SOURCE },
    },
    cases: {
      '甲县-0001': person('jia', 'dd-jia', 'severe'),
      '甲县-0002': person('jia', 'dd-jia', 'ordinary'),
      '乙区-0001': person('yi', 'dd-yi', 'critical'),
    },
    vehicles: {},
    travel: {},
    orders: {},
    lastPlan: {},
    edits: {},
    intake: {},
    ...changes,
  })

const level = (rank: number, rule: string, title: [string, string], value: number, proof: object = {}) => ({
  level: rank <= 5 ? 'need' : 'wish',
  rank,
  rule,
  title: name(...title),
  value,
  unit: name('人', 'people'),
  optimal: true,
  bound: null,
  note: null,
  ...proof,
})
const concentration = (part: number, sites: number, outside: number) => ({
  patients: { inCentralised: { part, of: 3 }, sitesTreating: sites },
  experts: { part: 1, of: 2 },
  resources: { beds: { part: 10, of: 10 }, daysOfCover: null },
  treatment: { patientDaysOutside: outside },
})
const move = (patient: string, severity: string, careLevel: string, rest: object = {}) => ({
  patient,
  from: 'dd-jia',
  fromPool: null,
  to: 'east',
  pool: `east-${careLevel}`,
  severity,
  careLevel,
  order: null,
  trip: 'T1',
  departs: '2020-01-30T06:30:00+08:00',
  arrives: '2020-01-30T07:40:00+08:00',
  travelMinutes: 55,
  reason: name(
    '东部中心医院有此级别的床和专家组，且路程最短',
    'East Central Hospital has a bed of the level and a team, and is nearest',
  ),
  nextBest: null,
  ...rest,
})

/** A plan that moves two of the three and leaves the third with ways out. */
export const smallPlan = (changes: Partial<z.input<typeof planSchema>> = {}): Plan =>
  planSchema.parse({
    scenario: 'small',
    snapshotHash: 'ab'.repeat(32),
    asOf: '2020-01-29T16:00:00Z',
    planDay: '2020-01-30',
    policyEdition: {
      edition: '2020-01',
      title: name('第四版', '4th edition'),
      effectiveFrom: '2020-01-27',
      overridden: ['safeFillPerMille'],
    },
    policySources: {},
    lotSeed: 'small',
    engine: 'highs',
    status: 'planned',
    summary: name('转运 2 人，1 人留在原处。', '2 people are transferred, 1 stays.'),
    levels: [
      level(1, 'critical', ['危重型有床有专家组', 'critical cases have their bed'], 1),
      level(2, 'severe', ['重型有床有专家组', 'severe cases have their bed'], 0),
      level(6, 'minutes', ['路程最短', 'least travel minutes'], 110, {
        unit: name('分钟', 'minutes'),
        optimal: false,
        bound: 100,
      }),
    ],
    edits: [
      {
        edit: 'E001', kind: 'pin', patient: '甲县-0001', unit: null, place: 'east', pool: null, by: 'night-desk', reason: '家属同院',
        text: name('甲县-0001去东部中心医院', '甲县-0001 goes to East Central Hospital'), carriedOut: true,
        outcome: name('去东部中心医院重型床、车次 T1', 'goes to one of the severe beds of East Central Hospital, trip T1'),
      },
    ],
    moves: [
      move('甲县-0002', 'ordinary', 'ordinary', { trip: 'T2' }),
      move('甲县-0001', 'severe', 'severe', {
        nextBest: {
          to: 'dd-yi',
          pool: 'dd-yi-ordinary',
          careLevel: 'severe',
          travelMinutes: 80,
          differences: [
            { rank: 2, rule: 'severe', difference: 1 },
            { rank: 6, rule: 'minutes', difference: 25 },
          ],
        },
      }),
    ],
    trips: [
      {
        id: 'T1',
        vehicle: '渝A001',
        base: 'jia',
        crew: '渝A001/1',
        patients: ['甲县-0001'],
        from: 'dd-jia',
        to: 'east',
        leavesBase: '2020-01-30T06:00:00+08:00',
        departs: '2020-01-30T06:30:00+08:00',
        arrives: '2020-01-30T07:40:00+08:00',
        decontaminatedUntil: '2020-01-30T09:40:00+08:00',
      },
    ],
    teams: [
      {
        patient: '乙区-0001',
        to: 'dd-yi',
        team: 'team-1',
        from: 'east',
        travelMinutes: 70,
        reason: name('路程超过上限', 'the ride is too long'),
      },
    ],
    unplaced: [
      {
        patient: '乙区-0001',
        severity: 'critical',
        at: 'dd-yi',
        rule: 'travelLimit',
        reason: name('路程超过上限', 'the ride is too long'),
      },
    ],
    reserves: [{ place: 'east', block: 'A', opened: false, reason: name('现有床位足够', 'beds suffice') }],
    concentration: { before: concentration(0, 3, 3), after: concentration(2, 2, 1) },
    asFound: [
      { rule: 'usableBeds', subject: 'dd-jia', text: name('甲县人民医院超员', 'Jia People’s Hospital is overfull') },
    ],
    callList: [
      {
        rule: 'report',
        subject: 'dd-yi',
        text: name('乙区人民医院没有报在用床位', 'Yi People’s Hospital did not report'),
      },
    ],
    stale: [{ rule: 'stale', subject: 'east-severe', text: name('东部中心医院的数字是昨天的', 'The figures of East Central Hospital are of yesterday') }],
    startPreparing: name('东部中心医院将过警戒线', 'East Central Hospital will pass the warning line'),
    assumed: [
      {
        table: 'pools',
        field: 'staffed',
        ids: ['east-severe', 'east-ordinary', 'dd-jia-ordinary', 'dd-yi-ordinary'],
        source: 'judgement',
      },
      { table: 'pools', field: 'physical', ids: ['east-severe'], source: 'judgement' },
    ],
    unmet: [
      {
        rule: 'critical',
        value: 1,
        demanded: false,
        clash: {
          smallest: true,
          rules: [
            {
              rule: 'travelLimit',
              subject: '乙区-0001',
              text: name('危重型路程不超过 180 分钟', 'critical: 180 minutes at most'),
            },
          ],
        },
        waysOut: [
          {
            id: 'w1',
            kinds: ['stationTeam'],
            text: name('派第一专家组到乙区人民医院', 'send the first expert team to Yi People’s Hospital'),
            price: [{ kind: 'stationTeam', amount: 1, unit: name('个专家组', 'team') }],
            patch: { teams: { 'team-1': { station: 'dd-yi' } } },
            proved: { exit: 0, value: 0 },
          },
        ],
      },
    ],
    secondOpinion: {
      engine: 'javascript-lp-solver',
      agrees: true,
      levels: [
        { rank: 1, rule: 'critical', carried: true, agrees: true },
        { rank: 6, rule: 'minutes', carried: false, agrees: null },
      ],
    },
    violations: [],
    ...changes,
  })

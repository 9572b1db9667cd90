import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Announced, dueObservations, type InRoom, releaseCalendar, roomsByDay, seenKey, shortages } from '../src/stays/isolation/calendar.js'
import { certificateHtml } from '../src/stays/isolation/certificate.js'
import { byEveryEdition, type Contact, datesOf, NEW_CONTACT, observationSchema, reckonedOtherwise, withExposure } from '../src/stays/isolation/contacts.js'
import { type ContactKind, datesUnder, isKnownKind, ISOLATION_EDITIONS, isolationEditionOn } from '../src/stays/isolation/editions.js'
import { dayAfter } from '../src/kernel/time.js'

const contact = (change: Partial<Contact> = {}): Contact => ({
  unit: 'south', kind: 'closeContact', lastExposure: '2020-01-20', expectedOn: '2020-01-22', site: 'geli', source: 'made up for a test', assumed: [],
  asOf: null, ...NEW_CONTACT, edition: '2020-01', ...change,
})

describe('the edition of the day', () => {
  const rows: [string, string | null][] = [
    ['2020-01-19', null], ['2020-01-20', '2020-01'], ['2021-05-13', '2020-01'], ['2021-05-14', '2021-05'], ['2022-06-27', '2021-05'], ['2022-06-28', '2022-06'],
    ['2022-11-10', '2022-06'], ['2022-11-11', '2022-11'], ['2022-12-06', '2022-11'], ['2022-12-07', null],
  ]
  test.each(rows)('%s: %s', (day, edition) => expect(isolationEditionOn(day)?.edition ?? null).toBe(edition))

  test('knows secondary contacts from its own time only', () => {
    expect(ISOLATION_EDITIONS.filter((edition) => isKnownKind(edition, 'secondaryContact')).map(({ edition }) => edition)).toEqual(['2021-05', '2022-06'])
  })

  test('ends on the day on which the next begins, and says where both its days are written', () => {
    ISOLATION_EDITIONS.forEach(({ effectiveFrom, effectiveUntil, source }, i) => {
      const next = ISOLATION_EDITIONS[i + 1]
      if (next !== undefined) expect(effectiveUntil).toBe(next.effectiveFrom)
      expect(source).toContain(effectiveFrom)
    })
    expect(ISOLATION_EDITIONS.at(-1)).toMatchObject({ effectiveUntil: '2022-12-07', source: expect.stringContaining('2022-12-07') })
  })
})

describe('the day of release', () => {
  // edition, kind, last exposure, days more, out of the site, free of everything
  type Row = [string, ContactKind, string, number, string | null, string | null]
  const rows: Row[] = [
    ['2020-01', 'closeContact', '2020-01-20', 0, '2020-02-03', '2020-02-03'],
    ['2020-01', 'closeContact', '2020-02-17', 0, '2020-03-02', '2020-03-02'],
    ['2020-01', 'closeContact', '2020-01-20', 3, '2020-02-06', '2020-02-06'],
    ['2020-01', 'secondaryContact', '2020-01-20', 0, null, null],
    ['2021-05', 'closeContact', '2022-02-20', 0, '2022-03-06', '2022-03-13'],
    ['2021-05', 'secondaryContact', '2022-02-20', 1, '2022-02-28', '2022-02-28'],
    ['2021-05', 'arrival', '2022-02-20', 0, '2022-03-06', '2022-03-13'],
    ['2022-06', 'closeContact', '2022-11-07', 0, '2022-11-14', '2022-11-17'],
    ['2022-06', 'secondaryContact', '2022-11-07', 0, '2022-11-07', '2022-11-14'],
    ['2022-06', 'arrival', '2022-11-07', 2, '2022-11-16', '2022-11-19'],
    ['2022-11', 'closeContact', '2022-11-11', 0, '2022-11-16', '2022-11-19'],
    ['2022-11', 'closeContact', '2022-11-27', 1, '2022-12-03', '2022-12-06'],
    ['2022-11', 'secondaryContact', '2022-11-11', 0, null, null],
    ['2003-05', 'closeContact', '2020-01-20', 0, null, null],
  ]
  test.each(rows)('%s %s exposed on %s, %i days more: %s, then %s', (edition, kind, lastExposure, extraDays, siteUntil, homeUntil) => {
    expect(datesUnder(edition, { kind, lastExposure, extraDays })).toEqual(siteUntil === null ? null : { siteUntil, homeUntil })
  })

  test('is set again by a new exposure, never by an older one, and lengthened by every extension', () => {
    const exposed = withExposure(contact({ extensions: [{ days: 2, reason: 'symptoms' }, { days: 1, reason: 'resultPending' }] }), '2020-01-25') ?? contact()
    expect(datesOf(exposed)?.siteUntil).toBe('2020-02-11')
    expect(withExposure(exposed, '2020-01-25')).toBe(exposed)
    expect(withExposure(exposed, '2020-01-24')).toBeNull()
  })

  test('is no matter of a notice once they have come', () => {
    expect(reckonedOtherwise(contact(), { kind: 'closeContact', lastExposure: '2020-01-20' })).toBeNull()
    expect(reckonedOtherwise(contact(), { kind: 'arrival', lastExposure: '2020-01-20' })).toBe('kind')
    expect(reckonedOtherwise(contact(), { kind: 'arrival', lastExposure: '2020-01-21' })).toBe('lastExposure')
    expect(reckonedOtherwise(contact({ edition: null }), { kind: 'arrival', lastExposure: '2020-01-21' })).toBeNull()
  })

  test('stays that of the edition at the beginning, whatever the next one says', () => {
    const before = contact({ edition: '2022-06', lastExposure: '2022-11-10' })
    expect(datesOf(before)).toEqual({ siteUntil: '2022-11-17', homeUntil: '2022-11-20' })
    expect(byEveryEdition(before).map(({ edition, dates }) => [edition, dates?.siteUntil, dates?.homeUntil])).toEqual([
      ['2020-01', '2022-11-24', '2022-11-24'], ['2021-05', '2022-11-24', '2022-12-01'], ['2022-06', '2022-11-17', '2022-11-20'], ['2022-11', '2022-11-15', '2022-11-18'],
    ])
    expect(datesOf(contact({ edition: null }))).toBeNull()
  })
})

const inRoom = (id: string, change: Partial<Contact> = {}, where: Partial<InRoom> = {}): InRoom =>
  ({ id, contact: contact(change), place: 'geli', pool: 'geli/room', beganAt: new Date('2020-01-22T10:00:00+08:00'), ...where })
const window = { from: '2020-02-03', days: 4 }

describe('the release calendar', () => {
  test('counts by day, site and unit; who is overdue on the first day, who leaves later not yet', () => {
    const found = releaseCalendar([
      inRoom('b-1', { unit: 'b', lastExposure: '2020-01-21' }), inRoom('a-2'), inRoom('a-1'), inRoom('a-3', { lastExposure: '2020-01-18' }),
      inRoom('a-4', { lastExposure: '2020-01-24' }), inRoom('a-5', {}, { place: 'east', pool: 'east/room' }),
    ], window)
    expect(found.map(({ day, place, unit, overdue, contacts }) => [day, place, unit, overdue, contacts])).toEqual([
      ['2020-02-03', 'geli', 'south', true, ['a-3']], ['2020-02-03', 'east', 'south', false, ['a-5']],
      ['2020-02-03', 'geli', 'south', false, ['a-1', 'a-2']], ['2020-02-04', 'geli', 'b', false, ['b-1']],
    ])
  })

  const people = fc.array(fc.record({ exposed: fc.nat(30), unit: fc.constantFrom('a', 'b', 'c'), place: fc.constantFrom('geli', 'east'), extra: fc.nat(5) }), { maxLength: 40 })
  test('holds everyone in a room exactly once, however the window is cut', () => {
    fc.assert(fc.property(people, fc.integer({ min: 1, max: 60 }), (drawn, cut) => {
      const inRooms = drawn.map(({ exposed, unit, place, extra }, i) => inRoom(`${unit}-${i}`, {
        unit, lastExposure: dayAfter('2020-01-10', exposed), extensions: extra === 0 ? [] : [{ days: extra, reason: 'symptoms' }],
      }, { place }))
      const of = (from: string, days: number) => releaseCalendar(inRooms, { from, days }).flatMap(({ contacts }) => contacts).sort()
      expect(of('2020-01-20', 90)).toEqual(inRooms.map(({ id }) => id).sort())
      const early = of('2020-01-20', cut)
      const late = releaseCalendar(inRooms, { from: dayAfter('2020-01-20', cut), days: 90 }).filter(({ overdue }) => !overdue).flatMap(({ contacts }) => contacts)
      expect([...early, ...late].sort()).toEqual(inRooms.map(({ id }) => id).sort())
    }))
  })
})

describe('rooms by day', () => {
  const room = { careLevel: 'room', physical: 30, staffed: 20, occupied: 13, held: 2, protected: 1, oxygenBeds: 'notTracked' } as const
  const sites = { geli: { kind: 'isolationSite', unit: 'south' }, east: { kind: 'isolationSite', unit: 'north' }, hub: { kind: 'reserveHospital', unit: 'north' } } as const
  const rooms = {
    'geli/room': { ...room, place: 'geli' }, 'geli/single': { ...room, place: 'geli', occupied: 'unknown' }, 'east/room': { ...room, place: 'east', staffed: 'unknown', held: 'unknown' },
    'hub/observation': { ...room, place: 'hub' },
  } as const
  const announced: Announced[] = [
    { id: 'south-7', contact: contact({ edition: null, expectedOn: '2020-02-04' }) }, { id: 'south-8', contact: contact({ edition: null, expectedOn: '2020-02-01' }) },
    ...Array.from({ length: 5 }, (_, i) => ({ id: `south-1${i}`, contact: contact({ edition: null, expectedOn: '2020-02-05', site: null }) })),
    { id: 'north-1', contact: contact({ unit: 'north', edition: null, expectedOn: '2020-02-06', site: null }) },
  ]
  const inRooms = [inRoom('a-1'), inRoom('a-2', { lastExposure: '2020-01-22' }), inRoom('a-3', {}, { pool: 'geli/single' })]
  const days = roomsByDay({ sites, rooms, inRooms, announced }, window)

  test('are those free now, plus releases, less notices; what nobody counted is unknown and said', () => {
    expect(days.map(({ place, day, free, released, announced: comes }) => [place, day, free, released, comes])).toEqual([
      ['east', '2020-02-03', null, 0, 0], ['east', '2020-02-04', null, 0, 0], ['east', '2020-02-05', null, 0, 0], ['east', '2020-02-06', null, 0, 0],
      ['geli', '2020-02-03', 4, 1, 1], ['geli', '2020-02-04', 3, 1, 2], ['geli', '2020-02-05', 4, 2, 2], ['geli', '2020-02-06', 4, 2, 2],
    ])
    expect(days.map(({ unknown }) => unknown)[4]).toEqual([{ pool: 'geli/single', figures: ['occupied'] }])
  })

  test('run out where more are announced than there is room for, from a day on and by so many', () => {
    expect(shortages(days, announced, window)).toEqual([
      { id: 'north', day: '2020-02-06', short: 1, shortAtWorst: 1, unknown: [{ pool: 'east/room', figures: ['staffed', 'held'] }] },
      { id: 'south', day: '2020-02-05', short: 1, shortAtWorst: 1, unknown: [{ pool: 'geli/single', figures: ['occupied'] }] },
    ])
    expect(shortages(days, announced.slice(0, 5), window)).toEqual([])
  })

  test('run out where somebody is announced to a site of which no room is known', () => {
    const coming: Announced[] = [
      { id: 'north-2', contact: contact({ unit: 'north', edition: null, expectedOn: '2020-02-04', site: 'east' }) }, { id: 'south-9', contact: contact({ edition: null, expectedOn: '2020-02-06', site: 'east' }) },
    ]
    expect(shortages(roomsByDay({ sites, rooms, inRooms, announced: coming }, window), coming, window)).toEqual([
      { id: 'north', day: '2020-02-04', short: 1, shortAtWorst: 2, unknown: [{ pool: 'east/room', figures: ['staffed', 'held'] }] },
    ])
  })
})

describe('observations', () => {
  const came = (at: string) => inRoom('a-1', {}, { beganAt: new Date(`2020-01-${at}:00+08:00`) })
  const due = (one: InRoom, now: string, seen: string[] = []) => dueObservations([one], new Set(seen), new Date(`2020-01-${now}:00+08:00`))
    .map(({ day, half, overdue }) => `${day.slice(8)} ${half}${overdue ? ' overdue' : ''}`)
  const rows: [string, string, string, string[]][] = [
    ['in the half day in which they came', '30T09:00', '30T11:59', []],
    ['from the next half day on', '30T09:00', '30T12:00', ['30 evening']],
    ['those missed before, too', '29T13:00', '30T12:30', ['30 morning overdue', '30 evening']],
    ['no further back than two days', '20T13:00', '30T00:00', ['28 morning overdue', '28 evening overdue', '29 morning overdue', '29 evening overdue', '30 morning']],
  ]
  test.each(rows)('are due: %s', (_, at, now, wanted) => expect(due(came(at), now)).toEqual(wanted))

  test('are not due once they were taken', () => {
    expect(due(came('29T13:00'), '30T12:30', [seenKey({ contactId: 'a-1', day: '2020-01-30', half: 'morning' })])).toEqual(['30 evening'])
  })

  const said: [string, Record<string, unknown>, boolean][] = [
    ['a temperature', { temperatureTenths: 366 }, true], ['symptoms', { symptoms: ['cough'] }, true], ['nothing', {}, false],
    ['degrees instead of tenths', { temperatureTenths: 37 }, false], ['a fraction', { temperatureTenths: 366.5 }, false],
    ['no symptoms', { symptoms: ['none'] }, true], ['none beside another', { symptoms: ['none', 'fever'] }, false],
  ]
  test.each(said)('say %s', (_, what, isTaken) => {
    expect(observationSchema.safeParse({ day: '2020-01-30', half: 'morning', ...what }).success).toBe(isTaken)
  })
})

const moment = (day: string) => new Date(`2020-${day}T09:00:00+08:00`)
/** Two rooms without a day between them, and after three days a third. */
const STAYS = [
  { beganAt: moment('01-22'), endedAt: moment('01-23'), ending: 'moved' }, { beganAt: moment('01-23'), endedAt: moment('01-24'), ending: 'hospitalised' },
  { beganAt: moment('01-27'), endedAt: moment('02-03'), ending: 'released' },
]

test('a certificate leaves name and identity blank, and nothing in it is taken for markup', () => {
  const name = { zh: '隔离点<一>', en: 'Site & "1"' }
  const paper = (of: Contact, isDrill = false) => certificateHtml({ id: 'south-3', contact: of, stays: STAYS, seen: [], siteName: name, isDrill })
  expect(paper(contact())).toBeNull()
  const extended = paper(contact({ certificate: { number: 'n', day: '2020-02-06', signedBy: 'cdc-1' }, extensions: [{ days: 2, reason: 'resultPending' }] })) ?? ''
  for (const words of [
    '2020-01-22 — 2020-01-24<br>2020-01-27 — 2020-02-03', '末次暴露后 14 天，延长 2 天（核酸结果未出），至 2020-02-05', '14 days after the last exposure, 2 more (a test result is pending): until 2020-02-05',
  ]) expect(extended).toContain(words)
  const certificate = { number: 'south-3-R4', day: '2020-02-03', signedBy: 'cdc-1' }
  const html = paper(contact({ certificate })) ?? ''
  for (const words of ['south-3-R4', '2020-02-03', 'cdc-1', '密切接触者', 'close contact', '2020-01-20', 'not observed in the last day', '隔离点&lt;一&gt;', 'Site &amp; &quot;1&quot;']) expect(html).toContain(words)
  expect(html.match(/class="blank"/g)?.length).toBe(3)
  expect(html).not.toMatch(/<script|https?:|src=|href=/)
})

import { TABLE_SPECS } from '../src/interop/csvTables.js'
import { type Folder, SOUND, withCell, withFile, without, withPolicy, withRows } from './doorFixture.js'

const utf16 = (words: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(words, 'utf16le')])
/** 病例 in GBK, which Node cannot write by itself. */
const GBK = Buffer.from([0xb2, 0xa1, 0xc0, 0xfd, 0x0a])
const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) })

/** A folder with one mistake, and where the door has to find it. */
export interface Mistake {
  readonly what: string
  readonly folder: Folder
  readonly file: string
  readonly row?: number
  readonly column?: string
  readonly got?: string
  readonly says: string
  /** Name of the folder, where that is the mistake. */
  readonly name?: string
  /** Problems that follow from the same mistake. */
  readonly others?: number
}

export const cell = (file: string, row: number, column: string, put: string, says: string, got = put): Mistake =>
  ({ what: `${file} ${column} “${got}”`, folder: withCell(file, row, column, put), file, row, column, got, says })

const FIGURES: readonly Mistake[] = [
  cell('beds.csv', 2, 'physical', '', 'write a whole number or unknown'),
  cell('beds.csv', 3, 'staffed', '', 'write a whole number or unknown'),
  cell('beds.csv', 2, 'occupied', '', 'write a whole number or unknown'),
  cell('beds.csv', 4, 'held', '', 'write a whole number or unknown'),
  cell('beds.csv', 2, 'held', 'notTracked', 'whole number or unknown; only with the digits'),
  cell('beds.csv', 2, 'oxygen_beds', '', 'unknown or notTracked'),
  cell('places.csv', 2, 'arrivals_per_hour', '', 'unknown or notTracked'),
  cell('places.csv', 2, 'ventilators_free', '', 'unknown or notTracked'),
  cell('blocks.csv', 2, 'lead_days', '', 'unknown or notTracked'),
  cell('beds.csv', 2, 'staffed', '12.5', 'fraction'),
  cell('beds.csv', 2, 'staffed', '20.0', 'fraction'),
  cell('beds.csv', 2, 'staffed', '-3', 'negative'),
  cell('beds.csv', 2, 'staffed', 'NaN', 'digits 0 to 9'),
  cell('beds.csv', 2, 'staffed', '1e3', 'digits 0 to 9'),
  cell('beds.csv', 2, 'staffed', '0x14', 'digits 0 to 9'),
  cell('beds.csv', 2, 'staffed', '+5', 'digits 0 to 9'),
  cell('beds.csv', 2, 'staffed', '２０', 'half-width digits: 20'),
  cell('beds.csv', 2, 'staffed', '٢٠', 'digits 0 to 9'),
  cell('beds.csv', 2, 'staffed', '1 200', 'thousands separator: 1200'),
  cell('beds.csv', 2, 'staffed', '"1,200"', 'thousands separator: 1200', '1,200'),
  cell('beds.csv', 2, 'staffed', '1000001', 'at most 1000000'),
  cell('beds.csv', 2, 'protected', 'unknown', 'whole number'),
  cell('vehicles.csv', 2, 'crews', '', 'whole number'),
  cell('vehicles.csv', 2, 'crews', '21', 'at most 20'),
  cell('travel.csv', 2, 'minutes', '2881', 'at most 2880'),
  cell('blocks.csv', 2, 'sequence', '0', 'at least 1'),
  cell('intake.csv', 2, 'new_confirmed', '', 'write a whole number or unknown'),
  cell('places.csv', 2, 'longitude', '1.0838e2', 'decimal number'),
  cell('places.csv', 2, 'longitude', '30.81', 'longitude in China'),
  cell('places.csv', 2, 'latitude', '108.38', 'latitude in China'),
]

const TIMES: readonly Mistake[] = [
  cell('cases.csv', 2, 'waiting_since', '2020-01-29T08:00:00', 'with offset'),
  cell('cases.csv', 2, 'waiting_since', '2020/1/29 8:00', 'with offset'),
  cell('cases.csv', 2, 'waiting_since', '2020-01-29T24:00:00+08:00', '00:00:00 of the next'),
  cell('cases.csv', 2, 'waiting_since', '2018-01-29T08:00:00+08:00', 'between 2019-12-01'),
  cell('cases.csv', 2, 'waiting_since', '2020-01-30T08:00:00+08:00', 'later'),
  cell('cases.csv', 2, 'discharge_due', '9 February', 'a day such as'),
  cell('cases.csv', 2, 'discharge_due', '2020-02-30', 'a day such as'),
  cell('cases.csv', 2, 'fitness_assessed_at', '', 'assessment'),
  cell('cases.csv', 2, 'fitness_valid_until', '2020-01-29T17:00:00+08:00', 'before the assessment'),
  cell('places.csv', 2, 'as_of', '2020-01-30T00:00:01+08:00', 'later'),
  cell('vehicles.csv', 2, 'available_from', '6:00', 'time of day'),
  cell('vehicles.csv', 2, 'available_to', '06:00', 'later than the start'),
  cell('intake.csv', 3, 'day', '30 January', 'an id is letters'),
  cell('intake.csv', 3, 'day', '2020-13-30', 'a day such as'),
  cell('intake.csv', 3, 'day', '2020-01-30', 'later'),
]

const WORDS: readonly Mistake[] = [
  cell('places.csv', 2, 'kind', 'hospital', 'reserveHospital 后备医院'),
  cell('places.csv', 2, 'kind', '', 'reserveHospital 后备医院'),
  cell('cases.csv', 2, 'severity', '重症', 'severe 重型'),
  cell('cases.csv', 2, 'needs', 'doctorsAndTests', 'dialysis 透析'),
  cell('beds.csv', 2, 'attributes', 'negativePressure、ventilator', 'separated by |'),
  cell('places.csv', 2, 'under_command', 'maybe', 'yes or no'),
  cell('places.csv', 2, 'under_command', '', 'yes or no'),
  cell('beds.csv', 2, 'assumed', 'careLevel', 'care_level'),
  cell('beds.csv', 2, 'assumed', 'minutes', 'columns of this table'),
  cell('places.csv', 2, 'source', '', 'not be empty'),
  cell('places.csv', 2, 'name_en', '', 'not be empty'),
  cell('places.csv', 2, 'name_zh', '甲'.repeat(121), 'at most 120 characters', `${'甲'.repeat(80)}…`),
  cell('reporting-units.csv', 2, 'gbt2260', '50010', 'six digits'),
  cell('reporting-units.csv', 3, 'gbt2260', '500101', '万州区 already'),
  cell('reporting-units.csv', 3, 'aliases', '两江|万州', 'one reporting unit', '万州'),
  cell('reporting-units.csv', 3, 'aliases', '两江|万州区', 'one reporting unit', '万州区'),
  cell('places.csv', 2, 'source', 'a\u0000b', 'control or invisible', 'a\\u0000b'),
  cell('places.csv', 2, 'source', 'a\u001b[31mb', 'control or invisible', 'a\\u001b[31mb'),
  cell('places.csv', 2, 'place', 'hub\u200bx', 'control or invisible', 'hub\\u200bx'),
  cell('places.csv', 2, 'source', "'\t1", 'control or invisible', "'\\u00091"),
  cell('places.csv', 2, 'place', '', 'not be empty'),
  { ...cell('beds.csv', 2, 'pool', '=1+1', 'an id is letters'), others: 2 },
  { ...cell('beds.csv', 2, 'pool', '__proto__', 'another id'), others: 2 },
  cell('beds.csv', 2, 'place', 'hud', 'the closest is hub'),
  cell('beds.csv', 2, 'place', 'constructor', 'in the table of places'),
  { ...cell('cases.csv', 2, 'unit', '两江新', 'the closest is 两江新区'), others: 1 },
  cell('travel.csv', 2, 'from', 'district', 'reporting units or places'),
  cell('orders.csv', 2, 'patient', '两江-09', 'in the table of cases'),
  cell('edits.csv', 2, 'patient', '两江-09', 'in the table of cases'),
  cell('edits.csv', 2, 'patient', '两江-01', 'order o1 stands'),
  cell('edits.csv', 2, 'kind', 'push', 'pin 指定去向'),
  cell('edits.csv', 2, 'place', '', 'must name the place'),
  cell('edits.csv', 2, 'reason', '', 'not be empty'),
  cell('edits.csv', 2, 'by', '值班员', 'must be a post'),
]

const PERSONAL: readonly Mistake[] = [
  cell('cases.csv', 2, 'number', '13800138000', 'no names, phones', '138********'),
  cell('cases.csv', 3, 'source', '王某 138-0013-8000', 'no names, phones', '王某 138**********'),
  cell('cases.csv', 3, 'source', 'tel +8613800138000', 'no names, phones', 'tel +86***********'),
  cell('places.csv', 2, 'name_zh', '50010119491231002X', 'identity numbers', '500***************'),
  cell('teams.csv', 2, 'team', '500101194912310021', 'identity numbers', '500***************'),
  cell('places.csv', 2, 'source', '１３８００１３８０００', 'no names, phones', '138********'),
  cell('reporting-units.csv', 2, 'aliases', 'a|13800138000', 'no names, phones', 'a|138********'),
  cell('places.csv', 2, 'source', `${'x'.repeat(76)}13800138000`, 'no names, phones', `${'x'.repeat(76)}138*…`),
  {
    what: 'a phone number as a number', folder: withPolicy({ lotSeed: 13800138000 }),
    file: 'policy.json', column: 'lotSeed', got: '138********', says: 'write a text',
  },
  {
    what: 'a phone number as the name of a file', folder: withFile('13800138000.csv', ''),
    file: '138********.csv', got: '138********.csv', says: 'no such table',
  },
  {
    what: 'a phone number in the story', folder: withFile('story.md', '# a\nask 13800138000\n'),
    file: 'story.md', row: 2, got: 'ask 138********', says: 'no names, phones',
  },
  {
    what: 'a phone number as a name in policy.json', folder: withPolicy({ policy: { 13800138000: 1 } }),
    file: 'policy.json', column: 'policy', got: '138********', says: 'no names, phones', others: 1,
  },
  {
    what: 'a phone number in policy.json', folder: withPolicy({ lotSeed: '13800138000' }),
    file: 'policy.json', column: 'lotSeed', got: '138********', says: 'no names, phones',
  },
]

const TABLE_SHAPES: readonly Mistake[] = [
  { what: 'GBK', folder: withFile('cases.csv', GBK), file: 'cases.csv', got: 'GBK', says: 'looks like GBK' },
  {
    what: 'UTF-16', folder: withFile('cases.csv', utf16('unit,number')),
    file: 'cases.csv', got: 'UTF-16', says: 'save it as "CSV UTF-8"',
  },
  { what: 'neither', folder: withFile('cases.csv', Buffer.from([0xff, 0xff])), file: 'cases.csv', says: 'UTF-8' },
  {
    what: 'over 20 MB', folder: withFile('travel.csv', Buffer.alloc(21 * 1024 * 1024, 0x0a)),
    file: 'travel.csv', got: '21.0 MB', says: 'larger than 20 MB',
  },
  {
    what: 'over 50,000 rows',
    folder: withRows('travel.csv', (rows) => [...rows, ...Array.from({ length: 49_999 }, (_, i) => `x${i},hub,1,s,,`)]),
    file: 'travel.csv', row: 50_002, says: 'more than 50000 rows',
  },
  {
    what: 'a row of 20 million cells', folder: withFile('travel.csv', ','.repeat(20_000_000)),
    file: 'travel.csv', says: 'must not exceed 100000 characters',
  },
  {
    what: 'over 50 cells', folder: withRows('travel.csv', (rows) => [...rows, ','.repeat(49), ','.repeat(50)]),
    file: 'travel.csv', row: 5, says: 'more than 50 cells', others: 0,
  },
  {
    what: 'too few cells', folder: withRows('travel.csv', (rows) => [...rows, 'hub,dist,1']),
    file: 'travel.csv', row: 4, got: '3', says: 'must have 6 cells',
  },
  {
    what: 'too many cells', folder: withRows('travel.csv', (rows) => [...rows, '', 'hub,dist,1,map, of 2019,,']),
    file: 'travel.csv', row: 5, got: '7', says: 'must have 6 cells',
  },
  {
    what: 'an open quote', folder: withRows('travel.csv', (rows) => [...rows, 'hub,dist,1,"map,,', 'a,b,1,s,,']),
    file: 'travel.csv', row: 4, says: 'quotes do not pair',
  },
  {
    what: 'a quote inside a cell', folder: withRows('travel.csv', (rows) => [...rows, 'hub,dist,1,a "map",,']),
    file: 'travel.csv', row: 4, says: 'doubled ""',
  },
  {
    what: 'a missing column', folder: withRows('intake.csv', () => ['day,source,assumed,as_of', '2020-01-28,b,,']),
    file: 'intake.csv', row: 1, column: 'new_confirmed', says: 'missing',
  },
  {
    what: 'a missing id column', folder: withRows('intake.csv', () => ['new_confirmed,source,assumed,as_of', '1,b,,']),
    file: 'intake.csv', row: 1, column: 'day', says: 'missing',
  },
  {
    what: 'an unknown column',
    folder: withRows('intake.csv', (rows) => rows.map((row, i) => row + (i ? ',' : ',asof'))),
    file: 'intake.csv', row: 1, column: 'asof', got: 'asof', says: 'the closest is as_of',
  },
  {
    what: 'a doubled column',
    folder: withRows('intake.csv', (rows) => rows.map((row, i) => row + (i ? ',' : ',day'))),
    file: 'intake.csv', row: 1, column: 'day', got: 'day', says: 'must stand once',
  },
  {
    what: 'too long a Chinese name of a unit',
    folder: withRows('reporting-units.csv', (rows) =>
      rows.map((row, i) => `${row},${['name_zh', '甲'.repeat(121), '两江新区'][i] ?? ''}`)),
    file: 'reporting-units.csv', row: 2, column: 'name_zh', got: `${'甲'.repeat(80)}…`, says: 'at most 120 characters',
  },
  {
    what: 'semicolons', folder: withRows('intake.csv', (rows) => rows.map((row) => row.replaceAll(',', ';'))),
    file: 'intake.csv', row: 1, got: 'day;new_confirmed;source;assumed;as_of', says: 'separated by commas',
  },
  { what: 'no header', folder: withFile('cases.csv', ''), file: 'cases.csv', row: 1, says: 'header: unit,number,' },
  { what: 'a blank header', folder: withFile('cases.csv', ',,\n'), file: 'cases.csv', row: 1, says: 'header: unit,' },
  {
    what: 'a doubled id', folder: withRows('beds.csv', (rows) => [...rows, rows[1] ?? '']),
    file: 'beds.csv', row: 5, column: 'pool', got: 'hub/severe', says: 'rows 2 and 5',
  },
  {
    what: 'one case under two names of its unit',
    folder: withRows('cases.csv', (rows) => [...rows, (rows[2] ?? '').replace('两江', '两江新区')]),
    file: 'cases.csv', row: 6, column: 'number', got: '两江新区-02', says: 'rows 3 and 6',
  },
  {
    what: 'one journey twice', folder: withRows('travel.csv', (rows) => [...rows, '万州区,hub,1,map,,']),
    file: 'travel.csv', row: 4, column: 'to', got: '万州区→hub', says: 'rows 3 and 4',
  },
]

const FILES: readonly Mistake[] = [
  ...TABLE_SPECS.filter(({ required }) => required !== 'never').map(({ file, columns }) => ({
    what: `no ${file}`, folder: without(file), file,
    says: `this table is missing; its columns are ${columns[0]?.column ?? '?'},`,
  })),
  { what: 'no policy.json', folder: without('policy.json'), file: 'policy.json', says: 'missing' },
  { what: 'no story.md', folder: without('story.md'), file: 'story.md', says: 'missing' },
  { what: 'an empty story.md', folder: withFile('story.md', ' \n#\n'), file: 'story.md', says: 'must not be empty' },
  {
    what: 'a story with control characters', folder: withFile('story.md', 'a\n\u0007b\n'),
    file: 'story.md', row: 2, got: '\\u0007b', says: 'control characters',
  },
  {
    what: 'a story too long', folder: withFile('story.md', 'x'.repeat(4001)),
    file: 'story.md', row: 1, got: `${'x'.repeat(80)}…`, says: 'at most 4000 characters',
  },
  {
    what: 'an unknown table', folder: withFile('case.csv', 'a\n'),
    file: 'case.csv', got: 'case.csv', says: 'the closest is cases.csv',
  },
  {
    what: 'an empty table of places', folder: withRows('places.csv', (rows) => rows.slice(0, 1)),
    file: 'places.csv', says: 'empty scenario',
  },
  {
    what: 'a folder with too long a name', folder: SOUND, name: 'n'.repeat(81), file: 'n'.repeat(80) + '…',
    got: 'n'.repeat(80) + '…', says: 'at most 80 characters',
  },
]

const SETTINGS: readonly Mistake[] = [
  {
    what: 'no JSON', folder: withFile('policy.json', '{\n  "asOf": "x",\n  planDay: 1\n}'),
    file: 'policy.json', row: 3, got: 'planDay: 1\\u000a}', says: 'line 3, character 3: not JSON: a name in double',
  },
  {
    what: 'no comma', folder: withFile('policy.json', '{"asOf": "x" "planDay": 1}'),
    file: 'policy.json', row: 1, got: '"planDay": 1}', says: 'character 14: not JSON: , or }',
  },
  { what: 'nothing', folder: withFile('policy.json', ''), file: 'policy.json', row: 1, says: 'a value belongs here' },
  {
    what: 'a setting twice', folder: withFile('policy.json', '{"asOf": 1, "asOf": 2}'),
    file: 'policy.json', row: 1, got: '"asOf": 2}', says: 'stand once',
  },
  { what: 'a list', folder: withFile('policy.json', '[1]'), file: 'policy.json', got: '[1]', says: 'one object' },
  {
    what: 'too deep', folder: withPolicy({ policy: nested(20) }),
    file: 'policy.json', row: 1, got: '1}}}}}}}}}}}}}}}}}}}', says: 'more than 20 deep',
  },
  {
    what: 'over 1 MB', folder: withPolicy({ lotSeed: 'x'.repeat(1024 * 1024) }),
    file: 'policy.json', got: '1.0 MB', says: 'larger than 1 MB',
  },
  {
    what: 'an unknown setting', folder: withPolicy({ planday: '2020-01-30' }),
    file: 'policy.json', column: 'planday', got: '2020-01-30', says: 'the closest is planDay',
  },
  {
    what: 'no asOf', folder: withPolicy({ asOf: undefined }),
    file: 'policy.json', column: 'asOf', says: 'with offset',
  },
  {
    what: 'no edition', folder: withPolicy({ planDay: '2020-02-04' }),
    file: 'policy.json', column: 'planDay', got: '2020-02-04', says: '2020-01 (2020-01-27 to 2020-02-03)',
  },
  {
    what: 'a wrong fleet', folder: withPolicy({ fleet: 'infinite' }),
    file: 'policy.json', column: 'fleet', got: 'infinite', says: 'listed, unlimited',
  },
  {
    what: 'a wrong demand', folder: withPolicy({ require: ['waiting'] }),
    file: 'policy.json', column: 'require.0', got: 'waiting', says: 'critical 危重型有床有专家组',
  },
  {
    what: 'an unknown policy field', folder: withPolicy({ policy: { safeFill: 800 } }),
    file: 'policy.json', column: 'policy.safeFill', got: '800', says: 'safeFillPerMille',
  },
  {
    what: 'a wrong policy value', folder: withPolicy({ policy: { timetable: { rounds: 21 } } }),
    file: 'policy.json', column: 'policy.timetable.rounds', got: '21', says: 'at most 20',
  },
]

/** Every way to be turned away at the door, one row each. */
export const MISTAKES: readonly Mistake[] = [
  ...FIGURES, ...TIMES, ...WORDS, ...PERSONAL, ...TABLE_SHAPES, ...FILES, ...SETTINGS,
]

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MATERIAL_FILES } from './materialFiles.js'

/** Files by name; bytes where the mistake is in the bytes. */
export type Folder = Readonly<Record<string, string | Uint8Array>>

const AS_OF = '2020-01-30T00:00:00+08:00'
const lines = (...rows: readonly string[]) => `${rows.join('\n')}\n`

/** A small scenario folder without a mistake, with a row in every table. */
export const SOUND: Readonly<Record<string, string>> = {
  'story.md': '# 小城 / A small town\n\nTwo districts and one hospital.\n',
  'policy.json': JSON.stringify({ asOf: AS_OF, planDay: '2020-01-30', lotSeed: 'small' }, null, 2),
  'reporting-units.csv': lines(
    'unit,name_en,gbt2260,aliases,longitude,latitude,source,assumed,as_of',
    '万州区,Wanzhou,500101,万州|Wanzhou,108.38,30.81,code list,,',
    `两江新区,Liangjiang,,两江,,,code list,longitude|latitude,${AS_OF}`,
  ),
  'places.csv': lines(
    'place,name_zh,name_en,kind,unit,under_command,longitude,latitude,arrivals_per_hour,ventilators_free,' +
      'source,assumed,as_of',
    'hub,三峡医院,Hub,centralisedTreatmentHospital,万州区,yes,108.38,30.81,4,notTracked,briefing,,',
    'dist,两江医院,District,区县定点医院,两江,是,106.5,29.6,unknown,2,briefing,name_zh|name_en,',
    'res,后备医院,Reserve,Reserve Hospital,万州区,NO,,,notTracked,notTracked,briefing,*,',
    'store,市级仓库,Store,仓库,万州,yes,,,notTracked,notTracked,briefing,,',
  ),
  'beds.csv': lines(
    'pool,place,block,care_level,attributes,physical,staffed,occupied,held,protected,oxygen_beds,source,assumed,as_of',
    'hub/severe,hub,,severe,negativePressure|呼吸机,20,20,1,0,1,notTracked,briefing,staffed,',
    'dist/ordinary,dist,,普通床,,10,10,3,0,,10,briefing,,',
    'res/1,res,res#1,ordinary,,50,unknown,0,unknown,0,unknown,briefing,,',
  ),
  'blocks.csv': lines(
    'block,place,sequence,opened,clearing,conversion,oxygen,staff,critical,lead_days,source,assumed,as_of',
    'res#1,res,1,no,signed,未签,unknown,signed,unknown,unknown,briefing,,',
    'res#2,res,2,no,signed,signed,signed,signed,signed,3,briefing,,',
  ),
  'teams.csv': lines(
    'team,name_zh,name_en,station,under_command,source,assumed,as_of',
    'team-1,第一组,Team one,hub,yes,briefing,,',
  ),
  'cases.csv': lines(
    'unit,number,status,severity,place,pool,waiting_since,fitness,fitness_assessed_at,fitness_valid_until,needs,sex,' +
      'age_band,companion,discharge_due,travel_exception_until,source,assumed,as_of',
    `两江新区,01,confirmed,重型,dist,dist/ordinary,2020-01-29T08:00:00+08:00,fit,2020-01-29T18:00:00+08:00,` +
      `2020-01-31T00:00:00+08:00,dialysis,female,60-79,,2020-02-09,2020-02-01T00:00:00+08:00,bulletin,*,${AS_OF}`,
    '两江,02,确诊病例,ordinary,dist,dist/ordinary,,unknown,,,,unknown,15-59,,,,bulletin,,',
    '两江,03,confirmed,ordinary,dist,,,not assessed,,,,未知,0-14,两江-02,,,bulletin,sex|age_band,',
    '万州区,01,confirmed,severe,hub,hub/severe,,unknown,,,,male,80+,,,,bulletin,number,',
  ),
  'vehicles.csv': lines(
    'vehicle,fleet,base,negative_pressure,life_support,crews,available_from,available_to,source,assumed,as_of',
    'v1,hub,hub,yes,yes,2,06:00,24:00,assumed,*,',
    'v2,两江,两江,no,no,1,08:00,20:00,assumed,*,',
  ),
  'travel.csv': lines('from,to,minutes,source,assumed,as_of', 'dist,hub,240,road map,,', '万州,hub,0,road map,,'),
  'orders.csv': lines(
    'order,patient,pool,state,vehicle,departs,returns,source,assumed,as_of',
    'o1,两江-01,hub/severe,issued,v1,2020-01-30T07:00:00+08:00,2020-01-30T16:30:00+08:00,desk,,',
  ),
  'last-plan.csv': lines('patient,to,care_level,source,assumed,as_of', '两江-02,hub,severe,desk,,'),
  'intake.csv': lines(
    'day,new_confirmed,source,assumed,as_of',
    '2020-01-28,15,bulletin,,',
    '2020-01-29,unknown,bulletin,,',
  ),
  'edits.csv': lines(
    'edit,kind,patient,unit,place,pool,reason,by,source,assumed,as_of',
    'E001,指定去向,两江-02,,hub,,same ward as the family,night-desk,desk,,',
    'E002,forbid,,两江,dist,,outbreak among staff,night-desk,desk,,',
  ),
  ...MATERIAL_FILES,
}

/** The sound folder with one cell of one table written over; rows as a spreadsheet counts them. */
export function withCell(file: string, row: number, column: string, cell: string): Folder {
  const rows = tableOf(file).map((line) => line.split(','))
  const index = rows[0]?.indexOf(column) ?? -1
  const cells = rows[row - 1]
  if (cells === undefined || index === -1) throw new Error(`no row ${row} or column ${column} in ${file}`)
  cells[index] = cell
  return { ...SOUND, [file]: `${rows.map((one) => one.join(',')).join('\n')}\n` }
}

/** The sound folder with one file replaced, or with its rows changed. */
export const withFile = (file: string, content: string | Uint8Array): Folder => ({ ...SOUND, [file]: content })
export const withRows = (file: string, change: (rows: string[]) => readonly string[]): Folder =>
  withFile(file, `${change(tableOf(file)).join('\n')}\n`)
export const without = (file: string): Folder =>
  Object.fromEntries(Object.entries(SOUND).filter(([name]) => name !== file))
export const withPolicy = (settings: Readonly<Record<string, unknown>>): Folder =>
  withFile('policy.json', JSON.stringify({ asOf: AS_OF, planDay: '2020-01-30', lotSeed: 'small', ...settings }))

const tableOf = (file: string): string[] => (SOUND[file] ?? '').trimEnd().split('\n')

/** Writes a folder called `name` for as long as `use` runs. */
export function onDisk<T>(folder: Folder, use: (path: string) => T, name = 'small'): T {
  const parent = mkdtempSync(join(tmpdir(), 'sijizhong-door-'))
  try {
    const path = join(parent, name)
    mkdirSync(path)
    for (const [file, content] of Object.entries(folder)) writeFileSync(join(path, file), content)
    return use(path)
  } finally {
    rmSync(parent, { recursive: true, force: true })
  }
}

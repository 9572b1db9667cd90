import type { Violation } from './constraintsViolations.js'

const HASH = "encode(sha256(convert_to(content, 'UTF8')), 'hex')"
interface Report {
  /** SQL of the values that differ from those of the report that is there. */
  readonly id?: string
  readonly number?: string
  readonly content?: string
  readonly hash?: string
}
const DAY_BEFORE = `replace(content, '"day":"2020-01-29"', '"day":"2020-01-28"')`
/** One more report, of the day before unless it says otherwise. */
const report = ({ id = "'2020-01-28-midnight'", number = '2', content = DAY_BEFORE, hash = HASH }: Report): string =>
  `insert into daily_report (id, number, frozen_at, signatory, content, content_hash) select ${id}, ${number}, frozen_at, signatory, content, ${hash}
   from (select frozen_at, signatory, ${content} as content from daily_report order by id limit 1) r`
/** One more handover like the first, taken over as it says. */
const handover = ({ taken = 'null, null', content = 'content', hash = HASH }): string =>
  `insert into shift_handover (id, given_at, given_by, taken_at, taken_by, content, content_hash) select 'copy', given_at, given_by, ${taken}, content, ${hash}
   from (select given_at, given_by, ${content} as content from shift_handover order by id limit 1) h`

/** Guards of the day, by name: what each forbids. */
export const DAY_VIOLATIONS: Readonly<Record<string, Violation>> = {
  daily_report_number_stands_once: { write: report({ number: '1' }), rule: 'reportNumberStandsOnce' },
  daily_report_counts_from_one: { write: report({ number: '0' }), rule: 'reportNumbersCountFromOne' },
  daily_report_cut_off_is_known: {
    write: report({ id: "'2020-01-29-evening'", content: `replace(content, '"cutOff":"midnight"', '"cutOff":"evening"')` }), rule: 'reportCutOffIsKnown',
  },
  daily_report_id_says_of_when: { write: report({ id: "'copy'" }), rule: 'reportIdSaysOfWhen' },
  daily_report_is_frozen_after_its_cut_off: {
    write: report({ id: "'2020-03-01-midnight'", content: `replace(content, '"day":"2020-01-29"', '"day":"2020-03-01"')` }), rule: 'reportIsFrozenAfterItsCutOff',
  },
  daily_report_hash_is_of_its_content: { write: report({ hash: "'7'" }), rule: 'hashesAreOfTheBytes' },
  daily_report_is_history: {
    write: 'delete from daily_report', rule: 'reportIsAsItWasFrozen',
    also: ["update daily_report set signatory = 'another-post'", `update daily_report set content = content || ' '`, 'truncate daily_report'],
  },
  shift_handover_hash_is_of_its_content: { write: handover({ hash: "'7'" }), rule: 'hashesAreOfTheBytes' },
  shift_handover_is_taken_as_a_whole: { write: handover({ taken: 'given_at, null' }), rule: 'handoverIsTakenAsAWhole' },
  shift_handover_is_taken_by_another: { write: handover({ taken: 'given_at, given_by' }), rule: 'handoverIsTakenByAnother' },
  shift_handover_is_taken_after_it_was_given: { write: handover({ taken: "given_at - interval '7 minutes', 'somebody'" }), rule: 'handoverIsTakenAfterItWasGiven' },
  shift_handover_place_place_id_fk: { write: handover({ content: `replace(content, '"place":null', '"place":"nowhere"')` }), rule: 'handoverHasItsPlace' },
  shift_handover_is_history: { write: 'delete from shift_handover', rule: 'handoverIsAsItWasGiven', also: ['truncate shift_handover'] },
  shift_handover_is_taken_once: {
    write: "update shift_handover set given_by = 'another-post' where taken_at is null", rule: 'handoverIsAsItWasGiven',
    also: ["update shift_handover set taken_by = 'another-post' where taken_at is not null", 'update shift_handover set taken_at = null, taken_by = null where taken_at is not null'],
  },
}

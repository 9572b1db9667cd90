import { type Text, text } from '../kernel/text.js'

/** What the fields about fever and symptoms in isolation mean. */
export const ISOLATION_NOTES: Readonly<Record<string, Text>> = {
  symptomsAnswered: text('已处置的发热、症状：哪半天的、延长还是排除；没有则无此项', 'Fever and symptoms that were answered: of which half day, and whether extended or ruled out; left out where there are none'),
  'SymptomsAnswered.by': text('登记的岗位；此项尚未记录的旧数据没有', 'The post that put it down; left out in older data, which did not keep it'),
  shortened: text('最近一次更正使解除日期提前的岗位，其不办理、不签发解除；没有则无此项', 'The post whose correction last made the day of release earlier, which neither does nor signs the release; left out where there is none'),
  'Shortened.by': text('提前者的岗位', 'The post that made it earlier'),
  'Shortened.from': text('提前以前的解除日期，不计延长', 'The day of release before that, extensions aside'),
  how: text('如何处置的：延长（extended）或医师排除（ruledOut）', 'What has answered it: extended, or ruled out by a physician'),
  physician: text('排除症状的医师岗位（本单位或疾控），不写姓名', 'The post of the physician, of the unit or of the CDC, who ruled the symptoms out; never a name'),
  'SymptomsRuledOut.day': text('至哪一天', 'Up to this day'),
  'SymptomsRuledOut.half': text('至哪半天（含）', 'Up to and with this half day'),
  'SymptomsRuledOut.reason': text('另有什么原因，凭什么排除', 'What other cause they have, and by what they were ruled out'),
  'SymptomsNow.reason': text('排除的缘由；未排除为 null', 'Why they were ruled out; null: they were not'),
}

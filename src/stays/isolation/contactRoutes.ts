import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { type Act, etagOf } from '../../db/act.js'
import type { Recorded } from '../../db/records.js'
import { caseSchema } from '../../cases/cases.js'
import { command } from '../../http/command.js'
import { filterBy, recordedOut, recordedShape } from '../../http/lists.js'
import { both, changes, jsonBody, jsonRequest, refused, told, unsafeHeaders } from '../../http/openapi.js'
import { historyOut, idParams, listOut, oneOut, recordRoutes, send } from '../../http/records.js'
import { type Env, routesOf, type Service } from '../../http/service.js'
import { soundCommand } from '../../http/soundly.js'
import { postSchema } from '../../kernel/ids.js'
import { type Text, text } from '../../kernel/text.js'
import { daySchema, instantSchema } from '../../kernel/time.js'
import { wordSchema } from '../../kernel/vocabulary.js'
import { announce, checkIn, leaveRoom, moveRoom, observe, standing, withdrawNotice } from './commands.js'
import { type Contact, contactSchema, datesOf, exposureSchema, ISOLATION_ENDINGS, noticeSchema, observationSchema, rulingSchema } from './contacts.js'
import { expose, extend, release, ruleOut, turnPositive } from './outcomes.js'
import { CONTACTS } from './store.js'

const tag = 'Isolation 隔离'
const datesSchema = z.object({ siteUntil: daySchema, homeUntil: daySchema }).meta({ id: 'ReleaseDates' })
const contactOutSchema = z.object({ ...recordedShape, ...contactSchema.shape, dates: datesSchema.nullable() }).meta({ id: 'Contact' })

const contacts = recordRoutes({
  also: { 409: refused[409] },
  path: '/contacts', one: 'Contact', many: 'Contacts', tag, out: contactOutSchema, body: noticeSchema,
  filters: { unit: filterBy('units'), kind: noticeSchema.shape.kind.optional(), site: filterBy('places') },
  named: {
    zh: '隔离人员', one: 'contact', many: 'contacts',
    about: text(
      '密接等不是病例的隔离人员；登记即预告，撤回的可再登记。编号为“报告单位-该单位登记号”；预告不占房间。入住后末次暴露与类别不由登记改动，见 /exposure。',
      'People in isolation who are not cases; putting one down announces them, also again after the notice was withdrawn. The id is the reporting unit and the number of its register; a notice takes no room. '
        + 'Once they have come it changes neither last exposure nor kind: see /exposure.',
    ),
  },
  example: {
    id: '武隆区-M0042',
    body: { unit: '武隆区', kind: 'closeContact', lastExposure: '2020-01-27', expectedOn: '2020-01-30', site: null, source: '武隆区疾控中心流调 2020-01-30' },
  },
})

const room = { place: z.string().min(1).max(200), pool: z.string().min(1).max(200) }
const at = instantSchema.optional().describe(both('何时发生；不填即此刻', 'When it happened; now when left out'))
const roomSchema = z.strictObject({ ...room, at }).meta({ id: 'RoomTaken' })
const { moved: _moved, released: _released, positive: _positive, ...WAYS_TO_LEAVE } = ISOLATION_ENDINGS
const leaveSchema = z.strictObject({ ending: wordSchema(WAYS_TO_LEAVE), at }).meta({ id: 'RoomLeft' })
const releaseSchema = z.strictObject({ signedBy: postSchema, at }).meta({ id: 'Release' })
const positiveSchema = z.strictObject({
  case: z.string().min(1).max(80), status: caseSchema.shape.status.exclude(['suspected']), severity: caseSchema.shape.severity, at,
  source: caseSchema.shape.source.optional(),
}).meta({ id: 'TurnedPositive' })

const done = <const P extends string, S extends z.ZodType>(
  spec: { path: P; operationId: string; summary: Text; description: Text; body: S; example: z.input<S>; id?: string },
) => createRoute({
  method: 'post', path: `/contacts/{id}/${spec.path}` as const, tags: [tag], operationId: spec.operationId, ...told(spec.summary, spec.description),
  request: {
    params: z.object({ id: idParams.shape.id.openapi({ example: spec.id ?? '武隆区-M0042' }) }), headers: unsafeHeaders, body: jsonRequest(spec.body, spec.example),
  },
  responses: { 200: jsonBody(contactOutSchema, text('此人现在的一版', 'The contact as it stands now')), ...changes },
})

const withdrawing = done({
  path: 'withdraw', id: '武隆区-M0045', operationId: 'withdrawNotice', body: z.strictObject({}).meta({ id: 'NoticeWithdrawn' }), example: {},
  summary: text('撤回预告', 'Withdraw a notice'), description: text('预告的人不来了；已入住过的不能撤回。又要来的，再登记一次。', 'Whoever was announced does not come; not once they have come. If they come after all, announce them again.'),
})
const checkingIn = done({
  path: 'check-in', operationId: 'checkIn', body: roomSchema, example: { place: 'geli-1', pool: 'geli-1/room' },
  summary: text('入住隔离房间', 'Check somebody in'), description: text(
    '占一间隔离房间；解除日期自此按当日有效的规定计算，不因以后的新规定而变。最多补记 7 天。没有空房为 409 noFreeBed。',
    'Takes an isolation room. Release is reckoned by the edition in force that day, whatever later ones say. Told at most 7 days late. 409 noFreeBed when no room is free.',
  ),
})
const moving = done({
  path: 'move', operationId: 'moveRoom', body: roomSchema, example: { place: 'geli-1', pool: 'geli-1/single' },
  summary: text('换房间或隔离点', 'Move somebody to another room or site'), description: text('一步之内离开旧房、入住新房；要么都成，要么都不成。', 'Out of one room and into the other in one step: both, or neither.'),
})
const leaving = done({
  path: 'leave', id: '武隆区-M0043', operationId: 'leaveRoom', body: leaveSchema, example: { ending: 'hospitalised' },
  summary: text('离开隔离点', 'Put down that somebody left'), description: text('因他病住院、离开本系统或死亡；房间随之空出。解除隔离与转为阳性另有操作。', 'Hospital for another illness, elsewhere, or death; the room is free again. Release and turning positive are operations of their own.'),
})
const exposing = done({
  path: 'exposure', operationId: 'exposeAgain', body: exposureSchema.meta({ id: 'Exposure' }), example: { lastExposure: '2020-01-29' },
  summary: text('新的暴露，或更正', 'A new exposure, or a correction'), description: text(
    '末次暴露日后移，解除日期随之重算；更早的日期为 409 figureIsOlder。写明缘由（reason）的是更正：末次暴露可以提前，类别（kind）可以改，只由该报告单位或全市的调度台、方案编制员办理；使解除日期提前的岗位不办理、不签发其解除。',
    'The last exposure is later, and release with it; an earlier day is 409 figureIsOlder. With a reason it is a correction: the day may become earlier and the kind another, '
      + 'by the desk or planner of that reporting unit or of the city only. The post that makes the day of release earlier neither does nor signs the release.',
  ),
})
const extending = done({
  path: 'extend', operationId: 'extendIsolation', body: contactSchema.shape.extensions.element, example: { days: 2, reason: 'resultPending' },
  summary: text('延长隔离', 'Extend an isolation'), description: text(
    '按所列缘由延长若干天；已观察到的发热、症状不再列入逾期，解除前仍须排除。', 'By so many days, for one of the reasons listed. Fever and symptoms that were seen ring no more, and still have to be ruled out before a release of the next day.',
  ),
})
const ruling = done({
  path: 'rule-out', id: '武隆区-M0046', operationId: 'ruleOutSymptoms', body: rulingSchema.meta({ id: 'SymptomsRuledOut' }),
  example: { day: '2020-01-30', half: 'morning', physician: 'wulong-cdc-doctor-2', reason: '慢性咽炎急性发作，核酸两次阴性' },
  summary: text('医师排除发热、症状', 'Put down that a physician ruled symptoms out'), description: text(
    '本单位或疾控的医师看过，至所写半天（含）为止的发热、症状另有原因：不再列入逾期，也不妨碍解除；解除由另一岗位办理和签发，不是该医师，也不是登记排除的岗位。记入日志，印在告知书上。没有要排除的为 409 nothingToRuleOut。',
    'A physician of the unit or of the CDC has looked, and fever and symptoms up to and with that half day have another cause: they ring no more and do not stand in the way of a release, which another post does and signs: neither the physician nor whoever enters this. '
      + 'It stands in the journal and on the certificate. 409 nothingToRuleOut where there are none.',
  ),
})
const releasing = done({
  path: 'release', id: '武隆区-M0044', operationId: 'releaseFromIsolation', body: releaseSchema, example: { signedBy: 'wulong-cdc-1' },
  summary: text('解除隔离', 'Release from isolation'), description: text(
    '到期才能解除；房间空出，并有编号的解除告知书。未到期为 422 wrongTime。解除前的两个半天（无记录则末次观察）有 37.3 ℃ 以上或症状、医师未排除的为 409 symptomsObserved；这两个半天都无观察的为 409 notObserved；签发或办理者即排除症状的医师、登记排除者或提前解除日期者，为 403 ownRuling：由该隔离点的另一岗位、调度台或方案编制员办理。',
    'Not before its day (422 wrongTime). The room is free, and there is a numbered certificate. 409 symptomsObserved where the last two half days before it, or else the last observation, have 37.3 °C or more, or symptoms, that no physician has ruled out; '
      + '409 notObserved where nothing was seen in those two; 403 ownRuling where whoever ruled symptoms out, entered that, or made the day earlier signs or does it: let another post of the site, the desk or the planner.',
  ),
})
const positive = done({
  path: 'positive', operationId: 'turnPositive', body: positiveSchema, example: { case: '武隆区-0099', status: 'confirmed', severity: 'ordinary' },
  summary: text('转为阳性', 'Somebody turns positive'), description: text(
    '一步之内结束隔离、登记为病例、在原房间作为病例收治并申请转运；房间数字不变。与转运申请一样，最多补记 7 天。',
    'In one step isolation ends, they are a case under the unit’s case number, lie on in the same room as one, and ask for a place; the room’s figures do not change. As a transfer request is, it is told at most 7 days late.',
  ),
})
const observing = done({
  path: 'observations', operationId: 'observeContact', body: observationSchema.meta({ id: 'Observation' }),
  example: { day: '2020-01-30', half: 'morning', temperatureTenths: 366, symptoms: ['none'] },
  summary: text('上午或下午的观察', 'Put down what was seen this half day'), description: text('体温以十分之一度计（36.6 ℃ 写作 366），或症状，或两者。同一半天后记的为准，但已记的发热、症状不能改为没有（409 symptomsObserved），须由医师排除；还没到的半天不收。', 'Temperature in tenths of a degree (36.6 °C is written 366), symptoms, or both. The later word for a half day stands, but that fever or symptoms of it are not taken away by one (409 symptomsObserved): a physician rules them out. A half day that has not come is refused.'),
})

const contactOut = (record: Recorded<Contact>) => ({ ...recordedOut(record), dates: datesOf(record.body) })
const withDates = <T extends Contact>(one: T) => ({ ...one, dates: datesOf(one) })

/** Contacts over HTTP: announced, kept apart, looked at, and released or not. */
export function contactRoutes(service: Service) {
  const answered = (record: Recorded<Contact>) => ({ status: 200 as const, body: contactOut(record), headers: { etag: etagOf(record.version) } })
  /** Does something, and answers with the contact as it then stands. */
  const doing = async (c: Context<Env>, id: string, work: (act: Act) => Promise<unknown>, how = command) =>
    send(c, await how(c, service, async (act) => {
      await work(act)
      return answered(await standing(act, id))
    }))
  return routesOf(service)
    .openapi(contacts.list, async (c) => {
      const { items, next } = await listOut(c, service, CONTACTS, ['unit', 'kind', 'site'], c.req.valid('query'))
      return c.json({ items: items.map(withDates), next }, 200)
    })
    .openapi(contacts.get, async (c) => c.json(withDates(await oneOut(c, service, CONTACTS, c.req.valid('param').id, c.req.valid('query'))), 200))
    .openapi(contacts.history, async (c) => {
      const { items, next } = await historyOut(c, service, CONTACTS, c.req.valid('param').id, c.req.valid('query'))
      return c.json({ items: items.map(withDates), next }, 200)
    })
    .openapi(contacts.put, async (c) => send(c, await command(c, service, async (act) => {
      const { record, isNew } = await announce(act, c.req.valid('param').id, c.req.valid('json'))
      return { ...answered(record), status: isNew ? 201 as const : 200 as const }
    })))
    .openapi(withdrawing, (c) => doing(c, c.req.valid('param').id, (act) => withdrawNotice(act, c.req.valid('param').id)))
    .openapi(checkingIn, (c) => {
      const { at: when, ...to } = c.req.valid('json')
      return doing(c, c.req.valid('param').id, (act) => checkIn(act, c.req.valid('param').id, to, when))
    })
    .openapi(moving, (c) => {
      const { at: when, ...to } = c.req.valid('json')
      return doing(c, c.req.valid('param').id, (act) => moveRoom(act, c.req.valid('param').id, to, when))
    })
    .openapi(leaving, (c) => {
      const { ending, at: when } = c.req.valid('json')
      return doing(c, c.req.valid('param').id, (act) => leaveRoom(act, c.req.valid('param').id, ending, when))
    })
    .openapi(exposing, (c) => doing(c, c.req.valid('param').id, (act) => expose(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(extending, (c) => doing(c, c.req.valid('param').id, (act) => extend(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(ruling, (c) => doing(c, c.req.valid('param').id, (act) => ruleOut(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(releasing, (c) => {
      const { signedBy, at: when } = c.req.valid('json')
      return doing(c, c.req.valid('param').id, (act) => release(act, c.req.valid('param').id, { signedBy, at: when }))
    })
    .openapi(positive, (c) => doing(c, c.req.valid('param').id, (act) => turnPositive(act, c.req.valid('param').id, c.req.valid('json')), soundCommand))
    .openapi(observing, (c) => doing(c, c.req.valid('param').id, (act) => observe(act, c.req.valid('param').id, c.req.valid('json'))))
}

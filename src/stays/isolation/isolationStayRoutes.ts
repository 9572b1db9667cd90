import { createRoute, z } from '@hono/zod-openapi'
import type { Tx } from '../../db/database.js'
import { currentRecord, recordAt, type Recorded } from '../../db/records.js'
import { placeOf, PLACES } from '../../facilities/store.js'
import { behind, cursorOf, filterBy, idFilter, pageShape, pastOf, pastShape } from '../../http/lists.js'
import { both, jsonBody, otherBody, reads, readsOne, told } from '../../http/openapi.js'
import { idParams, mustSee, ONE_PAGE, pageOf, present } from '../../http/records.js'
import { routesOf, type Service } from '../../http/service.js'
import { STYLED_PAGE } from '../../kernel/paper.js'
import { notFound } from '../../kernel/refusal.js'
import type { Reach } from '../../kernel/roles.js'
import { text } from '../../kernel/text.js'
import { daySchema, instantOf, instantOrNull, instantOrNullSchema, instantSchema } from '../../kernel/time.js'
import { wordSchema } from '../../kernel/vocabulary.js'
import { certificateHtml } from './certificate.js'
import { byEveryEdition, type Contact, HALVES, ISOLATION_ENDINGS, type IsolationEnding, SYMPTOMS } from './contacts.js'
import { ISOLATION_EDITIONS } from './editions.js'
import { contactAtRelease, CONTACTS, isolationsOf, type IsolationStay, lastIsolationOf, listIsolations, observationsOf } from './store.js'

/** Who has not been released has none, and is told of that, not that nobody has such a number. */
const CERTIFICATE = text('解除隔离证明', 'release certificate')

const tags = ['Isolation 隔离']
const staySchema = z.object({
  id: z.string(), version: z.int(), contact: z.string(), place: z.string(), pool: z.string(), beganAt: instantSchema, beganRecordedAt: instantSchema, beganRecordedBy: z.string(),
  endedAt: instantOrNullSchema, ending: wordSchema(ISOLATION_ENDINGS).nullable(), endedRecordedAt: instantOrNullSchema, endedRecordedBy: z.string().nullable(),
}).meta({ id: 'IsolationStay' })
const editionsSchema = z.object({
  items: z.array(z.object({
    edition: z.string(), title: z.object({ zh: z.string(), en: z.string() }), source: z.string(), applies: z.boolean(),
    siteUntil: daySchema.nullable(), homeUntil: daySchema.nullable(),
  })),
}).meta({ id: 'ByEveryEdition' })
const seenSchema = z.object({
  items: z.array(z.object({
    day: daySchema, half: wordSchema(HALVES), temperatureTenths: z.int().nullable(), symptoms: z.array(wordSchema(SYMPTOMS)),
    recordedAt: instantSchema, recordedBy: z.string(),
  })),
}).meta({ id: 'ObservationsOfContact' })

const stays = createRoute({
  method: 'get', path: '/isolation/stays', tags, operationId: 'listIsolationStays',
  ...told(text('隔离入住一览', 'List stays in isolation'), text('一人一间。open=true 只看在隔离的；asOf 看某时在隔离的。', 'One person, one room. open=true shows those that go on, asOf those that were open at a moment.')),
  request: {
    query: z.object({
      ...pastShape, ...pageShape, contact: idFilter, place: filterBy('places'),
      open: z.enum(['true', 'false']).optional().describe(both('true 只列在隔离的，false 只列已结束的', 'true: only those that go on; false: only those that ended')),
    }),
  },
  responses: { 200: jsonBody(pageOf(staySchema), ONE_PAGE), ...reads },
})
const editions = createRoute({
  method: 'get', path: '/contacts/{id}/editions', tags, operationId: 'contactByEveryEdition',
  ...told(text('各版规定下的解除日期', 'What every edition would say of somebody'), text(
    '开始隔离时有效的那版算数（applies）；其他各版仅供比较。不管此类人员的版次日期为 null。',
    'The edition in force when isolation began applies; the others are shown beside it. Dates are null where an edition does not keep such people apart.',
  )),
  request: { params: idParams }, responses: { 200: jsonBody(editionsSchema, text('各版规定', 'The editions')), ...readsOne },
})
const certificate = createRoute({
  method: 'get', path: '/contacts/{id}/certificate', tags, operationId: 'releaseCertificate',
  ...told(text('解除隔离告知书', 'The certificate of a release'), text('可打印的网页，中英对照，内容以签发时为准；姓名与证件号留空手填。', 'A page for the printer in both languages, as it was when it was signed; name and identity are blanks.')),
  request: { params: idParams }, responses: { 200: otherBody('text/html', text('告知书', 'The certificate')), ...readsOne },
})
const observations = createRoute({
  method: 'get', path: '/contacts/{id}/observations', tags, operationId: 'observationsOfContact',
  ...told(text('历次观察', 'What was seen of somebody'), text('早的在前；每半天一条，后记的为准。', 'The oldest first; one for each half day, the later word stands.')),
  request: { params: idParams }, responses: { 200: jsonBody(seenSchema, text('各半天', 'By half day')), ...readsOne },
})

const stayOut = ({ contactId, beganAt, beganRecordedAt, endedAt, endedRecordedAt, ending, ...stay }: IsolationStay, past: boolean): z.infer<typeof staySchema> => {
  const begun = { contact: contactId, beganAt: instantOf(beganAt), beganRecordedAt: instantOf(beganRecordedAt) }
  // What ended it later was not known, or was not so.
  if (past) return { ...stay, ...begun, version: 1, endedAt: null, ending: null, endedRecordedAt: null, endedRecordedBy: null }
  return { ...stay, ...begun, endedAt: instantOrNull(endedAt), ending: ending as IsolationEnding | null, endedRecordedAt: instantOrNull(endedRecordedAt) }
}

/** The contact, or the refusal of what does not exist or lies out of reach. */
async function seen(tx: Tx, id: string, reach: Reach): Promise<Recorded<Contact>> {
  const record = present(await currentRecord(tx, CONTACTS, id), id)
  await mustSee(tx, CONTACTS, id, reach)
  return record
}

/** What is known of single stays and contacts, over HTTP. */
export function isolationStayRoutes(service: Service) {
  const { db, clock } = service
  return routesOf(service)
    .openapi(stays, async (c) => {
      const query = c.req.valid('query')
      const past = pastOf(query, clock.now())
      const found = await db.inSnapshot((tx) => listIsolations(tx, {
        contact: query.contact, place: query.place, open: query.open === undefined ? undefined : query.open === 'true', past, reach: c.get('reach'),
        after: behind(query.cursor, 'isolation')?.id ?? null, limit: query.limit + 1,
      }))
      const page = found.slice(0, query.limit)
      const last = found.length > query.limit ? page.at(-1) : undefined
      return c.json({ items: page.map((stay) => stayOut(stay, past !== null)), next: cursorOf(last === undefined ? null : { key: '', id: last.id }, 'isolation') }, 200)
    })
    .openapi(editions, async (c) => {
      const { id } = c.req.valid('param')
      const record = await db.inSnapshot((tx) => seen(tx, id, c.get('reach')))
      return c.json({
        items: byEveryEdition(record.body).flatMap(({ edition, dates }) => {
          const rules = ISOLATION_EDITIONS.find((one) => one.edition === edition)
          if (rules === undefined) return []
          const { title, source } = rules
          return [{ edition, title, source, applies: edition === record.body.edition, siteUntil: dates?.siteUntil ?? null, homeUntil: dates?.homeUntil ?? null }]
        }),
      }, 200)
    })
    .openapi(certificate, async (c) => {
      const { id } = c.req.valid('param')
      const html = await db.inSnapshot(async (tx) => {
        await seen(tx, id, c.get('reach'))
        // What was signed is on the paper, whatever the record or the site is called since.
        const signed = await contactAtRelease(tx, id)
        const stay = await lastIsolationOf(tx, id)
        if (signed === null || stay === null) return null
        const then = { asOf: signed.recordedAt, knownAt: signed.recordedAt }
        const site = await recordAt(tx, PLACES, stay.place, then) ?? await placeOf(tx, stay.place)
        return site === null ? null : certificateHtml({ id, contact: signed.body, stays: await isolationsOf(tx, id), seen: await observationsOf(tx, id), siteName: site.body.name, isDrill: service.isDrill })
      })
      if (html === null) throw notFound(id, CERTIFICATE)
      c.header('Content-Security-Policy', STYLED_PAGE)
      return c.html(html, 200)
    })
    .openapi(observations, async (c) => {
      const { id } = c.req.valid('param')
      const found = await db.inSnapshot(async (tx) => {
        await seen(tx, id, c.get('reach'))
        return observationsOf(tx, id)
      })
      return c.json({
        items: found.map(({ day, half, temperatureTenths, symptoms, recordedAt, recordedBy }) => ({
          day, half, temperatureTenths, symptoms: [...symptoms], recordedAt: instantOf(recordedAt), recordedBy,
        })),
      }, 200)
    })
}

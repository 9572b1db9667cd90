import { z } from 'zod'
import { postSchema } from '../kernel/ids.js'
import { instantSchema } from '../kernel/time.js'

const words = z.string().min(1).max(1000)
const signature = z.strictObject({ post: postSchema, at: instantSchema })

/** What is handed over with a patient, and which posts signed for it. Names stand on paper only. */
export const handoverSchema = z.strictObject({
  condition: words,
  treatment: words,
  belongings: words,
  sender: signature,
  crew: signature,
  receiver: signature,
}).meta({ id: 'Handover' })
export type Handover = z.infer<typeof handoverSchema>

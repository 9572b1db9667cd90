import { createRoute, type z } from '@hono/zod-openapi'
import { changes, jsonBody, jsonRequest, refused, told, unsafeHeaders } from '../../http/openapi.js'
import { idParams } from '../../http/records.js'
import { type Text, text } from '../../kernel/text.js'
import { receiptAskSchema, shipmentAskSchema } from './bodies.js'
import { allocationSchema } from './allocationOut.js'
import { ALLOCATION_STEPS, type AllocationStep } from './allocations.js'
import { endingSchema, stepSchema } from '../stepBodies.js'

interface Spec<S extends z.ZodObject> {
  readonly body: S
  readonly example: z.input<S>
  readonly more: Text
}

const TIMES = text(
  '可补记七天以内的事，不得早于上一步，也不得早于此后的盘点。',
  'It may be told up to seven days later, not of before the step before it, nor of before a stocktake that was made since.',
)

/** The step and the end of its address have one name. */
const stepRoute = <const N extends AllocationStep, S extends z.ZodObject>(name: N, { body, example, more }: Spec<S>) => createRoute({
  method: 'post', path: `/allocation-orders/{id}/${name}` as const, tags: ['Allocations 调拨'], operationId: `${name}AllocationOrder`,
  ...told(text(`调拨单：${ALLOCATION_STEPS[name].zh}`, `Allocation order: ${ALLOCATION_STEPS[name].en}`), text(
    `${more.zh}${'at' in body.shape ? TIMES.zh : ''}无权为 403 forbidden，次序不对为 409 stepOutOfOrder，并说明由谁、何时办到哪一步。`,
    `${more.en} ${'at' in body.shape ? `${TIMES.en} ` : ''}Who may not is 403 forbidden; what is out of order is 409 stepOutOfOrder, which says who did what when.`,
  )),
  request: { params: idParams, headers: unsafeHeaders, body: jsonRequest(body, example) },
  responses: { 200: jsonBody(allocationSchema, text('办后的调拨单', 'The order after it')), 403: refused[403], ...changes },
})

/** Addresses of the steps of an allocation order. */
export const allocationSteps = {
  ship: stepRoute('ship', {
    body: shipmentAskSchema, example: { vehicle: '渝A-12345', carrier: '市级物资运输队', lines: [{ seq: 1, units: 180 }] },
    more: text(
      '由发出方的物资管理员或物资保障组办理。某行可少发（units），不写的行按下达数全发；至少发出一件。预占随之了结，货转为在途。已封存、过期的批次不能发：409 breaksMust。',
      'By the supply officer of the sender, or the supplies group. Less than was ordered may go of a line (units), lines that are left out go in full; something goes at least. The promise is settled and the stock is on the way. A lot that is in quarantine or has expired by now does not leave: 409 breaksMust.',
    ),
  }),
  receive: stepRoute('receive', {
    body: receiptAskSchema, example: { lines: [{ seq: 1, accepted: 174, damaged: 4, missing: 2, difference: 'wet', missingDifference: 'short' }], note: '外箱受潮' },
    more: text(
      '由接收方的物资管理员或物资保障组办理。每行验收、损坏、短少之和应等于发运数（否则 409 doesNotAddUp），有差异须写合于损坏或短少的原因，二者兼有的各写一个；不写的行为全部验收。有差异的须由发运者以外的人签收（否则 403）。',
      'By the supply officer of the receiver, or the supplies group. Accepted, damaged and missing of a line together are what was shipped (409 doesNotAddUp otherwise), and a difference says why, by a reason that fits what is damaged or what is missing, and by one for each where there are both; lines that are left out were accepted whole. Whoever shipped it does not sign for less than was shipped (403).',
    ),
  }),
  lose: stepRoute('lose', {
    body: endingSchema, example: { note: '运输车辆侧翻，货物尽毁' },
    more: text('由全市的物资保障组或指挥长认定，不得是发运者：在途的全部记为丢失。', 'For the supplies group or the commander of the whole city to say, and not for whoever shipped it: all that is on the way is lost.'),
  }),
  cancel: stepRoute('cancel', {
    body: endingSchema, example: { note: '接收方已另得补给' },
    more: text('发运之前，由全市的物资保障组或指挥长取消，借用、归还也可由发出方取消；预占退还。', 'Before it is shipped, by the supplies group or the commander of the whole city; a loan or a return also by its sender. What was promised is free again.'),
  }),
  confirm: stepRoute('confirm', {
    body: stepSchema.omit({ at: true }).meta({ id: 'AllocationPaper' }), example: { note: '已补签' },
    more: text('方案外电话批准的，由有权批准者补书面，不得是登记者；不改变状态。', 'The paper after an order by phone, by whoever may approve it and did not put it down; its state stays.'),
  }),
} as const

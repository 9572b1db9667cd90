import type { Text } from '../../../kernel/text.js'
import { type Line, paragraph, table } from '../layout.js'
import { itemName, type MaterialView, ofMaterial, unitsOf } from '../materialView.js'
import { MATERIAL_COLUMNS, MATERIAL_HEADINGS, MATERIAL_PHRASES, SURPLUS_REASONS } from '../materialWords.js'
import { nameOf, say } from '../planView.js'
import { together } from './materialShort.js'

const bullets = (view: MaterialView, texts: readonly Text[]): Line[] =>
  texts.flatMap((one) => paragraph(`- ${say(view, one)}`, { indent: 2, hang: 2 }))

/** What is used in place of another item, sent or already there: always said, never only in the figures. */
export const materialSubstitutionsSection = ofMaterial((view) => {
  const own = view.material.ownSubstitutes.flatMap(({ place, item, substituteFor, units }) => {
    const [from, instead] = [itemName(view, item), itemName(view, substituteFor)]
    const said = MATERIAL_PHRASES.ownInstead({ place: nameOf(view, place), item: from, instead, units: unitsOf(view, item, units) })
    return paragraph(`- ${say(view, said)}`, { indent: 2, hang: 2 })
  })
  return {
    heading: say(view, MATERIAL_HEADINGS.substitutions),
    lines: [...bullets(view, view.material.substitutions.map(({ text }) => text)), ...own],
  }
})

/** Consignments that were issued before: nothing of them is planned again, and their receivers count on them. */
export const materialStandingSection = ofMaterial((view) => {
  const rows = view.material.standing.map(({ consignment, to, item, units, arrivesOn }) =>
    [consignment, itemName(view, item), unitsOf(view, item, units), arrivesOn.slice(5), nameOf(view, to)])
  const { shipment, item, units, arrives, place } = MATERIAL_COLUMNS
  const header = [shipment, item, units, arrives, place].map((column) => say(view, column))
  return { heading: say(view, MATERIAL_HEADINGS.standing), lines: table({ header, rows, align: ['left', 'left', 'right'] }) }
})

/** What is in stock and not planned with, each with why. */
export const materialWithheldSection = ofMaterial((view) => ({
  heading: say(view, MATERIAL_HEADINGS.withheld),
  lines: bullets(view, view.material.withheld.map(({ text }) => text)),
}))

/** What nobody needs within the plan's days: to be asked back, or used elsewhere. Nothing of it moves by itself. */
export const materialSurplusSection = ofMaterial((view) => {
  const rows = view.material.surplus.map(({ place, item, units, why }) =>
    [nameOf(view, place), itemName(view, item), unitsOf(view, item, units), say(view, SURPLUS_REASONS[why])])
  const { place, item, units } = MATERIAL_COLUMNS
  const header = [say(view, place), say(view, item), say(view, units), say(view, MATERIAL_COLUMNS.why)]
  return { heading: say(view, MATERIAL_HEADINGS.surplus), lines: together(view, { header, rows, nameAt: 0, align: ['left', 'left', 'right'] }) }
})

/** Use that lies further from the norm than the policy believes: somebody has to ask what became of it. */
export const materialUnexplainedSection = ofMaterial((view) => ({
  heading: say(view, MATERIAL_HEADINGS.unexplained),
  lines: bullets(view, view.material.unexplained.map(({ text }) => text)),
}))

/** Where the order of bands and tiers serves fewer units than could be served in all. */
export const materialFairnessSection = ofMaterial((view) => {
  const { item, byOrder, mostInAll, price } = MATERIAL_COLUMNS
  const rows = view.material.fairness.filter((one) => one.price > 0)
    .map((one) => [itemName(view, one.item), String(one.servedByOrder), String(one.largestTotal), unitsOf(view, one.item, one.price)])
  const header = [item, byOrder, mostInAll, price].map((column) => say(view, column))
  return { heading: say(view, MATERIAL_HEADINGS.fairness), lines: table({ header, rows, align: ['left', 'right', 'right', 'right'] }) }
})

/** Everyone to be called about material: never shortened, since it is a list of things to do. */
export const materialCallListSection = ofMaterial((view) => ({
  heading: say(view, MATERIAL_HEADINGS.callList),
  lines: bullets(view, view.material.callList.map(({ text }) => text)),
}))

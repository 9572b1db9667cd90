import { text, type Text } from '../../../kernel/text.js'
import { violation } from '../../sayings.js'
import type { Found } from '../../planWords.js'
import type { Account, Shipped } from '../account.js'
import type { Ground } from '../ground.js'
import { itemNamed, placeNamed } from '../sayings.js'

/** What must hold of a plan of material, said once more in plain arithmetic: nobody who gave anything out is asked. */
export interface MaterialMust {
  readonly name: string
  readonly title: Text
  readonly source: string
  readonly measure: (account: Account) => Found[]
}

/** A row of stock as it stands in the scenario. */
export function rowOf({ scenario }: Ground, { table, row }: { table: string; row: string }) {
  const lot = table === 'lots' ? scenario.lots[row] : undefined
  const supply = table === 'supplies' ? scenario.supplies[row] : undefined
  return lot ?? supply ?? null
}

/** A must of single lines: what is wrong with one, or null. */
export const perLine = (name: string, wrong: (ground: Ground, shipped: Shipped) => Text | null) => (account: Account): Found[] =>
  account.lines.flatMap((shipped) => {
    const what = wrong(account.given.ground, shipped)
    return what === null ? [] : [violation(name, shipped.shipment.id, toldOf(account.given.ground, shipped, what))]
  })

function toldOf(ground: Ground, { shipment, line }: Shipped, what: Text): Text {
  const [item, to] = [itemNamed(ground, line.item), placeNamed(ground, shipment.to)]
  return text(`${shipment.id} 给${to.zh}的${item.zh}（${line.row}）${what.zh}`, `${shipment.id}, ${item.en} of ${line.row} for ${to.en}: ${what.en}`)
}

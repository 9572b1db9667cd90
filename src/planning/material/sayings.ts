import { counted, type Text, text } from '../../kernel/text.js'
import { BASE_UNITS } from '../../supplies/items.js'
import { NORM_TIERS } from '../../supplies/norms.js'
import type { Ground } from './ground.js'
import { type Band, WHO } from './policy.js'

/** How the plan of material names things: by the names people know, amounts with their base unit. */
export const placeNamed = ({ scenario }: Pick<Ground, 'scenario'>, id: string): Text => scenario.places[id]?.name ?? text(id, id)

export const unitNamed = ({ scenario }: Pick<Ground, 'scenario'>, id: string): Text => scenario.units[id]?.name ?? text(id, id)

/** An item by its name, a kit by its id. */
export const itemNamed = ({ scenario }: Pick<Ground, 'scenario'>, id: string): Text => scenario.items[id]?.name ?? text(id, id)

/** `12 套`, `12 suits`; kits are sets. */
export function amount({ scenario }: Pick<Ground, 'scenario'>, item: string, units: number): Text {
  const unit = scenario.items[item]?.unit
  const word = unit === undefined ? text('套', 'sets') : text(BASE_UNITS[unit].zh, `${BASE_UNITS[unit].en}s`)
  return text(`${units} ${word.zh}`, counted(units, word.en))
}

/** `1 天危机定额（暴露人员）`, `1 day at the crisis norm for exposed staff`. */
export const bandNamed = ({ days, norm, who }: Band): Text =>
  text(`${days} 天${NORM_TIERS[norm].zh}定额（${WHO[who].zh}）`, `${counted(days, 'days')} at the ${NORM_TIERS[norm].en} norm for ${WHO[who].en}`)

/** `3.25`: hundredths of a day as days. */
export const daysNamed = (hundredths: number): string => (hundredths / 100).toFixed(2).replace(/\.?0+$/, '')

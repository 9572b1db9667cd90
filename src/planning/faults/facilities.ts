import { isKnown } from '../../kernel/quantity.js'
import { shown } from '../../kernel/shown.js'
import { text } from '../../kernel/text.js'
import { clockMinutes } from '../../kernel/time.js'
import { type Check, rowOf } from './faultList.js'

/** An alias names one unit; a code of GB/T 2260 too. */
export const checkUnits: Check = (sound, report) => {
  const ofAlias = new Map<string, string>()
  const ids = new Set(sound.ids('units'))
  const ofCode = new Map<string, string>()
  for (const [id, unit] of Object.entries(sound.units)) {
    for (const [index, alias] of unit.aliases.entries()) {
      const other = alias !== id && ids.has(alias) ? alias : ofAlias.get(alias)
      ofAlias.set(alias, other ?? id)
      if (other === undefined || other === id) continue
      report({ table: 'units', id, field: `aliases.${index}`, got: alias }, text(
        `别名只能指一个报告单位；${shown(alias)} 已指 ${shown(other)}`,
        `an alias must name one reporting unit; ${shown(alias)} already names ${shown(other)}`,
      ))
    }
    if (unit.gbt2260 === null) continue
    const other = ofCode.get(unit.gbt2260)
    ofCode.set(unit.gbt2260, other ?? id)
    if (other === undefined) continue
    report({ table: 'units', id, field: 'gbt2260', got: unit.gbt2260 }, text(
      `GB/T 2260 代码不能重复；已用于 ${shown(other)}`,
      `a GB/T 2260 code must stand once; ${shown(other)} already has it`,
    ))
  }
}

/** Only reserve hospitals have blocks, each place in one order. */
export const checkBlocks: Check = (sound, report) => {
  const ofStep = new Map<string, string>()
  for (const [id, block] of Object.entries(sound.blocks)) {
    const place = rowOf(sound.places, block.place)
    if (place !== undefined && place.kind !== 'reserveHospital') {
      report({ table: 'blocks', id, field: 'place', got: block.place }, text(
        '分区只属于后备医院（reserveHospital）',
        'a block must belong to a reserve hospital (reserveHospital)',
      ))
    }
    const step = JSON.stringify([block.place, block.sequence])
    const other = ofStep.get(step)
    ofStep.set(step, other ?? id)
    if (other === undefined) continue
    report({ table: 'blocks', id, field: 'sequence', got: block.sequence }, text(
      `同一医院的分区顺序不能重复；${shown(other)} 已用此序号`,
      `blocks of one place must open in different order; ${shown(other)} already has this sequence`,
    ))
  }
}

export const checkPools: Check = (sound, report) => {
  for (const [id, pool] of Object.entries(sound.pools)) {
    const block = pool.block === null ? undefined : rowOf(sound.blocks, pool.block)
    // A place that does not exist is told elsewhere.
    const areKnown = [block?.place, pool.place].every((place) => place !== undefined && sound.has('places', place))
    if (block !== undefined && block.place !== pool.place && areKnown) {
      report({ table: 'pools', id, field: 'block', got: pool.block }, text(
        `分区须与床位在同一场所；${shown(pool.block)} 属于 ${shown(block.place)}`,
        `block and beds must be at one place; ${shown(pool.block)} belongs to ${shown(block.place)}`,
      ))
    }
    if (pool.block === null && rowOf(sound.places, pool.place)?.kind === 'reserveHospital') {
      report({ table: 'pools', id, field: 'block', got: pool.block }, text(
        '后备医院的床位须写明所属分区',
        'beds of a reserve hospital must name their block',
      ))
    }
    if (isKnown(pool.physical) && isKnown(pool.staffed) && pool.staffed > pool.physical) {
      report({ table: 'pools', id, field: 'staffed', got: pool.staffed }, text(
        `开放床位不能多于实有床位 ${pool.physical} 张`,
        `staffed beds must not exceed the ${pool.physical} physical beds`,
      ))
    }
    if (isKnown(pool.physical) && pool.protected > pool.physical) {
      report({ table: 'pools', id, field: 'protected', got: pool.protected }, text(
        `自留床位不能多于实有床位 ${pool.physical} 张`,
        `protected beds must not exceed the ${pool.physical} physical beds`,
      ))
    }
  }
}

export const checkVehicles: Check = (sound, report) => {
  for (const [id, { availableFrom, availableTo }] of Object.entries(sound.vehicles)) {
    if (clockMinutes(availableFrom) < clockMinutes(availableTo)) continue
    report({ table: 'vehicles', id, field: 'availableTo', got: availableTo }, text(
      `应晚于开始时间 ${availableFrom}`,
      `must be later than the start at ${availableFrom}`,
    ))
  }
}

/** Two statements of one journey could differ. */
export const checkTravel: Check = (sound, report) => {
  const ofPair = new Map<string, string>()
  for (const [id, { from, to }] of Object.entries(sound.travel)) {
    const pair = JSON.stringify([from, to])
    const other = ofPair.get(pair)
    ofPair.set(pair, other ?? id)
    if (other === undefined) continue
    report({ table: 'travel', id, field: 'to', got: to }, text(
      `同一路程只能写一行；${shown(other)} 已写`,
      `one journey must stand once; ${shown(other)} already states it`,
    ))
  }
}

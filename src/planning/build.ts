import { mustGet } from '../kernel/invariant.js'
import { addTerm, type Expression, Model, type Terms } from './model.js'
import { type Option } from './option.js'
import { optionsOf } from './options.js'
import { type Group, groupsOf } from './parties.js'
import { type VehicleClass, vehicleClasses } from './fleet.js'
import type { World } from './world.js'

export interface BuildOptions {
  /** Minutes by which a vehicle class is lowered because trips did not fit (decision 7). */
  readonly lowered: ReadonlyMap<string, number>
  /** Fewer parties that may take an option, by column, for the same reason. */
  readonly caps?: ReadonlyMap<number, number>
  /** For clashes and ways out: closed options are kept as rows that can be eased. */
  readonly eased: boolean
}

/**
 * The model while it is built. One column x[o] an option: how many parties of its group take it.
 *
 *   Σ_o x[g,o] = size of g     for every group: one person, one place
 */
export class Build {
  readonly model = new Model()
  readonly groups: readonly Group[]
  readonly options: readonly Option[]
  readonly classes: readonly VehicleClass[]
  readonly eased: boolean
  readonly lowered: ReadonlyMap<string, number>
  private readonly ofGroup = new Map<Group, Option[]>()
  private readonly columns = new Map<Option, number>()
  private readonly blocks = new Map<string, number>()

  constructor(
    readonly world: World,
    options: BuildOptions,
  ) {
    this.eased = options.eased
    this.lowered = options.lowered
    this.groups = groupsOf(world)
    this.options = optionsOf(world, { groups: this.groups, eased: options.eased })
    this.classes = vehicleClasses(world)
    for (const option of this.options) {
      const name = `${option.group.name}.${this.columns.size}`
      const most = Math.min(option.group.parties.length, options.caps?.get(this.columns.size) ?? Number.POSITIVE_INFINITY)
      this.columns.set(option, this.model.column({ name, upper: most }))
      const own = this.ofGroup.get(option.group)
      if (own === undefined) this.ofGroup.set(option.group, [option])
      else own.push(option)
    }
  }

  x(option: Option): number {
    return mustGet(this.columns, option, 'column of option')
  }

  optionsOf(group: Group): readonly Option[] {
    return this.ofGroup.get(group) ?? []
  }

  /** Σ weight(o)·x[o] over the options given. */
  total(options: Iterable<Option>, weight: (option: Option) => number): Terms {
    const terms: Terms = new Map()
    for (const option of options) {
      const coefficient = weight(option)
      if (coefficient !== 0) addTerm(terms, this.x(option), coefficient)
    }
    return terms
  }

  /** A goal that counts so much for each party that takes an option. */
  perParty(weight: (option: Option) => number): Expression {
    return { terms: this.total(this.options, weight), constant: 0 }
  }

  moves(): Option[] {
    return this.options.filter((option) => option.kind !== 'stay')
  }

  rides(): Option[] {
    return this.options.filter((option) => option.kind === 'ride')
  }

  /** The column that says whether a reserve block is opened by this plan; made once. */
  opens(block: string, upper: number): number {
    const column = this.blocks.get(block) ?? this.model.column({ name: `open.${block}`, upper })
    this.blocks.set(block, column)
    return column
  }
}

import type { Highs, InitOptions } from 'highs'
import * as highsModule from 'highs'
import * as lpModule from 'javascript-lp-solver'

/**
 * Both packages declare their default export as CommonJS but are loaded as ES modules, so the compiler sees the
 * default one level deeper than it is. The shapes are checked here, once.
 */
function callableDefault(module: object, name: string): unknown {
  const found: unknown = 'default' in module ? module.default : undefined
  if (found === undefined) throw new Error(`${name} has no default export`)
  return found
}

export type LoadHighs = (options?: InitOptions) => Promise<Highs>

const isLoader = (value: unknown): value is LoadHighs => typeof value === 'function'
const isLpSolver = (value: unknown): value is { Solve: (model: unknown) => unknown } =>
  typeof value === 'object' && value !== null && 'Solve' in value && typeof value.Solve === 'function'

export function highsLoader(): LoadHighs {
  const found = callableDefault(highsModule, 'highs')
  if (!isLoader(found)) throw new Error('highs is not a loader function')
  return found
}

export function lpSolver(): { Solve: (model: unknown) => unknown } {
  const found = callableDefault(lpModule, 'javascript-lp-solver')
  if (!isLpSolver(found)) throw new Error('javascript-lp-solver has no Solve')
  return found
}

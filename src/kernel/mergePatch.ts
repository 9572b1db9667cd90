/** JSON Merge Patch, RFC 7396: null removes a member, objects merge, anything else replaces. */
export type JsonPatch = { readonly [key: string]: unknown }

export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    // An own property even for "__proto__", which plain assignment would swallow.
    const next = value === null ? undefined : mergePatch(Object.hasOwn(merged, key) ? merged[key] : undefined, value)
    if (next === undefined) delete merged[key]
    else Object.defineProperty(merged, key, { value: next, enumerable: true, configurable: true, writable: true })
  }
  return merged
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

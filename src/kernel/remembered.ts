/** The value found before for this key, or else found now and kept. */
export function remembered<V>(found: Map<string, V>, key: string, find: () => V): V {
  const before = found.get(key)
  if (before !== undefined) return before
  const value = find()
  found.set(key, value)
  return value
}

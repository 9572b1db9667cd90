import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byCodeUnits, canonicalJson, lotOf, sha256 } from '../src/kernel/canonical.js'
import { greatCircleKm } from '../src/kernel/geo.js'
import { invariant, mustGet } from '../src/kernel/invariant.js'
import { mergePatch } from '../src/kernel/mergePatch.js'
import { allowedBy, isKnown, sum } from '../src/kernel/quantity.js'
import { counted, joinTexts, text } from '../src/kernel/text.js'
import { keysOf, wordSchema } from '../src/kernel/vocabulary.js'

const json = (source: string): unknown => JSON.parse(source)

describe('canonical JSON', () => {
  const rows: [string, string, string][] = [
    [
      'sorts keys at every depth and leaves lists in their order', '{"b":[3,1,{"z":null,"a":true}],"a":"渝"}',
      '{"a":"渝","b":[3,1,{"a":true,"z":null}]}',
    ],
    [
      'sorts by code units: capitals first, then small letters, then Chinese', '{"渝":1,"a":2,"B":3}',
      '{"B":3,"a":2,"渝":1}',
    ],
    ['keeps a row called __proto__ as data', '{"b":1,"__proto__":{"z":1,"a":2}}', '{"__proto__":{"a":2,"z":1},"b":1}'],
    ['keeps rows called constructor and toString', '{"toString":1,"constructor":2}', '{"constructor":2,"toString":1}'],
    ['sorts numbers as text, like every other key', '{"9":1,"10":2}', '{"10":2,"9":1}'],
    ['writes plain values as JSON does', '["",0,-1.5,false,null]', '["",0,-1.5,false,null]'],
  ]
  test.each(rows)('%s', (_, value, canonical) => expect(canonicalJson(json(value))).toBe(canonical))

  test('gives equal bytes to equal values, in whatever order they were written', () => {
    const key = fc.oneof(fc.constantFrom('__proto__', '9', '10', 'a', 'A', '渝'), fc.string())
    fc.assert(fc.property(fc.uniqueArray(fc.tuple(key, fc.jsonValue()), { selector: ([name]) => name }), (entries) => {
      const [there, back] = [Object.fromEntries(entries), Object.fromEntries([...entries].reverse())]
      expect(canonicalJson(there)).toBe(canonicalJson(back))
      expect(json(canonicalJson(there))).toEqual(json(JSON.stringify(there)))
    }))
  })

  test('has the fingerprint that sha256sum and other languages give the same text', () => {
    const value = json('{"b":[1,2,{"z":null,"a":true}],"a":"渝"}')
    expect(sha256(canonicalJson(value))).toBe('0139c6dc17cadef0774cf9fd3a2797674666c6a465ea88adaeebd349a9fb55cb')
  })

  test('order by code units does not ask the language of the machine', () => {
    expect(['ä', 'z', '10', 'Z', '9', '江', 'a'].sort(byCodeUnits)).toEqual(['10', '9', 'Z', 'a', 'z', 'ä', '江'])
    expect(byCodeUnits('a', 'a')).toBe(0)
  })
})

describe('a merge patch, by the rules of RFC 7396', () => {
  // what, original, patch, result: the kinds of case that its appendix lists
  const rows: [string, string, string, string][] = [
    ['a member is replaced', '{"staffed":4}', '{"staffed":7}', '{"staffed":7}'],
    ['a member is added beside the others', '{"staffed":4}', '{"held":1}', '{"staffed":4,"held":1}'],
    ['null removes a member', '{"staffed":4}', '{"staffed":null}', '{}'],
    ['null removes only the member it names', '{"staffed":4,"held":1}', '{"held":null}', '{"staffed":4}'],
    ['null for a member that is not there changes nothing', '{"staffed":4}', '{"held":null}', '{"staffed":4}'],
    ['a list gives way to a word', '{"needs":["dialysis"]}', '{"needs":"none"}', '{"needs":"none"}'],
    ['a word gives way to a list', '{"needs":"none"}', '{"needs":["dialysis"]}', '{"needs":["dialysis"]}'],
    [
      'objects merge to any depth', '{"pools":{"p":{"staffed":4,"held":1},"q":{"held":2}}}',
      '{"pools":{"p":{"staffed":5,"held":null}}}', '{"pools":{"p":{"staffed":5},"q":{"held":2}}}',
    ],
    ['lists never merge, not even lists of objects', '{"rows":[{"a":1},{"b":2}]}', '{"rows":[3]}', '{"rows":[3]}'],
    ['null inside a list stays, for a list is taken whole', '{"rows":[1]}', '{"rows":[null,2]}', '{"rows":[null,2]}'],
    ['a list gives way to another', '["a","b"]', '["c"]', '["c"]'],
    ['an object gives way to a list', '{"a":1}', '["c"]', '["c"]'],
    ['an object gives way to null', '{"a":1}', 'null', 'null'],
    ['an object gives way to a word', '{"a":1}', '"bar"', '"bar"'],
    ['null that was there before stays', '{"pool":null}', '{"place":"hub"}', '{"pool":null,"place":"hub"}'],
    ['an object takes the place of a list, without the nulls', '[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['an object takes the place of a number', '{"a":7}', '{"a":{"b":1,"c":null}}', '{"a":{"b":1}}'],
    [
      'an object that is new comes without its nulls, empty if need be', '{}', '{"a":{"b":{"c":null}}}',
      '{"a":{"b":{}}}',
    ],
    ['an empty patch changes nothing', '{"a":[1]}', '{}', '{"a":[1]}'],
    [
      'a member called __proto__ is a member like others', '{"a":1}', '{"__proto__":{"b":2}}',
      '{"a":1,"__proto__":{"b":2}}',
    ],
    [
      'a member called __proto__ merges', '{"__proto__":{"b":2,"c":3}}', '{"__proto__":{"b":null,"d":4}}',
      '{"__proto__":{"c":3,"d":4}}',
    ],
    ['a member called __proto__ can be removed', '{"a":1,"__proto__":{"b":2}}', '{"__proto__":null}', '{"a":1}'],
    [
      'constructor is not looked up where nobody wrote it', '{}', '{"constructor":{"prototype":{"x":1}}}',
      '{"constructor":{"prototype":{"x":1}}}',
    ],
  ]
  test.each(rows)('%s', (_, original, patch, result) => {
    const before = json(original)
    // As text, for a comparison of objects overlooks a member called __proto__.
    expect(JSON.stringify(mergePatch(before, json(patch)))).toBe(result)
    expect(JSON.stringify(before)).toBe(original)
    expect(({} as Record<string, unknown>)['b']).toBeUndefined()
  })
})

describe('the lot', () => {
  test('is drawn by the seed of the day and the case alone, as anybody can repeat with sha256sum', () => {
    // printf 'chongqing-2020-01-30\0yubei-0007' | sha256sum | cut -c1-12  ->  1dbf18784fc0
    expect(lotOf({ seed: 'chongqing-2020-01-30', id: 'yubei-0007' })).toBe(0x1dbf18784fc0)
    expect(lotOf({ seed: 'chongqing-2020-01-30', id: '渝北-0007' })).toBe(135017607943888)
    expect(lotOf({ seed: 'another', id: 'yubei-0007' })).toBe(209094947316585)
  })

  test('tells seed and case apart where their letters run together', () => {
    expect(lotOf({ seed: 'a', id: 'bc' })).not.toBe(lotOf({ seed: 'ab', id: 'c' }))
  })

  test('favours nobody: over 2000 cases the numbers spread evenly, and another seed draws anew', () => {
    const ids = Array.from({ length: 2000 }, (_, i) => `south-${i}`)
    const drawn = (seed: string) => ids.map((id) => lotOf({ seed, id }) / 2 ** 48)
    const quarters = [0, 1, 2, 3].map((q) => drawn('today').filter((lot) => Math.floor(lot * 4) === q).length)
    for (const count of quarters) expect(Math.abs(count - 500)).toBeLessThan(80)
    // South-0 draws before south-1 today or not: over seeds it must be about half of the time.
    const days = Array.from({ length: 400 }, (_, day) => `${day}`)
    const first = days.filter((seed) => lotOf({ seed, id: 'south-0' }) < lotOf({ seed, id: 'south-1' }))
    expect(Math.abs(first.length - 200)).toBeLessThan(60)
  })
})

describe('distance over ground', () => {
  const beijing = { longitude: 116.4074, latitude: 39.9042 }
  const equator = { longitude: 100, latitude: 0 }
  const rows: [string, { longitude: number; latitude: number }, { longitude: number; latitude: number }, number][] = [
    ['from Beijing to Shanghai, 1067 km', beijing, { longitude: 121.4737, latitude: 31.2304 }, 1067],
    [
      'from Chongqing to Chengdu, 264 km', { longitude: 106.5516, latitude: 29.563 },
      { longitude: 104.0668, latitude: 30.5728 }, 264,
    ],
    [
      'from London to New York, 5570 km', { longitude: -0.1278, latitude: 51.5074 },
      { longitude: -74.006, latitude: 40.7128 }, 5570,
    ],
    ['from the equator to the pole, 10 008 km', equator, { longitude: 17, latitude: 90 }, 10008],
    ['a degree along the equator, 111.2 km', equator, { longitude: 101, latitude: 0 }, 111.2],
    [
      'a degree along the 60th parallel, half of that', { longitude: 100, latitude: 60 },
      { longitude: 101, latitude: 60 }, 55.6,
    ],
    ['to the other side of the Earth, 20 015 km', equator, { longitude: -80, latitude: 0 }, 20015],
  ]
  test.each(rows)('%s', (_, from, to, km) => {
    expect(Math.abs(greatCircleKm(from, to) - km) / km).toBeLessThan(0.01)
    expect(greatCircleKm(to, from)).toBeCloseTo(greatCircleKm(from, to), 9)
  })
  test('is nought to where one is', () => expect(greatCircleKm(beijing, beijing)).toBe(0))
})

describe('small words of the house', () => {
  const words = { severe: text('重型', 'severe'), critical: text('危重型', 'critical') }
  test('a vocabulary lists its keys as written and takes no other word', () => {
    expect(keysOf(words)).toEqual(['severe', 'critical'])
    for (
      const [word, isTaken] of [
        ['severe', true], ['Severe', false], ['重型', false], ['toString', false], ['', false],
      ] as const
    ) {
      expect(wordSchema(words).safeParse(word).success, word).toBe(isTaken)
    }
  })
  test('texts join in both languages, each with its own comma', () => {
    expect(joinTexts([words.severe, words.critical])).toEqual(text('重型、危重型', 'severe, critical'))
    expect(joinTexts([])).toEqual(text('', ''))
  })
  test('a limit allows its figure; unknown allows nothing; not tracked allows everything', () => {
    expect([7, 0, 'unknown' as const, 'notTracked' as const].map(allowedBy)).toEqual([
      7, 0, 0, Number.POSITIVE_INFINITY,
    ])
    expect([0, 'unknown' as const, 'notTracked' as const].map(isKnown)).toEqual([true, false, false])
    expect([sum([]), sum([3, 5, -1])]).toEqual([0, 7])
  })
  test('a broken promise of the program throws and says what should have been true', () => {
    expect(() => invariant(false, 'a bed has a place')).toThrow('a bed has a place')
    expect(() => mustGet(new Map([['V1', 3]]), 'V2', 'vehicle')).toThrow(/vehicle V2/)
    expect(mustGet(new Map([['V1', 0]]), 'V1', 'vehicle')).toBe(0)
  })
})

describe('a count in English', () => {
  const rows: [number, string, string][] = [
    [2, 'people', '2 people'], [1, 'people', '1 person'], [0, 'people', '0 people'], [1, 'more people', '1 more person'],
    [1, 'usable severe beds of Women’s Hospitals, block A', '1 usable severe bed of Women’s Hospitals, block A'],
    [1, 'trips an hour', '1 trip an hour'], [3, 'trips an hour', '3 trips an hour'], [1, 'per mille', '1 per mille'],
    [1, 'negative-pressure ambulances for the two wards', '1 negative-pressure ambulance for the two wards'],
    [-1, 'minutes', '-1 minute'], [1, '', '1 '],
  ]
  test.each(rows)('%i of %s is %s', (count, many, said) => expect(counted(count, many)).toBe(said))
})

import { describe, expect, test } from 'vitest'
import { cutTo, padLeft, padRight, widthOf, wrap } from '../src/interop/print/columns.js'
import { printed } from '../src/cli/screen.js'
import { heading, LINE_COLUMNS, paragraph, table } from '../src/interop/print/layout.js'
import { visible, visibleJson } from '../src/kernel/safeText.js'

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

describe('width', () => {
  test.each([
    ['', 0],
    ['T1', 2],
    ['甲县', 4],
    ['甲县-0001', 9],
    ['（）：', 6],
    ['—→“”', 4],
    ['e\u0301', 1],
    ['\u{20000}', 2],
  ])('%s takes %i columns', (text, width) => expect(widthOf(text)).toBe(width))

  test('pads to columns, not characters', () => {
    expect(padRight('甲县', 6)).toBe('甲县  ')
    expect(padLeft('甲县', 6)).toBe('  甲县')
    expect(padLeft('甲县', 3)).toBe('甲县')
  })

  test.each([
    ['甲县人民医院', 5, '甲县…'],
    ['甲县人民医院', 6, '甲县…'],
    ['甲县', 4, '甲县'],
  ])('cuts %s to %i columns', (text, width, cut) => expect(cutTo(text, width)).toBe(cut))

  test.each([
    ['东部中心医院，有床。', 7, ['东部中', '心医', '院，有', '床。']],
    ['a bed of the level', 8, ['a bed of', 'the', 'level']],
    ['incomprehensibilities of', 8, ['incomprehensibilities', 'of']],
    ['', 8, ['']],
  ])('wraps %s', (text, width, lines) => expect(wrap(text, width)).toEqual(lines))

  test('wrapping loses nothing but spaces', () => {
    const text = '由（甲县）至“东部”；why: (the level) at 6%，（'
    expect(wrap(text, 6).join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
  })
})

describe('layout', () => {
  test('columns stand below each other whatever the script', () => {
    const lines = table({
      rows: [
        ['甲县', '1', 'x'],
        ['Jia', '10', 'y'],
      ],
      align: ['left', 'right'],
    }).map((line) => line.text)
    expect(lines).toEqual(['  甲县   1  x', '  Jia   10  y'])
  })

  test('a long last column is wrapped below itself', () => {
    const lines = table({ rows: [['甲县', '床'.repeat(100)]] }).map((line) => line.text)
    expect(lines.length).toBe(2)
    expect(lines.every((line) => widthOf(line) <= LINE_COLUMNS)).toBe(true)
    expect(lines[1]?.startsWith('        床')).toBe(true)
  })

  test('bold is for headings and only when asked', () => {
    const lines = [heading('A'), ...paragraph('b')]
    expect(printed(lines, { bold: true })).toBe('\u001b[1mA\u001b[22m\nb\n')
    expect(printed(lines, { bold: false })).toBe('A\nb\n')
  })
})

describe('what could steer a terminal', () => {
  test.each([
    ['\u001b', '\\u{1b}'],
    ['a\nb', 'a\\u{a}b'],
    ['\u009b', '\\u{9b}'],
    ['\u202e', '\\u{202e}'],
    ['\u2066', '\\u{2066}'],
    ['\u2028', '\\u{2028}'],
    ['\ud800', '\\u{d800}'],
    ['𠮷 é 甲', '𠮷 é 甲'],
  ])('%j is shown as %s', (text, shown) => expect(visible(text)).toBe(shown))

  test('JSON keeps its value and hides nothing', () => {
    const value = { name: `甲\u001b[31m\u202e\u009b\u{e0001}\u2028` }
    const json = visibleJson(value)
    expect(JSON.parse(json)).toEqual(value)
    expect(UNPRINTABLE.test(json.replaceAll('\n', ''))).toBe(false)
  })
})

import type { Language } from '../kernel/text.js'
import type { Problem } from './problem.js'

/** One problem as one line: where, what stands there, what would be right. */
export function problemLine(problem: Problem, language: Language): string {
  const { file, row, column, got, want } = problem
  if (language === 'zh') {
    const where = [file, row === null ? '' : `第 ${row} 行`, column === null ? '' : `${column} 列`]
    return `${where.filter((part) => part !== '').join(' ')}：现为${got === '' ? '空' : `“${got}”`}；${want.zh}`
  }
  const where = [file, row === null ? '' : `row ${row}`, column === null ? '' : `column ${column}`]
  return `${where.filter((part) => part !== '').join(', ')}: found ${got === '' ? 'nothing' : `"${got}"`}; ${want.en}`
}

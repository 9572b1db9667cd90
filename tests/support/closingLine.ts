import type { Reporter, TestModule } from 'vitest/node'

/** Ends a run with plain lines, whatever the other reporters print: which databases ran, and `N passed, N failed`. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0, pending: 0 }
    const databases = new Set<string>()
    for (const module of modules) {
      for (const { name } of module.children.allSuites()) {
        if (name === 'embedded' || name === 'postgres') databases.add(name)
      }
      // A file that could not be loaded has no tests to count, and has failed.
      if (module.state() === 'failed' && module.children.size === 0) counts.failed += 1
      for (const test of module.children.allTests()) counts[test.result().state] += 1
    }
    // A run that was stopped before its first file has passed nothing.
    if (modules.length === 0) counts.failed = Math.max(1, counts.failed)
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
    // After the summary of the default reporter, which writes when this call has returned.
    const ran = databases.size > 0 ? `databases: ${[...databases].sort().join(', ')}\n` : ''
    const total = `${counts.passed} passed, ${counts.failed} failed${skipped}\n`
    process.once('exit', () => process.stdout.write(ran + total))
  }
}

import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Run from dist/, as everything is: `vitest --config dist/tests/vitest.config.js`. */
export default defineConfig({
  test: {
    root: '.',
    dir: 'dist/tests',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    globalSetup: ['dist/tests/support/databaseSetup.js'],
    // Each process may hold an embedded database of half a gigabyte. With more of them than cores, or with files that
    // share a process, the run took longer in all.
    maxWorkers: Math.min(4, availableParallelism()),
    // Only what declares tests goes through vitest; to read all else that way took more than twice as long as Node does.
    server: { deps: { external: [/\/dist\/(?:src|tests\/(?:support|campaigns))\//] } },
  },
})

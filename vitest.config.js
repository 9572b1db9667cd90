import { availableParallelism } from 'node:os'

export default {
  test: {
    dir: 'dist/tests',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    globalSetup: ['dist/tests/support/databaseSetup.js'],
    // Each process may hold an embedded database of half a gigabyte.
    maxWorkers: Math.min(4, availableParallelism()),
  },
}

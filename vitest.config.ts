import { defineConfig } from 'vitest/config';

// Tests with sockets and other programs are repeated once: a busy machine makes those late. Which ones
// needed it is told by `scripts/second-attempts-reporter.js`.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          // Modules hold no mutable state, so files may share a worker: far faster.
          isolate: false,
          // Property tests take their time on a busy machine; speed is what benchmarks are for.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          pool: 'forks',
          retry: 1,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          pool: 'forks',
          retry: 1,
        },
      },
    ],
  },
});

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/real-parts.ts'],
    reporters: ['default', 'test/support/closing-line.ts'],
    // Much of the time goes into waiting for child processes: two files at once on the smallest machine.
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

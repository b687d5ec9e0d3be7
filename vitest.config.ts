import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';
import { sdkDefaults } from './test/support/sdk-defaults.ts';

/** Those that show what happens the first time in a process. */
const apart = ['test/local/iam-tables.test.ts'];

export default defineConfig({
  test: {
    setupFiles: ['test/support/seeded.ts'],
    globalSetup: ['test/support/real-parts.ts', 'test/support/kept-directory.ts'],
    reporters: ['default', 'test/support/closing-line.ts'],
    // Much of the time goes into waiting for child processes: three files at once on the smallest machine.
    maxWorkers: Math.max(3, availableParallelism()),
    // A world makes much that is soon forgotten; MB.
    execArgv: ['--max-semi-space-size=64'],
    env: sdkDefaults,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'apart',
          include: apart,
        },
      },
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: apart,
          // File after file in warm processes, as nothing is mocked: the SDK is loaded and compiled once.
          isolate: false,
        },
      },
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // How long something may take that is looked for again and again, on a busy machine as well.
    expect: { poll: { timeout: 30_000 } },
  },
});

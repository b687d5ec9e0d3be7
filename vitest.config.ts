import { availableParallelism } from 'node:os';
import { sdkDefaults } from 'local-cloud/kit/sdk-defaults.ts';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

/** Those that show what happens the first time in a process. */
const apart = ['local/cloud/test/iam/tables.test.ts'];

const setupFiles = ['local/cloud/kit/seeded.ts'];

/** `npm test`: the product's tests, and those of the local cloud (`npm test -w local/cloud` is the latter alone). */
export default defineConfig({
  test: {
    setupFiles,
    globalSetup: ['local/cloud/kit/real-parts.ts', 'test/support/kept-directory.ts'],
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
        test: { name: 'apart', include: apart },
      },
      {
        extends: true,
        test: {
          name: 'cloud',
          include: ['local/cloud/test/**/*.test.ts'],
          exclude: apart,
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'product',
          include: ['test/**/*.test.ts'],
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

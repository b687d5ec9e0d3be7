import { availableParallelism } from 'node:os';
import { sdkDefaults } from 'local-cloud/kit/sdk-defaults.ts';
import { defineConfig } from 'vitest/config';
import { leftOut } from '#test/support/long.ts';
import { LongestFirst } from '#test/support/longest-first.ts';

/** Those that show what happens the first time in a process. */
const apart = ['local/cloud/test/iam/tables.test.ts'];

/** From what costs least to what costs most; `npm test -- --project unit` plays one of them. What each means: CONTRIBUTING.md. */
const tiers = [
  ['unit', 'test/unit/**/*.test.ts'],
  ['wire', 'test/wire/**/*.test.ts'],
  ['path', 'test/path/**/*.test.ts'],
  ['faults', 'test/faults/**/*.test.ts'],
  ['installed', 'test/installed/**/*.test.ts'],
  ['house', 'test/house/**/*.test.ts'],
  ['cloud', 'local/cloud/test/**/*.test.ts'],
] as const;

/**
 * `npm test`: the product's tests, and those of the local cloud (`npm test -w local/cloud` is the latter alone), without what
 * takes long; `npm run test:all` plays that too.
 */
export default defineConfig({
  test: {
    setupFiles: ['local/cloud/kit/seeded.ts'],
    globalSetup: ['local/cloud/kit/real-parts.ts', 'test/support/kept-directory.ts'],
    reporters: ['default', './test/support/closing-line.ts'],
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
      ...tiers.map(([name, include]) => ({
        extends: true as const,
        test: {
          name,
          include: [include],
          exclude: [...apart, ...leftOut(process.argv.slice(2))],
          // File after file in warm processes, as nothing is mocked: the SDK is loaded and compiled once.
          isolate: false,
        },
      })),
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // How long something may take that is looked for again and again, on a busy machine as well.
    expect: { poll: { timeout: 30_000 } },
  },
});

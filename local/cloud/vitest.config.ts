import { defineConfig } from 'vitest/config';
import { sdkDefaults } from './kit/sdk-defaults.ts';

export default defineConfig({
  test: {
    name: 'cloud',
    include: ['test/**/*.test.ts'],
    setupFiles: ['kit/seeded.ts'],
    globalSetup: ['kit/real-parts.ts'],
    env: sdkDefaults,
    // File after file in warm processes, as nothing is mocked: the SDK is loaded and compiled once.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

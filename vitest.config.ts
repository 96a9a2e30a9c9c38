import { defineConfig } from 'vitest/config';

const MINUTE_MS = 60_000;

export default defineConfig({
  test: {
    projects: [
      {
        // JSX as the app has it; Vitest reads no Vite config of ours, so that a unit test needs no build step.
        oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}', 'bench/**/*.test.ts'],
          environment: 'node',
          // Every core: by default one is left free, which on two is half of them.
          maxWorkers: '100%',
          // Only against hanging: properties run thousands of cases, on machines of any speed.
          testTimeout: MINUTE_MS,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.e2e.ts'],
          environment: 'node',
          globalSetup: ['test/support/build-pages.ts'],
          // Every file drives browsers, and waits for them most of the time; more than two at once are too much memory.
          maxWorkers: 2,
          testTimeout: 2 * MINUTE_MS,
          hookTimeout: 2 * MINUTE_MS,
          retry: 0,
        },
      },
    ],
  },
});

import type { Reporter, TestModule } from 'vitest/node';
import { leftOut } from './long.ts';

/** Ends the output with the counts on a line of their own, for programs that read it. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === 'pending' ? 'skipped' : state] += 1;
      }
      // A file that cannot be loaded has no tests to fail.
      if (module.state() === 'failed' && module.errors().length > 0) counts.failed += 1;
    }
    const { passed, failed, skipped } = counts;
    const left = leftOut(process.argv.slice(2)).length;
    if (left > 0)
      console.log(`\n${left} long files are left to CI: "npm run test:all" plays them.`);
    console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
}

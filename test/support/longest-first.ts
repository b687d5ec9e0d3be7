import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What takes longest, so that no file is left over in the end that one core works on alone. Without this,
 * a clean checkout would begin with the largest files, which are not the longest ones.
 */
const longest: readonly string[] = [
  'test/faults/',
  'test/installed/demo/',
  'test/installed/infra/app.test.ts',
  'test/installed/demo/synth.test.ts',
  'test/installed/rights/',
  'test/house/check.test.ts',
  'test/path/',
  'local/cloud/test/clouds/',
  'test/installed/infra/',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const path = relative(this.ctx.config.root, moduleId);
      const found = longest.findIndex((start) => path.startsWith(start));
      return found < 0 ? longest.length : found;
    };
    const sorted = await super.sort(files);
    const isApart = ({ project }: TestSpecification) => (project.config.isolate ? 0 : 1);
    return sorted.toSorted((a, b) => isApart(a) - isApart(b) || place(a) - place(b));
  }
}

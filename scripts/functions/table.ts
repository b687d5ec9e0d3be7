import { largestBundleBytes } from '#infra/bundle-sizes.ts';
import { type BundleName, bundleNames } from '#shared/installation.ts';
import type { Measured } from './measure.ts';

/** The table of docs/performance.md; a KB is 1,000 bytes. */
export function sizeTable({ date, node, cores, runs, emptyMs, functions }: Measured): string {
  const row = (name: BundleName) => {
    const { bytes, gzipBytes, initMs } = functions[name];
    const cells = [kilobytes(bytes), kilobytes(largestBundleBytes[name]), kilobytes(gzipBytes)];
    return `| ${name} | ${cells.join(' | ')} | ${Math.round(initMs)} |`;
  };
  return [
    '| function | KB | limit | KB gzipped | init ms |',
    '|---|---|---|---|---|',
    ...bundleNames.map(row),
    '',
    `${date}, Node ${node}, ${cores} cores, medians of ${runs}; an empty process took ${Math.round(emptyMs)} ms.`,
  ].join('\n');
}

function kilobytes(bytes: number): string {
  return (bytes / 1_000).toFixed(0);
}

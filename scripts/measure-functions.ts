import { readFile, writeFile } from 'node:fs/promises';
import { type Measured, measureFunctions } from './functions/measure.ts';
import { sizeTable } from './functions/table.ts';

/**
 * Measures what a function loads before its first line runs. `--page` writes it into docs/performance.md; `--json` prints one
 * JSON object on the last line.
 */
const page = new URL('../docs/performance.md', import.meta.url);
const [begin, end] = ['<!-- functions: begin -->', '<!-- functions: end -->'];

if (!process.version.startsWith('v24.')) {
  throw new Error(
    `this is Node ${process.version}: "npm run bench:functions" takes the pinned one`,
  );
}
const measured = measureFunctions();
const table = sizeTable(measured);
console.log(table);
if (process.argv.includes('--page')) await writeIntoPage(table);
if (process.argv.includes('--json')) console.log(JSON.stringify(measured satisfies Measured));

async function writeIntoPage(text: string): Promise<void> {
  const [before, rest] = (await readFile(page, 'utf8')).split(begin);
  const [, after] = rest?.split(end) ?? [];
  if (after === undefined)
    throw new Error(`docs/performance.md has no place between ${begin} and ${end}`);
  await writeFile(page, `${before}${begin}\n${text}\n${end}${after}`);
}

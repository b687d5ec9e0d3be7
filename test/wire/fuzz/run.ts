import { parseArgs } from 'node:util';
import { fuzzes } from './fuzzes.ts';
import { playInChild } from './in-child.ts';
import { findingsIn, lineOf } from './verdict.ts';

/**
 * Plays what `fuzz.test.ts` plays a little of, each in a process of its own: `npm run fuzz -- --seed 1 --count 50000 --only
 * crl-signed`. Ends with 1 where an error had no name, or memory grew by more than 64 MiB.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string' },
    only: { type: 'string', multiple: true },
  },
});
const chosen = fuzzes.filter(({ name }) => !values.only || values.only.includes(name));
const say = (line: string) => void process.stdout.write(`${line}\n`);
if (chosen.length === 0) {
  say(`fuzz: there is none of that name; there are ${fuzzes.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const findings: string[] = [];
for (const fuzz of chosen) {
  const count = values.count === undefined ? fuzz.usual : Number(values.count);
  const played = await playInChild(fuzz, { seed: Number(values.seed), count });
  say(lineOf(played));
  findings.push(...findingsIn(played));
}
for (const finding of findings) say(`FINDING ${finding}`);
say(`${chosen.length} played with seed ${values.seed}, ${findings.length} findings`);
process.exitCode = findings.length > 0 ? 1 : 0;

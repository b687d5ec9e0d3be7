import { parseArgs } from 'node:util';
import { combination } from './combination.ts';

/** `npm run freedoms -- --seed 1000 --count 2000`: combinations of freedoms by chance, from a seed on. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1000' },
    count: { type: 'string', default: '2000' },
  },
});
const first = Number(values.seed);
const count = Number(values.count);
const outcomes = new Map<string, number>();
let wrong = 0;
for (let seed = first; seed < first + count; seed += 1) {
  const { played, problems, taken } = await combination(seed);
  outcomes.set(played.outcome, (outcomes.get(played.outcome) ?? 0) + 1);
  if (problems.length === 0) continue;
  wrong += 1;
  console.log(`${seed}: ${taken.join(', ')}\n  ${problems.join('\n  ')}`);
}
console.log(`${count} combinations from seed ${first} on, ${wrong} not as expected`);
for (const [outcome, times] of outcomes) console.log(`  ${String(times).padStart(5)} ${outcome}`);
process.exitCode = wrong > 0 ? 1 : 0;

import { parseArgs } from 'node:util';
import type { Story } from './act.ts';
import { type Played, play } from './play.ts';
import { storyOf } from './story.ts';
import { tally } from './tally.ts';

/**
 * Draws and plays listeners as `fixed-*.test.ts` does, as many as are asked for, and prints what became of them: `npm run
 * listeners -- --seed 1 --count 100`. With `--show` each story, and what the record and people were told.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '100' },
    show: { type: 'boolean', default: false },
  },
});
const first = Number(values.seed);
const count = Number(values.count);
const startedAt = performance.now();
const table = tally();
const say = (line: string) => void process.stdout.write(`${line}\n`);

let bad = 0;
for (let seed = first; seed < first + count; seed += 1) {
  const story = storyOf(seed);
  const played = await play(story);
  table.add(story, played);
  if (values.show) say(JSON.stringify({ story, acts: played.acts.map(shown) }, null, 1));
  if (played.violations.length === 0) continue;
  bad += 1;
  say(`VIOLATION with seed ${seed}: ${titleOf(story)}`);
  for (const violation of played.violations) say(`  ${violation}`);
}
say(table.text());
const seconds = Math.round((performance.now() - startedAt) / 1_000);
const { user, system } = process.cpuUsage();
const cpuMs = Math.round((user + system) / 1_000 / count);
say(`${count} cases in ${seconds} s, ${cpuMs} ms of CPU each; ${bad} violated something`);
process.exitCode = bad > 0 ? 1 : 0;

function titleOf({ kind, position, names, acts }: Story): string {
  const told = acts.map(({ do: what, isStuck, change, atCall, diesAfter }) => {
    const by = change ? ` ${change.do} by hand${atCall ? ` at call ${atCall}` : ''}` : '';
    return `${what}${isStuck ? ' not served' : ''}${by}${diesAfter ? ` dies after ${diesAfter}` : ''}`;
  });
  return `${kind} ${position} for ${names.join(', ')}: ${told.join(', ')}`;
}

function shown({ deployment, held, changes, events }: Played['acts'][number]) {
  return {
    deployment,
    held,
    changes: changes.map(({ operation, arn }) => `${operation} ${arn}`),
    told: events.map(({ type, details }) => `${type} ${details.error} ${details.message}`),
  };
}

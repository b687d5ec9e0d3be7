import { parseArgs } from 'node:util';
import type { NamedCall } from '../calls.ts';
import type { Setting } from '../setting.ts';
import { settings } from '../settings.ts';
import { prepareProcess } from '../start-setting.ts';
import { checkedOut, releaseIn } from './checkout.ts';
import { type Drilled, drill, type Turn, type Way } from './drill.ts';
import { pointsOf } from './points.ts';
import { releaseBefore } from './release-before.ts';

/*
 * Installs the previous release in the local cloud and this one over it while work is under way, and the reverse: at each
 * kind of change that a function makes. That must not cause anything to be issued, imported, lost or reported.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Parts of the names of calls; all unless given. */
    call: { type: 'string', multiple: true },
    way: { type: 'string', multiple: true },
    run: { type: 'string', multiple: true },
    setting: { type: 'string', multiple: true },
    names: { type: 'boolean', default: false },
    /** Where this clone has no history, nothing is played. */
    'if-there': { type: 'boolean', default: false },
  },
});
const startedAt = performance.now();
const ways: readonly Way[] = ['forward', 'back'];
const runs: readonly Turn['run'][] = ['dies', 'goes-on'];
const isAsked = (asked: readonly string[] | undefined, name: string) =>
  asked === undefined || asked.some((each) => name.includes(each));

prepareProcess();
const place = placeOf();
if (place === null) process.exit(0);
const before = await releaseIn(place);
const found: string[] = [];
let turns = 0;
for (const setting of settings.filter(({ name }) => isAsked(values.setting, name))) {
  for (const way of ways.filter((each) => isAsked(values.way, each))) {
    const quiet = await drill(setting, before, { way, at: null, run: 'dies' });
    note(`${setting.name}, ${way}, without a turn`, quiet.violations);
    const points = pointsOf(quiet.calls).filter(({ id }) => isAsked(values.call, id));
    if (values.names) for (const { id } of points) console.log(`${way}: ${id}`);
    for (const point of values.names ? [] : points) await turnAt(setting, way, { point, quiet });
  }
}
const seconds = Math.round((performance.now() - startedAt) / 1_000);
console.log(`${turns} turns in ${seconds} s`);
console.log(
  values.json
    ? JSON.stringify({ before: releaseBefore, turns, violations: found.length })
    : `${found.length} violations`,
);
process.exitCode = found.length > 0 ? 1 : 0;

function placeOf(): string | null {
  try {
    return checkedOut(releaseBefore);
  } catch (error) {
    if (!values['if-there']) throw error;
    console.log(`NOT PLAYED: ${releaseBefore} is not in this clone (${(error as Error).message})`);
    return null;
  }
}

type Point = { readonly point: NamedCall; readonly quiet: Drilled };

async function turnAt(setting: Setting, way: Way, { point, quiet }: Point): Promise<void> {
  for (const run of runs.filter((each) => isAsked(values.run, each))) {
    turns += 1;
    const what = `${way} at ${point.id}, whose run ${run === 'dies' ? 'dies' : 'goes on'}`;
    try {
      const drilled = await drill(setting, before, { way, at: point.id, run });
      const more = drilled.imports - quiet.imports;
      note(what, [
        ...drilled.violations,
        ...(drilled.turned ? [] : ['the call did not come']),
        ...(more > 0 ? [`${more} imports more than without a turn`] : []),
      ]);
    } catch (error) {
      note(what, [`this drill broke off: ${(error as Error).message}`]);
    }
  }
}

function note(what: string, violations: readonly string[]): void {
  if (violations.length === 0) return;
  console.log(`VIOLATION ${what}`);
  for (const violation of violations) console.log(`  ${violation}`);
  found.push(...violations);
}

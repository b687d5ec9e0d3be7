import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { sdkDefaults } from 'local-cloud/kit/sdk-defaults.ts';
import { writePage } from './page.ts';
import { partsOf } from './parts.ts';
import type { Row } from './play.ts';
import { lineOf } from './row-text.ts';
import { silenceStage } from './stage.ts';

/*
 * Stops one part of an installation after the other, each in a cloud of its own, and waits for somebody to hear of it:
 * `npm run silence`, with `-- --part NAME` for some of them, `--page` to write docs/reliability-silence.md, and `--json`.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
    /** Parts of the names of parts; all unless given. */
    part: { type: 'string', multiple: true, default: [] },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
});
Object.assign(process.env, sdkDefaults);
/** Worlds leave much behind: a process plays so many. */
const playsEach = 20;
const startedAt = performance.now();

type Answer = { readonly index: number; readonly row?: Row; readonly problem?: string };

const rows = new Map<number, Row>();
const problems: string[] = [];
const names = await namesOfParts();
const waiting = names.flatMap((name, index) =>
  values.part.length === 0 || values.part.some((each) => name.includes(each)) ? [index] : [],
);
const count = waiting.length;
console.log(`${count} of ${names.length} parts are stopped, each in a cloud of its own`);
await Promise.all(Array.from({ length: Number(values.jobs) }, work));
const all = [...rows].sort(([a], [b]) => a - b).map(([, row]) => row);
const silent = all.filter(({ verdict }) => verdict !== 'told' && verdict !== 'unneeded');
if (values.page) writePage(all);
for (const problem of problems) console.log(`BROKEN OFF ${problem}`);
const seconds = Math.round((performance.now() - startedAt) / 1_000);
const told = all.filter(({ verdict }) => verdict === 'told').length;
const summary = { parts: all.length, told, unneeded: all.length - told - silent.length };
const found = { ...summary, silent: silent.length + problems.length, seconds };
console.log(
  values.json ? JSON.stringify(found) : `${found.silent} parts stop in silence, ${seconds} s`,
);
process.exitCode = found.silent > 0 ? 1 : 0;

async function namesOfParts(): Promise<readonly string[]> {
  const stage = await silenceStage();
  try {
    return partsOf(stage).map(({ name }) => name);
  } finally {
    await stage.close();
  }
}

async function work(): Promise<void> {
  while (waiting.length > 0) {
    const child = fork(new URL('./worker.ts', import.meta.url));
    for (let plays = 0; plays < playsEach; plays += 1) {
      const index = waiting.shift();
      if (index === undefined) break;
      note(await ask(child, index));
      if (!child.connected) break;
    }
    if (child.connected) child.disconnect();
  }
}

async function ask(child: ChildProcess, index: number): Promise<Answer> {
  const over = new AbortController();
  const { signal } = over;
  const answered = once(child, 'message', { signal }).then(([answer]) => answer as Answer);
  const problem = `${names[index]}: its process ended`;
  const ended = once(child, 'exit', { signal }).then((): Answer => ({ index, problem }));
  child.send(index);
  try {
    return await Promise.race([answered, ended]);
  } finally {
    over.abort();
    await Promise.allSettled([answered, ended]);
  }
}

function note({ index, problem, row }: Answer): void {
  if (row) rows.set(index, row);
  if (problem) problems.push(problem);
  const text = row ? lineOf(row) : `${names[index]}: ${problem}`;
  console.log(`${rows.size + problems.length}/${count} ${text}`);
}

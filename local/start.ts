import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parseConfig } from '#shared/config/parse.ts';
import { renderProblems } from '#shared/config/render.ts';
import { startPebble } from './ca/pebble.ts';
import { fleet } from './fleet.ts';
import { lookAround } from './look-around.ts';
import { play } from './play.ts';
import { setStage } from './stage.ts';
import { inbox } from './story/inbox.ts';
import { narrator } from './story/narrator.ts';
import { progress } from './story/progress.ts';
import { reportTable } from './story/report-table.ts';

const usage = `npm start -- [options]
  --config FILE   play this configuration instead of the built-in fleet
  --json          print the result as one JSON object on the last line
  --keep          leave the cloud running to look around in; ends with Ctrl-C
  --pebble FILE   issue with this pebble binary instead of the local CA`;

const { values: options } = parseArgs({
  options: {
    config: { type: 'string' },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    pebble: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const source = options.config ?? 'local/fleet.yaml';
  const text = options.config ? await readFile(options.config, 'utf8') : fleet.configText;
  const parsed = parseConfig(text, source);
  if (!parsed.ok) {
    console.error(renderProblems(parsed.problems, source));
    return 1;
  }
  const startedAt = performance.now();
  const waiting = progress(startedAt);
  const story = narrator(startedAt, waiting.line);
  waiting.line(`certkeep on a local cloud: ${parsed.config.certificates.length} certificates of ${source}`);
  const { pebble } = options;
  const stage = await setStage({
    source: { text, config: parsed.config },
    ...(options.config ? { past: [] } : { past: fleet.past, foreignTxt: fleet.foreignTxt }),
    ...(pebble && { startCa: (given) => startPebble({ binary: pebble, ...given }) }),
    onLog: story.onLog,
    onStep: story.onStep,
  });
  try {
    const played = await play(stage, waiting.status);
    waiting.end();
    const durationMs = Math.round(performance.now() - startedAt);
    console.log(`\n${reportTable(played.certificates)}\n`);
    console.log(`${inbox(stage.cloud.sns.published())}\n`);
    console.log(verdict(played.ok, durationMs));
    if (options.json) console.log(JSON.stringify({ ...played, durationMs }));
    if (options.keep) await lookAround(stage);
    return played.ok ? 0 : 1;
  } finally {
    waiting.end();
    await stage.close();
  }
}

function verdict(ok: boolean, durationMs: number): string {
  const seconds = (durationMs / 1_000).toFixed(1);
  return ok
    ? `Every endpoint serves what the ledger says (${seconds} s).`
    : `Not every endpoint serves what the ledger says (${seconds} s): see the table and the messages above.`;
}

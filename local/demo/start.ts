import { errorMessage } from '#shared/errors.ts';
import { fleet } from './fleet.ts';
import { inbox } from './output/inbox.ts';
import { narrator } from './output/narrator.ts';
import { progress } from './output/progress.ts';
import { reportTable } from './output/report-table.ts';
import type { Played } from './run.ts';
import type { SettingOptions } from './setting.ts';
import { readSource } from './source.ts';
import { readOptions, type StartOptions, usage } from './start-options.ts';

const options = readOptions(process.argv.slice(2));

if ('problem' in options) {
  console.error(`${options.problem}\n\n${usage}`);
  process.exitCode = 2;
} else if (options.help) {
  console.log(usage);
} else {
  process.exitCode = await start(options).catch((error) => {
    console.error(`The demonstration failed: ${errorMessage(error)}`);
    return 1;
  });
}

/** Returns the exit status: 0 only if every endpoint serves what the ledger says. */
async function start(options: StartOptions): Promise<number> {
  const source = await readSource(options.config);
  if ('problem' in source) {
    console.error(source.problem);
    return 1;
  }
  if (source.warnings !== null) console.error(source.warnings);
  // Imported late, so that mistakes in the configuration are reported before a cloud is loaded.
  const { startSetting } = await import('./setting.ts');
  const { runFleet } = await import('./run.ts');
  const startedAt = performance.now();
  const waiting = progress(startedAt);
  const story = narrator(startedAt, waiting.line);
  waiting.line(`certkeep on a local cloud: ${source.name}`);
  const { pebble } = options;
  const setting = await startSetting({
    source,
    ...(options.config ? { past: [] } : { past: fleet.past, foreignTxt: fleet.foreignTxt }),
    ...(pebble && { startCa: await pebbleAt(pebble) }),
    onLog: story.onLog,
    onStep: story.onStep,
  });
  try {
    const played = await runFleet(setting, waiting.status);
    waiting.end();
    const durationMs = Math.round(performance.now() - startedAt);
    console.log(`\n${reportTable(played.certificates)}\n`);
    console.log(`${inbox(setting.cloud.sns.published())}\n`);
    console.log(verdict(played.ok, durationMs));
    if (options.json) console.log(jsonLine(played, durationMs));
    if (options.keep) {
      const { keepRunning } = await import('./keep.ts');
      await keepRunning(setting);
    }
    return played.ok ? 0 : 1;
  } finally {
    waiting.end();
    await setting.close();
  }
}

function verdict(ok: boolean, durationMs: number): string {
  const seconds = (durationMs / 1_000).toFixed(1);
  return ok
    ? `Every endpoint serves what the ledger says (${seconds} s).`
    : `Not every endpoint serves what the ledger says (${seconds} s): see the table and the messages above.`;
}

function jsonLine({ ok, certificates }: Played, durationMs: number): string {
  const shown = certificates.map(
    ({ id, reason, issued, served, oldSerial, newSerial, targets }) => ({
      id,
      reason,
      issued,
      served,
      oldSerial,
      newSerial,
      targets,
    }),
  );
  return JSON.stringify({ ok, certificates: shown, durationMs });
}

async function pebbleAt(binary: string): Promise<NonNullable<SettingOptions['startCa']>> {
  const { startPebble } = await import('local-cloud/ca/pebble.ts');
  return (given) => startPebble({ binary, ...given });
}

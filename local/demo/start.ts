import { processTerminal } from '#cli/terminal.ts';
import { cut, folded } from '#cli/text/width.ts';
import type { Config } from '#shared/config/config.ts';
import { errorMessage } from '#shared/errors.ts';
import type { playEverywhere } from './everywhere/play.ts';
import { fleet } from './fleet.ts';
import { inbox, subjects } from './output/inbox.ts';
import { narrator } from './output/narrator.ts';
import { reportTable } from './output/report-table.ts';
import { screen } from './output/screen.ts';
import { type Standing, stageBlock } from './output/stage-block.ts';
import { verdict } from './output/verdict.ts';
import type { CertificateReport } from './report.ts';
import type { Played } from './run.ts';
import { scenarios } from './scenarios/registry.ts';
import type { SettingOptions } from './setting.ts';
import { readSource } from './source.ts';
import { paceText, standIns } from './stand-ins.ts';
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
  if (options.bare) {
    const { keepBare } = await import('./bare.ts');
    await keepBare((step) => options.verbose && console.log(`  ${step}`));
    return 0;
  }
  const source = await readSource(options.config, options.fleet);
  if ('problem' in source) {
    console.error(source.problem);
    return 1;
  }
  const terminal = processTerminal();
  if (source.warnings !== null) {
    const width = terminal.isInteractive ? terminal.width() : Infinity;
    console.error(folded(source.warnings, width));
  }
  // Imported late, so that mistakes in the configuration are reported before a cloud is loaded.
  const { startSetting } = await import('./setting.ts');
  const startedAt = performance.now();
  const { pebble, verbose } = options;
  const shown = screen({ ...terminal, write: (text) => void process.stdout.write(text) });
  const told = narrator(startedAt, verbose ? shown.line : () => undefined);
  shown.line(`certkeep on a local cloud: ${source.name}`);
  shown.line(beforehand(source.config, pebble ? 'a local Pebble' : 'the local CA'));
  const block = (standings: readonly Standing[]) => {
    const seconds = (performance.now() - startedAt) / 1_000;
    shown.block(stageBlock(standings, seconds, { ...terminal, width: terminal.width() }));
  };
  const scenario = options.scenario && (await scenarios[options.scenario]());
  const setting = await startSetting({
    source,
    ...scenario?.options,
    ...surroundings(options),
    ...(pebble && { startCa: await pebbleAt(pebble) }),
    onLog: told.onLog,
    onStep(step) {
      told.onStep(step);
      if (!verbose && terminal.isInteractive) shown.block([cut(`  ${step}`, terminal.width() - 1)]);
    },
  });
  try {
    const stage = { setting, onStandings: block, print: shown.line, width: terminal.width };
    const { more, ok, page, played } = await play(options, stage);
    shown.end();
    const durationMs = Math.round(performance.now() - startedAt);
    const letters = setting.cloud.sns.published();
    console.log(`\n${(verbose ? inbox : subjects)(letters)}\n`);
    console.log(`${page}\n`);
    console.log(verdict(played, durationMs));
    if (options.json) console.log(jsonLine({ ok, durationMs, ...more }, played));
    if (scenario && played.ok) {
      const { playGameDay } = await import('./scenarios/game-day.ts');
      const ended = await playGameDay({ setting, scenario, print: shown.line });
      return ended === 'well' ? 0 : 1;
    }
    if (options.keep) {
      const { keepRunning } = await import('./keep.ts');
      const [first] = played.certificates;
      const port = first?.targets[0]?.port ?? null;
      const isFleet = !options.config && !options.fleet;
      await keepRunning(setting, verbose ? inbox : subjects, { port, isFleet });
    }
    return ok ? 0 : 1;
  } finally {
    shown.end();
    await setting.close();
  }
}

type Ended = {
  readonly ok: boolean;
  readonly played: Played;
  /** What endpoints serve in the end, to be printed. */
  readonly page: string;
  /** What only this play has, for its JSON. */
  readonly more: object;
};

async function play(
  { fleet: named }: Pick<StartOptions, 'fleet'>,
  stage: Parameters<typeof playEverywhere>[0],
): Promise<Ended> {
  if (named === undefined) {
    const { runFleet } = await import('./run.ts');
    const played = await runFleet(stage.setting, stage.onStandings);
    const page = reportTable(played.certificates, stage.width());
    return { ok: played.ok, played, page, more: {} };
  }
  const { playEverywhere } = await import('./everywhere/play.ts');
  const { endPage } = await import('./everywhere/pages.ts');
  const { ok, orders, played, refused } = await playEverywhere(stage);
  const page = endPage({ orders, played, refused }, stage.width());
  const meanwhile = refused.meanwhile.map(shownOf);
  return { ok, played, page, more: { orders, refused: { ...refused, meanwhile } } };
}

/** What there is beside what the configuration names: nothing, but for the usual fleet. */
function surroundings({
  config,
  fleet: named,
  keep,
}: StartOptions): Pick<SettingOptions, 'byHand' | 'foreignTxt' | 'past'> {
  if (config || named) return { past: [] };
  const { byHand, foreignTxt, past } = fleet;
  return { past, foreignTxt, byHand: keep ? byHand : [] };
}

/** What a person should know before the waiting begins. */
function beforehand(config: Config, ca: string): string {
  const pace = paceText(config);
  const lines = standIns(config, ca).map((line) => `  ${line}`);
  return ['In place of what the file names:', ...lines, ...(pace ? [pace] : []), ''].join('\n');
}

function jsonLine(
  { ok, ...more }: { readonly ok: boolean; readonly durationMs: number },
  { certificates }: Played,
): string {
  return JSON.stringify({ ok, certificates: certificates.map(shownOf), ...more });
}

function shownOf(certificate: CertificateReport): object {
  const { id, reason, issued, served, oldSerial, newSerial, targets } = certificate;
  return { id, reason, issued, served, oldSerial, newSerial, targets };
}

async function pebbleAt(binary: string): Promise<NonNullable<SettingOptions['startCa']>> {
  const { startPebble } = await import('local-cloud/ca/pebble.ts');
  return (given) => startPebble({ binary, ...given });
}

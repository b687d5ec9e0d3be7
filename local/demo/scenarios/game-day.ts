import { secondMs, systemClock } from '#shared/time/clock.ts';
import { type Beside, newsOf, whileKept } from '../keep.ts';
import { inbox, isOfBeginning, type Letter } from '../output/inbox.ts';
import { report } from '../report.ts';
import { standingsOf } from '../run.ts';
import type { Setting } from '../setting.ts';
import type { Scenario } from './scenario.ts';

/** How it ended: `well` where health came back and people were told so. */
export type Ended = 'well' | 'nobody-told' | 'interrupted';

export type Stage = {
  readonly setting: Setting;
  readonly scenario: Scenario;
  print(text: string): void;
};

type Acting = Stage & { readonly isOver: () => boolean };

const betweenChecksMs = secondMs;
/** A message that takes longer is not coming. */
const messageWithinMs = 180 * secondMs;

/**
 * Breaks something, shows the message that people get, and waits as long as a person takes to run its command; ends when
 * people are told that all is well again. Check runs all the while, faster than its schedule.
 */
export async function playGameDay(stage: Stage): Promise<Ended> {
  const over = new AbortController();
  return whileKept(stage.setting, ({ interrupted, shell }) =>
    Promise.race([
      act({ ...stage, isOver: () => over.signal.aborted }, shell),
      interrupted.then((): Ended => {
        over.abort();
        stage.print('\nThe game day was interrupted: nothing is well again.');
        return 'interrupted';
      }),
    ]),
  );
}

async function act(stage: Acting, shell: Beside['shell']): Promise<Ended> {
  const { print, scenario, setting } = stage;
  print(beforehand(stage, shell));
  const news = newsOf(setting);
  await scenario.breakIt(setting);
  const brokenAt = performance.now();
  print(`${timeText()}  It is broken. The message comes with the next check.`);
  const isAboutIt = (letters: readonly Letter[]) =>
    letters.some(({ message }) => message.includes(scenario.reason));
  if (!(await untilTold(stage, news, isAboutIt, messageWithinMs))) {
    if (stage.isOver()) return 'interrupted';
    print(`Gave up: for ${secondsSince(brokenAt)} s nobody was told of ${scenario.reason}.`);
    return 'nobody-told';
  }
  const toldAt = performance.now();
  const more = await scenario.afterMessage?.(setting);
  if (more) print(`${timeText()}  ${more}`);
  print(`${timeText()}  Run the command of the message in the other shell, as it stands there.`);
  await untilTold(stage, news, wellAgainIn(stage), Number.POSITIVE_INFINITY);
  print(`${timeText()}  ${await verdict(stage, toldAt)}`);
  return 'well';
}

function beforehand({ scenario }: Stage, shell: Beside['shell']): string {
  return `
Game day: ${scenario.breaks}.
Faster here: ${scenario.hurried}.

Prepare another shell for this cloud:

${shell.join('\n')}
`;
}

/** Prints what people get, whole, and says whether that was it. */
async function untilTold(
  { isOver, print, scenario, setting }: Acting,
  news: () => readonly Letter[],
  isIt: (news: readonly Letter[]) => boolean,
  withinMs: number,
): Promise<boolean> {
  const { dispatcher } = setting;
  const startedAt = performance.now();
  while (!isOver() && performance.now() - startedAt < withinMs) {
    await scenario.hurry?.(setting);
    await dispatcher.invoke('verify', { sweep: true });
    await dispatcher.invoke('check', {});
    await dispatcher.settle();
    const letters = news().filter((letter) => !isOfBeginning(letter));
    const text = inbox(letters);
    if (text !== '') print(`\n${text}\n`);
    if (isIt(letters)) return true;
    await systemClock.sleep(betweenChecksMs);
  }
  return false;
}

/** Says whether people were told so, by now, and whether it is so: of passing trouble they may have heard only in part. */
function wellAgainIn({ scenario, setting }: Stage): (news: readonly Letter[]) => boolean {
  const about = scenario.certificates(setting.config);
  let isTold = false;
  return (letters) => {
    isTold ||= letters.some(({ subject }) => /^(certkeep )?well again: /.test(subject ?? ''));
    const isFailing = standingsOf(setting).some(
      ({ failure, id }) => failure !== null && about.includes(id),
    );
    return isTold && !isFailing;
  };
}

async function verdict({ scenario, setting }: Stage, toldAt: number): Promise<string> {
  const about = scenario.certificates(setting.config);
  const certificates = await report(setting, [], systemClock.now());
  const bad = certificates.filter(({ served }) => !served).map(({ id }) => id);
  const well = `Well again ${secondsSince(toldAt)} s after the message: ${about.join(', ')}.`;
  return bad.length === 0
    ? `${well} Every endpoint serves what the ledger says.`
    : `${well} Not every endpoint serves what the ledger says: ${bad.join(', ')}.`;
}

function secondsSince(at: number): string {
  return ((performance.now() - at) / 1_000).toFixed(0);
}

function timeText(): string {
  return systemClock.now().toISOString().slice(11, 19);
}

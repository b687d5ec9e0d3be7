import { beforeEach, expect, test } from 'vitest';
import type { ProbeAnswer } from '#shared/deploy/probe/probe.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { deployStage, type Stage } from '#test/support/deploy-stage.ts';
import { paperFingerprint } from '#test/support/paper-fingerprint.ts';

let stage: Stage;
beforeEach(async () => {
  stage = deployStage();
  await stage.issue('v1');
  await stage.deploy();
  // All nodes have had their time.
  stage.clock.advance(2 * minuteMs);
});

function served(answer: ProbeAnswer, serial: string): ProbeAnswer {
  const known = { serial, fingerprintSha256: paperFingerprint(serial) };
  return answer.outcome === 'answered' ? { ...answer, ...known } : answer;
}

/** The serials that the endpoint answers with, look by look; the last one for good, and `null` for what is bound. */
function answering(...serials: readonly (string | null)[]): readonly Date[] {
  const { probe } = stage.ports;
  const left = [...serials];
  const looks: Date[] = [];
  Object.assign(stage.ports, {
    async probe(question: Parameters<typeof probe>[0]) {
      looks.push(stage.clock.now());
      const serial = left.length > 1 ? left.shift() : left[0];
      const answers = await probe(question);
      return serial ? answers.map((answer) => served(answer, serial)) : answers;
    },
  });
  return looks;
}

async function state(): Promise<string | undefined> {
  return (await stage.states())[0];
}

test('another certificate at a single look, by an address that was given to somebody else, undoes nothing', async () => {
  answering('99', null);
  await stage.verify();
  expect(await state()).toBe('proven');
  expect(stage.work.filter(({ kind }) => kind === 'deploy')).toEqual([]);
});

test('it is believed when a second look some seconds later says the same', async () => {
  const looks = answering('99');
  await stage.verify();
  expect(await state()).toBe('contradicted');
  const [first, last] = [looks[0] as Date, looks.at(-1) as Date];
  const apartMs = last.getTime() - first.getTime();
  expect(apartMs).toBeGreaterThanOrEqual(stage.ports.settings.pollMs);
  expect(apartMs).toBeLessThan(3 * stage.ports.settings.pollMs);
});

test('the second look may be the first one of the next run', async () => {
  // No time for another look in one run.
  Object.assign(stage.ports.settings, { pollMs: 10 * minuteMs, resumeMs: 11 * minuteMs });
  answering('99');
  await stage.verify();
  expect(await state()).toBe('awaiting-proof');
  stage.clock.advance(11 * minuteMs);
  await stage.verify();
  expect(await state()).toBe('contradicted');
});

test('a look in between that shows the certificate begins it anew', async () => {
  Object.assign(stage.ports.settings, { pollMs: 10 * minuteMs, resumeMs: 11 * minuteMs });
  const looks = answering('99', null, '99', '99');
  await stage.verify();
  stage.clock.advance(11 * minuteMs);
  await stage.verify();
  expect(await state()).toBe('proven');
  stage.clock.advance(8 * hourMs);
  await stage.verify();
  expect(await state()).toBe('proven');
  expect(looks).toHaveLength(3);
});

test('after a proof, silence first and then one look at another certificate is not believed either', async () => {
  await stage.verify();
  stage.clock.advance(8 * hourMs);
  const { probe } = stage.ports;
  let quietUntil: Date | null = null;
  let lies = 1;
  Object.assign(stage.ports, {
    async probe(question: Parameters<typeof probe>[0]) {
      quietUntil ??= addMs(stage.clock.now(), stage.ports.settings.patienceMs);
      const answers = await probe(question);
      if (stage.clock.now() < quietUntil) {
        return answers.map(({ address, servername }) => {
          return { address, servername, outcome: 'silent', detail: 'ETIMEDOUT' };
        });
      }
      lies -= 1;
      return lies < 0 ? answers : answers.map((answer) => served(answer, '99'));
    },
  });
  await stage.verify();
  expect(await state()).toBe('proven');
});

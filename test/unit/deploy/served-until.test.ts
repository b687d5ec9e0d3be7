import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { servedEnd } from '#shared/check/dispatch/danger.ts';
import { CertkeepError } from '#shared/errors.ts';
import { retryDelaysMs } from '#shared/ledger/backoff.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { deployStage, type Stage } from '#test/support/deploy-stage.ts';

/** A first deployment, where somebody else's certificate ends in 44 hours. */
async function firstDeployment(options: Parameters<typeof deployStage>[0] = {}) {
  const clock = virtualClock();
  const ends = addMs(clock.now(), 44 * hourMs);
  const stage = deployStage({ retryDelaysMs, clock, foreign: { notAfter: ends }, ...options });
  await stage.issue('v1');
  return { stage, ends };
}

async function deployment(stage: Stage) {
  const found = (await stage.record()).deployments[stage.target.key];
  if (!found) throw new Error('there is no deployment');
  return found;
}

const refusals: Record<string, (stage: Stage) => void> = {
  'an import that ACM refuses': ({ acm }) =>
    acm.refuseNextImport(new CertkeepError('ImportRefused', 'ACM: no')),
  'a plan for which ACM does not answer': ({ acm }) => {
    const { find } = acm;
    acm.find = async () => {
      acm.find = find;
      throw new CertkeepError('ServiceRefused', 'ACM: no');
    };
  },
  'a change that the listener refuses': ({ target }) =>
    target.refuseNextBind(new CertkeepError('ListenerRefused', 'ELB: no')),
};

test.each(Object.entries(refusals))(
  '%s is tried again before what is served there ends',
  async (_, refuse) => {
    const { stage, ends } = await firstDeployment();
    for (let tries = 1; ; tries += 1) {
      refuse(stage);
      await stage.deploy();
      const { failure, servedUntil } = await deployment(stage);
      expect(failure?.count).toBe(tries);
      expect(servedUntil).toBe(ends.toISOString());
      expect(servedEnd(await stage.record(), stage.targets)).toBe(servedUntil);
      const event = stage.events.at(-1);
      expect(event?.severity).toBe('critical');
      expect(event?.details).toMatchObject({ servedUntil: ends.toISOString(), newSerial: '01' });
      expect(event?.details).not.toHaveProperty('validUntil');
      const next = new Date(failure?.nextAttemptAt as string);
      expect(next.getTime()).toBeLessThan(ends.getTime());
      if (next > addMs(ends, -2 * hourMs)) return expect(tries).toBeGreaterThan(5);
      stage.clock.advance(next.getTime() - stage.clock.now().getTime());
    }
  },
);

test('a refusal for the sake of names goes by what is served as well', async () => {
  const { stage, ends } = await firstDeployment({ foreign: {} });
  const names = ['shop.example.com', 'old.example.com'];
  const held = [...stage.acm.held.values()][0];
  if (held) stage.acm.hold({ ...held, names, notAfter: ends });
  await stage.deploy();
  const { failure, servedUntil } = await deployment(stage);
  expect(failure?.error).toBe('NamesWouldBeLost');
  expect(servedUntil).toBe(ends.toISOString());
});

test('if nobody answers, it says nothing about the served certificate', async () => {
  const { stage } = await firstDeployment({ kinds: ['sni'] });
  stage.spoil(stage.target.key, null);
  stage.acm.refuseNextImport(new CertkeepError('ImportRefused', 'ACM: no'));
  await stage.deploy();
  expect(stage.events.at(-1)).toMatchObject({
    severity: 'warning',
    details: { servedUntil: null },
  });
});

test('every verdict says when what is served ends', async () => {
  const { stage, ends } = await firstDeployment();
  await stage.deploy();
  expect((await deployment(stage)).servedUntil).toBe(ends.toISOString());
  await stage.verify();
  const [version] = (await stage.record()).versions;
  expect((await deployment(stage)).servedUntil).toBe(version?.notAfter);
  stage.clock.advance(8 * hourMs);
  stage.spoil(stage.target.key, null);
  await stage.verify();
  expect(await deployment(stage)).toMatchObject({ state: 'unknown', servedUntil: null });
});

test('a renewal that fails before it has touched the target goes by what was seen there last', async () => {
  const { stage } = await firstDeployment();
  await stage.deploy();
  await stage.verify();
  const [v1] = (await stage.record()).versions;
  stage.clock.advance(88 * dayMs);
  await stage.issue('v2');
  stage.target.refuseNextLook(new CertkeepError('ListenerRefused', 'ELB: no'));
  await stage.deploy();
  expect((await deployment(stage)).servedUntil).toBe(v1?.notAfter);
  expect(stage.events.at(-1)).toMatchObject({
    severity: 'critical',
    details: { servedUntil: v1?.notAfter },
  });
});

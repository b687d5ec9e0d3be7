import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { sliceOf } from '#shared/deploy/slice.ts';
import { untilCertificateKnown, untilShown } from '#shared/targets/until-known.ts';
import { addMs, secondMs } from '#shared/time/clock.ts';

/** What a call takes, and what is left to a run after the deadline of its calls (functions/handler.ts). */
const callMs = 100;
const marginMs = 2 * secondMs;

test('the longest change that a run begins ends before its calls are aborted', async () => {
  const clock = virtualClock();
  const deadline = addMs(clock.now(), 150 * secondMs);
  const { changesUntil } = sliceOf({ id: 'run', deadline }, clock);
  await clock.sleep(changesUntil.getTime() - clock.now().getTime() - 1);
  const change = async () => {
    await clock.sleep(callMs);
    throw Object.assign(new Error('not yet'), { name: 'CertificateNotFoundException' });
  };
  await expect(untilCertificateKnown(clock, change)).rejects.toThrow('not yet');
  let reads = 0;
  const read = async () => {
    await clock.sleep(callMs);
    reads += 1;
    return reads;
  };
  await untilShown(clock, 'it', read, (seen) => seen === 5);
  expect(clock.now().getTime()).toBeLessThan(deadline.getTime() - marginMs);
});

import { describe, expect, test } from 'vitest';
import { queueNames } from '#shared/installation.ts';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import { type Backlog, backlog, type Fate } from '#test/support/backlog.ts';

/** More than the runs of a new account take at once. */
const count = 200;
const ids = Array.from({ length: count }, (_, at) => `c${at}`);

/** How often the certificate that was named most often was, over all kinds of work. */
function mostNamed(fleet: Backlog): number {
  return Math.max(...ids.flatMap((id) => queueNames.map((kind) => fleet.named(id, kind))));
}

async function withFate(fate: Fate): Promise<Backlog> {
  return backlog({ count, fateOf: (_, sendings) => (sendings === 1 ? fate : 'arrives') });
}

/** What the queue could still have is waited for: 40 minutes, for each of the three stages. */
const longest = 4 * hourMs;

describe('work is always done, and never sent more than twice, where', () => {
  test.each<[Fate, number]>([
    // It was worked off when the next check looks.
    ['arrives-unanswered', 1],
    ['is-lost', 2],
  ])('the first message of each %s', async (fate, sendings) => {
    const fleet = await withFate(fate);
    await fleet.live(longest);
    expect([fleet.finished(), mostNamed(fleet)]).toEqual([count, sendings]);
  });

  test('a queue is purged', async () => {
    const fleet = await backlog({ count });
    await fleet.check();
    fleet.purge();
    await fleet.live(longest);
    expect([fleet.finished(), mostNamed(fleet)]).toEqual([count, 2]);
  });

  test('what was sent is forgotten', async () => {
    const fleet = await backlog({ count });
    await fleet.check();
    await fleet.objects.remove('dispatch/sent.json');
    await fleet.live(longest);
    expect([fleet.finished(), mostNamed(fleet)]).toEqual([count, 2]);
  });

  test('two checks run at once', async () => {
    const fleet = await backlog({ count });
    await Promise.all([fleet.check(), fleet.check()]);
    await fleet.live(longest);
    expect([fleet.finished(), mostNamed(fleet)]).toEqual([count, 2]);
  });

  test('a check dies between sending and writing it down', async () => {
    const fleet = await backlog({ count });
    fleet.dieOnce();
    await expect(fleet.check()).rejects.toThrow('dead');
    await fleet.live(longest);
    expect([fleet.finished(), mostNamed(fleet)]).toEqual([count, 2]);
  });
});

test('work that goes well is not sent twice', async () => {
  const fleet = await backlog({ count });
  await fleet.check();
  fleet.clock.advance(minuteMs);
  await fleet.check();
  await fleet.live(longest);
  expect([fleet.finished(), mostNamed(fleet)]).toEqual([count, 1]);
});

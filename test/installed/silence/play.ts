import { dayMs, hourMs } from '#shared/time/clock.ts';
import type { Part } from './parts.ts';
import { type Heard, type Stage, silenceStage } from './stage.ts';

export type Row = {
  readonly part: string;
  readonly how: Part['how'];
  readonly kind: Part['kind'];
  /** The first of each way, in their order. */
  readonly heard: readonly Heard[];
  /** How long clients still had a valid certificate when people heard, in milliseconds; null where nobody did. */
  readonly leftMs: number | null;
  /** `told` in time, `unneeded`: everything was renewed without it; otherwise what is wrong. */
  readonly verdict: string;
};

/** People hear at once where clients are hurt at once. */
const clientsMs = hourMs;
/** A watcher that stopped is told within a day. */
const watchersMs = dayMs;
/** Renewals are over by then. */
const renewedMs = 12 * hourMs;
/** Certificates end within this time where nothing is renewed. */
const longestMs = 31 * dayMs;
/** People need a week before clients are hurt. */
const weekMs = 7 * dayMs;
/** These notice only that home is silent. */
const outside = ['heartbeat', 'watch in eu-west-1'];

/** Stops one part, and waits until people hear of it, or until it is clear that they need not. */
export async function playPart(find: (stage: Stage) => Part): Promise<Row> {
  const stage = await silenceStage();
  try {
    const part = find(stage);
    const { how, kind, name } = part;
    stage.begin();
    await part.stop(stage);
    let renewed = false;
    let askAt = { clients: clientsMs, watcher: watchersMs, path: renewedMs }[kind];
    while (stage.elapsedMs() < longestMs) {
      await stage.step();
      const elapsedMs = stage.elapsedMs();
      const isHeard = stage.heard().some(({ way }) => !outside.includes(way));
      if (isHeard || (stage.heard().length > 0 && elapsedMs >= watchersMs + hourMs)) break;
      if (elapsedMs < askAt) continue;
      askAt = elapsedMs + hourMs;
      renewed = await stage.isRenewed();
      if (renewed || (await stage.leftMs()) < 0) break;
    }
    const heard = firstOfEach(stage.heard());
    const leftMs = heard.length > 0 ? await stage.leftMs() : null;
    return {
      part: name,
      how,
      kind,
      heard,
      leftMs,
      verdict: verdictOf(kind, { heard, leftMs, renewed }),
    };
  } finally {
    await stage.close();
  }
}

function firstOfEach(heard: readonly Heard[]): readonly Heard[] {
  return [...new Map(heard.toReversed().map((each) => [each.way, each])).values()].toSorted(
    (a, b) => a.afterMs - b.afterMs,
  );
}

function verdictOf(
  kind: Part['kind'],
  {
    heard,
    leftMs,
    renewed,
  }: {
    readonly heard: readonly Heard[];
    readonly leftMs: number | null;
    readonly renewed: boolean;
  },
): string {
  const [first] = heard;
  if (!first) {
    if (kind === 'path' && renewed) return 'unneeded';
    return renewed ? 'nobody hears' : 'nobody hears, and nothing is renewed';
  }
  if (first.afterMs <= (kind === 'clients' ? clientsMs : watchersMs)) return 'told';
  if (kind === 'clients') return 'told too late for clients';
  if (kind === 'watcher') return 'told too late';
  return (leftMs ?? 0) >= weekMs ? 'told' : 'told too late for clients';
}

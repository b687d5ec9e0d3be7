import { tokenBucket } from 'local-cloud/services/token-bucket.ts';
import type { ProbeAnswer } from '#shared/deploy/probe/probe.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { Elbv2Client } from '#shared/targets/elbv2/client.ts';
import { addMs, type Clock, secondMs } from '#shared/time/clock.ts';
import { paperFingerprint } from './paper-fingerprint.ts';

/** The listeners of one account and region behind the three buckets of Elastic Load Balancing. */
export type MeteredAlb = {
  readonly client: Elbv2Client;
  readonly describes: number;
  readonly changes: number;
  /** Calls that a bucket refused; they had no effect. */
  readonly throttled: number;
  /** Two nodes, each of which takes a change in its own time. */
  answers(
    host: string,
    serialOf: (arn: string) => string,
    servername: string,
  ): readonly ProbeAnswer[];
  /** What a listener has as its default. */
  defaultOf(listener: string): string;
};

/** Of one request, on its way and back. */
const latencyMs = 40;
const nodesBehindMs = [5 * secondMs, 20 * secondMs];

export function meteredAlb(
  clock: Clock,
  listeners: readonly string[],
  given: {
    readonly defaultArn: string;
    readonly notAfter: Date;
    /** Describe calls of the user's own automation, which goes on whatever happens. */
    readonly othersPerSecond: number;
  },
): MeteredAlb {
  const { defaultArn, notAfter, othersPerSecond } = given;
  const all = tokenBucket({ clock, perSecond: 10, burst: 40 });
  const describing = tokenBucket({ clock, perSecond: 10, burst: 40 });
  const changing = tokenBucket({ clock, perSecond: 3, burst: 20 });
  const began = clock.now();
  const bound = new Map(listeners.map((arn) => [arn, [{ arn: defaultArn, at: began }]]));
  const hostOf = (listener: string) => `${listener.split('/').at(-1)}.example`;
  const byHost = new Map(listeners.map((listener) => [hostOf(listener), listener]));
  let [describes, changes, throttled] = [0, 0, 0];

  let othersUntil = began.getTime();
  /** Each of their calls since the last one of ours. */
  function othersCall(): void {
    for (; othersUntil < clock.now().getTime(); othersUntil += secondMs / othersPerSecond) {
      all.take();
      describing.take();
    }
  }

  async function call(bucket: typeof all): Promise<void> {
    await clock.sleep(latencyMs);
    if (othersPerSecond > 0) othersCall();
    if (bucket === changing) changes += 1;
    else describes += 1;
    if (all.take() && bucket.take()) return;
    throttled += 1;
    throw new CertkeepError('ServiceThrottled', 'ELB: Rate exceeded', { stage: 'rebind' });
  }

  function historyOf(listener: string) {
    const history = bound.get(listener);
    if (history) return history;
    throw new CertkeepError('ListenerNotFound', `ELB: there is no listener ${listener}`);
  }

  return {
    get describes() {
      return describes;
    },
    get changes() {
      return changes;
    },
    get throttled() {
      return throttled;
    },
    defaultOf: (listener) => historyOf(listener).at(-1)?.arn as string,
    answers(host, serialOf, servername) {
      const history = historyOf(byHost.get(host) ?? host);
      return nodesBehindMs.map((behindMs, node) => {
        const seen = history.findLast(({ at }) => addMs(at, behindMs) <= clock.now());
        const serial = serialOf((seen ?? history[0])?.arn as string);
        const address = `192.0.2.${node + 1}`;
        const known = { serial, fingerprintSha256: paperFingerprint(serial) };
        return { address, servername, outcome: 'answered', ...known, names: [], notAfter };
      });
    },
    client: {
      async listeners(arns) {
        await call(describing);
        await call(describing);
        return new Map(
          arns.map((arn) => {
            historyOf(arn);
            const listener = {
              loadBalancerName: 'shop',
              host: hostOf(arn),
              port: 443,
              isInternal: false,
            };
            return [arn, { ...listener, protocol: 'HTTPS' }] as const;
          }),
        );
      },
      async certificates(listener) {
        await call(describing);
        return { default: historyOf(listener).at(-1)?.arn ?? null, list: [] };
      },
      async setDefault(listener, arn) {
        await call(changing);
        historyOf(listener).push({ arn, at: clock.now() });
      },
      add: () => Promise.reject(new Error('no listener here has an SNI list')),
      tags: async () => ({}),
      tag: async () => call(changing),
      remove: () => Promise.reject(new Error('no listener here has an SNI list')),
    },
  };
}

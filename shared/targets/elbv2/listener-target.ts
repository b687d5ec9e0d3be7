import { CertkeepError, isCertkeepError } from '#shared/errors.ts';
import type { Clock } from '#shared/time/clock.ts';
import { isTaken, nextStep, type Step } from '../next-step.ts';
import type { Arrangement, Held, Position, Target } from '../target.ts';
import type { TargetIdentity } from '../target-plugin.ts';
import { checkUnchanged, untilCertificateKnown, untilShown } from '../until-known.ts';
import type { Elbv2Listener } from './client.ts';
import type { ListenerKind } from './listener-kind.ts';
import { loadBalancerOf } from './load-balancer.ts';
import type { PacedElbv2 } from './paced.ts';

export type ListenerTargetOptions = {
  readonly kind: ListenerKind;
  readonly identity: TargetIdentity;
  readonly listener: string;
  readonly certificate: Position;
  readonly client: PacedElbv2;
  readonly clock: Clock;
};

/** One listener with an ARN and an SNI list: its default certificate, one of the list, or both. */
export function listenerTarget(options: ListenerTargetOptions): Target {
  const { identity, kind, listener, client } = options;
  return {
    key: identity.key,
    place: identity.place,
    listener,
    position: options.certificate,
    async look() {
      const found = await client.listener(listener);
      checkTls(found, kind);
      const held = await client.certificates(listener);
      return {
        ...held,
        name: `${found.loadBalancerName}:${found.port}`,
        endpoint: {
          host: found.host,
          port: found.port,
          ...(found.isInternal && { isInternal: true }),
        },
        kind: kind.type,
      };
    },
    readHeld: () => client.certificates(listener),
    arrange: (wanted, seen) => arrange(options, wanted, seen),
    mark: (name, value) => client.tag(listener, name, value),
    marks: () => client.tags([listener]),
    tags: () => client.tags([listener, loadBalancerOf(listener)]),
  };
}

/** Refuses a listener without TLS: its list reads as empty, and ELB refuses every change with a ValidationError. */
function checkTls(
  { loadBalancerName, port, protocol }: Elbv2Listener,
  { protocol: wanted }: ListenerKind,
): void {
  if (protocol === wanted) return;
  const what = wanted === 'TLS' ? 'a TLS' : 'an HTTPS';
  const message = `ELB: ${loadBalancerName}:${port} is not ${what} listener but one of ${protocol}`;
  throw new CertkeepError('ListenerNotFound', message);
}

/**
 * Takes one step at a time and decides the next from what the listener shows, including changes that the load balancer
 * makes by itself.
 */
async function arrange(
  options: ListenerTargetOptions,
  wanted: Arrangement,
  seen: Held,
): Promise<Held> {
  const { client, listener } = options;
  let held = await client.certificates(listener);
  let hasRoom = true;
  for (;;) {
    const step = nextStep(held, wanted, hasRoom);
    if (step === null) return held;
    try {
      held = await take(options, step, held, seen);
      hasRoom = true;
    } catch (error) {
      const isFull = hasRoom && isCertkeepError(error, 'ListenerFull');
      if (!isFull || nextStep(held, wanted, false)?.do !== 'remove') throw error;
      hasRoom = false;
    }
  }
}

/** Takes a step, and returns what the listener holds once it shows the step. */
async function take(
  { client, clock, listener }: ListenerTargetOptions,
  step: Step,
  shown: Held,
  seen: Held,
): Promise<Held> {
  const { do: what, arn } = step;
  switch (what) {
    case 'set-default':
      await untilCertificateKnown(clock, async (tries) => {
        const { default: now } = tries === 1 ? shown : await client.certificates(listener);
        checkUnchanged(listener, now, seen.default);
        await client.setDefault(listener, arn);
      });
      break;
    case 'add':
      await untilCertificateKnown(clock, () => client.add(listener, arn));
      break;
    case 'remove':
      await client.remove(listener, arn);
  }
  return untilShown(
    clock,
    `${what} of ${arn} at ${listener}`,
    () => client.certificates(listener),
    (held) => isTaken(held, step),
  );
}

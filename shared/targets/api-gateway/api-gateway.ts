import { isCertkeepError } from '#shared/errors.ts';
import { type Clock, dayMs } from '#shared/time/clock.ts';
import type { Held, Target } from '../target.ts';
import type { TargetIdentity } from '../target-plugin.ts';
import { checkUnchanged, untilShown } from '../until-known.ts';
import type { ApiGatewayClient, CustomDomain, DomainEndpoint } from './client.ts';
import { notNow } from './decide-change.ts';
import type { DomainTurns } from './domain-turns.ts';

type ApiGatewayOptions = {
  readonly identity: TargetIdentity;
  /** The ARN of the domain name. */
  readonly arn: string;
  readonly domain: string;
  readonly endpoint: DomainEndpoint;
  readonly client: ApiGatewayClient;
  readonly turns: DomainTurns;
  readonly clock: Clock;
};

/** At edges CloudFront serves it: "up to 24 hours" (its cnames-and-https-rotate-certificates.html). */
const reimportMs = dayMs;

/** A custom domain name, which has one certificate. */
export function apiGatewayTarget(options: ApiGatewayOptions): Target {
  const { client, clock, domain: name, endpoint, identity, turns } = options;
  const read = () => client.domain(name, endpoint);
  const heldNow = async () => heldBy(await read());
  const obstacleNow = async () => notNow(name, await read(), endpoint, clock.now());

  /** A change may have been made although no answer came. */
  async function change(arn: string): Promise<void> {
    try {
      await client.setCertificate(name, endpoint, arn);
    } catch (error) {
      if (isCertkeepError(error, 'DomainTurnTaken') && error.retryAt) {
        await turns.lost(identity.key, error.retryAt);
      }
      // Somebody else's change may have begun since the look.
      if (isCertkeepError(error, 'ListenerRefused')) throw (await obstacleNow()) ?? error;
      if (!isCertkeepError(error, 'ServiceFailed')) throw error;
      if ((await heldNow()).default !== arn) throw error;
    }
  }

  return {
    key: identity.key,
    place: identity.place,
    listener: identity.listener,
    position: 'default',
    spread: endpoint === 'edge' ? { reimportMs } : {},
    async look() {
      const domain = await read();
      return {
        name,
        // The other names of its certificate are served elsewhere, if at all.
        endpoint: { ...domain.endpoint, names: [name] },
        kind: 'single',
        ...heldBy(domain),
        ...(domain.status === 'UPDATING' && { isSpreading: true as const }),
        ...(domain.hasMutualTls && { keepsIssuer: true as const }),
      };
    },
    readHeld: heldNow,
    mark: (mark, value) => client.tag(options.arn, mark, value),
    marks: async () => (await read()).tags,
    tags: async () => (await read()).tags,
    async arrange({ default: arn, isUrgent = false }, seen) {
      const domain = await read();
      const first = heldBy(domain);
      if (arn === null || first.default === arn) return first;
      checkUnchanged(name, first.default, seen.default);
      const obstacle = notNow(name, domain, endpoint, clock.now());
      if (obstacle) throw obstacle;
      await turns.take({ key: identity.key, isUrgent });
      await change(arn);
      const isBound = (shown: Held) => shown.default === arn;
      return untilShown(clock, `the new certificate of ${name}`, heldNow, isBound);
    },
  };
}

function heldBy({ certificateArn }: CustomDomain): Held {
  return { default: certificateArn, list: [] };
}

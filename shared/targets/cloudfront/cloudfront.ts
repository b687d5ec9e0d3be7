import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import { type Clock, dayMs, secondMs } from '#shared/time/clock.ts';
import { onlyAfter, type Retries, retry } from '#shared/time/waiting.ts';
import type { Held, Target } from '../target.ts';
import type { TargetIdentity } from '../target-plugin.ts';
import type { CloudFrontClient, Distribution } from './client.ts';

export type CloudFrontOptions = {
  readonly identity: TargetIdentity;
  readonly distribution: string;
  readonly client: CloudFrontClient;
  readonly clock: Clock;
};

/** A new certificate may be unknown there for a moment; and somebody else may change the distribution at the same time. */
const untilTaken: Retries = {
  waitsMs: [1, 2, 4].map((seconds) => seconds * secondMs),
  patienceMs: 20 * secondMs,
  waitFor: onlyAfter((error) => mayPass(error)),
};

function mayPass(error: unknown): boolean {
  return ['InvalidViewerCertificate', 'PreconditionFailed'].includes(errorName(error));
}

/** "up to 24 hours": https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-rotate-certificates.html */
const reimportMs = dayMs;

/** A distribution, which has one certificate for all of its aliases. */
export function cloudfrontTarget(options: CloudFrontOptions): Target {
  const { client, clock, distribution: id, identity } = options;
  const name = `CloudFront ${id}`;
  const arn = identity.listener;

  async function usable(): Promise<Distribution> {
    const distribution = await client.distribution(id);
    const why = whyUnusable(distribution);
    if (why === null) return distribution;
    throw new CertkeepError('DistributionUnusable', `${name} ${why}`);
  }

  return {
    key: identity.key,
    place: identity.place,
    listener: arn,
    position: 'default',
    spread: { reimportMs },
    async look() {
      const { aliases: names, certificate, host, isSpreading, port } = await usable();
      return {
        name,
        // Whoever asks for a name that is no alias gets a certificate of CloudFront.
        endpoint: names.length > 0 ? { host, port, names } : null,
        kind: 'single',
        default: certificate,
        list: [],
        ...(isSpreading && { isSpreading: true as const }),
      };
    },
    readHeld: async () => heldBy(await client.distribution(id)),
    async arrange({ default: wanted }, seen) {
      if (wanted === null) return heldBy(await usable());
      return retry(clock, untilTaken, async () => {
        const distribution = await usable();
        if (distribution.certificate === wanted) return heldBy(distribution);
        checkAsSeen(name, distribution, seen);
        checkMayChange(name, distribution);
        await client.setCertificate(distribution, wanted);
        return heldBy(await client.distribution(id));
      }).catch((cause) => {
        if (!mayPass(cause)) throw cause;
        const message = `CloudFront: ${id}: ${errorMessage(cause)}`;
        throw new CertkeepError('ListenerRefused', message, { cause });
      });
    },
    mark: (key, value) => client.tag(arn, key, value),
    marks: () => client.tags(arn),
    tags: () => client.tags(arn),
  };
}

function heldBy({ certificate }: Distribution): Held {
  return { default: certificate, list: [] };
}

function whyUnusable({ isForTenantsOnly, isStaging }: Distribution): string | null {
  if (isStaging) return 'is a staging distribution, which has no aliases of its own';
  return isForTenantsOnly ? 'is for tenants only: each of them may have its own certificate' : null;
}

/** Also where CloudFront's own certificate was seen: somebody has chosen another one since. */
function checkAsSeen(name: string, { certificate }: Distribution, seen: Held): void {
  if (certificate === seen.default) return;
  const message = `somebody has bound ${certificate ?? 'nothing'} to ${name} since the look at it`;
  throw new CertkeepError('ListenerRefused', message);
}

function checkMayChange(name: string, { hasContinuousDeployment }: Distribution): void {
  if (!hasContinuousDeployment) return;
  const message = `${name} has a continuous deployment policy, with which CloudFront changes no certificate`;
  throw new CertkeepError('ContinuousDeploymentAttached', message);
}

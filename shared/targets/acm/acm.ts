import { arnParameter } from '#shared/installation.ts';
import type { Place } from '#shared/place.ts';
import { partitionOf } from '#shared/region.ts';
import type { Clock } from '#shared/time/clock.ts';
import { probeEndpoint } from '../probe-endpoint.ts';
import type { Target } from '../target.ts';
import type { TargetIdentity } from '../target-plugin.ts';
import { checkUnchanged, untilShown } from '../until-known.ts';
import type { ParameterClient } from './client.ts';
import type { AcmConfig } from './facts.ts';

export type AcmOptions = {
  readonly config: AcmConfig;
  readonly identity: TargetIdentity;
  readonly installation: string;
  /** The id of the certificate. */
  readonly certificate: string;
  readonly client: ParameterClient;
  readonly clock: Clock;
};

/** The parameter that tells others which ARN to use: what it names is what the target holds. */
export function acmTarget(options: AcmOptions): Target {
  const { certificate, client, clock, config, identity, installation } = options;
  const parameter = arnParameter(installation, certificate);
  const name = `ACM ${certificate}`;

  async function readHeld() {
    return { default: arnIn(await client.value(parameter), identity.place), list: [] };
  }

  return {
    key: identity.key,
    place: identity.place,
    listener: parameter,
    position: 'default',
    readHeld,
    async look() {
      return {
        name,
        endpoint: config.probe === undefined ? null : probeEndpoint(config.probe),
        kind: 'single',
        ...(await readHeld()),
      };
    },
    mark: (mark, value) => client.tag(parameter, mark, value),
    marks: () => client.tags(parameter),
    tags: () => client.tags(parameter),
    async arrange({ default: arn }, seen) {
      const held = await readHeld();
      if (arn === null || held.default === arn) return held;
      checkUnchanged(parameter, held.default, seen.default);
      await client.publish(parameter, arn);
      return untilShown(clock, parameter, readHeld, (shown) => shown.default === arn);
    },
  };
}

/** Whatever else somebody has written there is no certificate that anybody in the place could use. */
function arnIn(value: string | null, { account, region }: Place): string | null {
  const prefix = `arn:${partitionOf(region)}:acm:${region}:${account}:certificate/`;
  return value?.startsWith(prefix) && /^[\w-]+$/.test(value.slice(prefix.length)) ? value : null;
}

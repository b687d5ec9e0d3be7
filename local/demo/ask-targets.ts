import type { Cloud } from 'local-cloud/cloud.ts';
import { type KeyFamily, shakeHands } from 'local-cloud/handshake.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { namesAt } from '#shared/deploy/probe/ask.ts';
import { dnsResolver } from '#shared/deploy/probe/resolver.ts';
import type { Place } from '#shared/place.ts';
import { loadTargets, targetMaker } from '#shared/targets/registry.ts';
import { type Clock, secondMs } from '#shared/time/clock.ts';

export type AskedTarget = {
  readonly kind: string;
  readonly name: string;
  /** Null where nobody can ask: the serial is that of what ACM holds. */
  readonly port: number | null;
  /**
   * The serial, in upper-case hex, that every address presents for every name to clients of the certificate's own key
   * family; null when they differ or do not answer.
   */
  readonly serial: string | null;
};

/** Asks the endpoints of a certificate, independently of certkeep's record and probe. */
export async function askTargets(
  {
    cloud,
    clock,
    config: { home, installation },
  }: {
    readonly cloud: Cloud;
    readonly clock: Clock;
    readonly config: Pick<Config, 'home' | 'installation'>;
  },
  certificate: CertificateConfig,
): Promise<readonly AskedTarget[]> {
  const resolve = dnsResolver({ servers: [cloud.dns.address] });
  const resolveInside = dnsResolver({ servers: [cloud.insideDns.address] });
  const clientOptionsFor = ({ region, account }: Place) =>
    clientOptions(operatorClient(cloud, region, account));
  const types = certificate.targets.map(({ type }) => type);
  const make = targetMaker(await loadTargets(types), {
    installation,
    home,
    clock,
    clientOptionsFor,
  });
  return Promise.all(
    certificate.targets.map(async (config) => {
      const target = make(config, certificate.id);
      const { default: arn, endpoint, name } = await target.look();
      if (endpoint === null)
        return { kind: config.type, name, port: null, serial: heldBy(cloud, arn) };
      const { host, isInternal, port } = endpoint;
      const addresses = await (isInternal ? resolveInside : resolve)(host);
      const names = namesAt(endpoint, certificate.names);
      const serials = await servedSerials(addresses, port, { ...certificate, names });
      const [serial = null] = serials.size === 1 ? serials : [];
      return { kind: config.type, name: name.replace(/:\d+$/, ''), port, serial };
    }),
  );
}

/** Where nobody can ask, what ACM holds is all that can be seen. */
function heldBy({ acm }: Cloud, arn: string | null): string | null {
  const held = arn === null ? undefined : acm.find(arn);
  return held?.material.latest().leaf.serialNumber ?? null;
}

async function servedSerials(
  addresses: readonly string[],
  port: number,
  { key, names }: Pick<CertificateConfig, 'key' | 'names'>,
): Promise<ReadonlySet<string | null>> {
  const family: KeyFamily = key.startsWith('rsa-') ? 'rsa' : 'ecdsa';
  const asked = addresses.flatMap((host) =>
    names.map((name) => ({ host, servername: name.replace(/^\*\./, 'any-label.') })),
  );
  const answers = asked.map((each) =>
    shakeHands({ ...each, port, family, timeoutMs: 3 * secondMs }).then(
      ({ serialNumber }) => serialNumber,
      () => null,
    ),
  );
  return new Set(await Promise.all(answers));
}

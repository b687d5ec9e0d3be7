import type { Cloud } from 'local-cloud/cloud.ts';
import { type KeyFamily, shakeHands } from 'local-cloud/handshake.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { dnsResolver } from '#shared/deploy/probe/resolver.ts';
import type { Place } from '#shared/place.ts';
import { loadTargets, targetMaker } from '#shared/targets/registry.ts';
import { type Clock, secondMs } from '#shared/time/clock.ts';

export type AskedTarget = {
  readonly kind: string;
  readonly name: string;
  readonly port: number;
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
    home,
  }: { readonly cloud: Cloud; readonly clock: Clock; readonly home: Config['home'] },
  certificate: CertificateConfig,
): Promise<readonly AskedTarget[]> {
  const resolve = dnsResolver({ servers: [cloud.dns.address] });
  const clientOptionsFor = ({ region, account }: Place) =>
    clientOptions(operatorClient(cloud, region, account));
  const types = certificate.targets.map(({ type }) => type);
  const make = targetMaker(await loadTargets(types), { home, clock, clientOptionsFor });
  return Promise.all(
    certificate.targets.map(async (config) => {
      const { name, endpoint } = await make(config).look();
      const { host, port } = endpoint;
      const serials = await servedSerials(await resolve(host), port, certificate);
      const [serial = null] = serials.size === 1 ? serials : [];
      return { kind: config.type, name: name.replace(/:\d+$/, ''), port, serial };
    }),
  );
}

async function servedSerials(
  addresses: readonly string[],
  port: number,
  { key, names }: CertificateConfig,
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

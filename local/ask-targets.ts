import { clientOptions } from '#shared/aws/clients.ts';
import { type Clock, secondMs } from '#shared/clock.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { askEndpoint } from '#shared/deploy/ask.ts';
import { tlsProbe } from '#shared/deploy/probe.ts';
import { dnsResolver } from '#shared/deploy/resolver.ts';
import { createTarget } from '#shared/deploy/targets/registry.ts';
import type { Place } from '#shared/place.ts';
import type { Cloud } from './cloud.ts';
import { operatorClient } from './operator.ts';

export type AskedTarget = {
  readonly kind: string;
  readonly name: string;
  readonly port: number;
  /** What every address presents for every name, upper-case hex; null when they differ or cannot be asked. */
  readonly serial: string | null;
};

/** Asks the endpoints of a certificate, apart from what certkeep says of them. */
export async function askTargets(
  {
    cloud,
    clock,
    home,
  }: { readonly cloud: Cloud; readonly clock: Clock; readonly home: Config['home'] },
  certificate: CertificateConfig,
): Promise<readonly AskedTarget[]> {
  const resolve = dnsResolver({ servers: [cloud.dns.address] });
  const probe = tlsProbe({ resolve, timeoutMs: 3 * secondMs });
  const clientOptionsFor = ({ region, account }: Place) =>
    clientOptions(operatorClient(cloud, region, account));
  return Promise.all(
    certificate.targets.map(async (config) => {
      const { name, endpoint } = await createTarget(config, {
        home,
        clock,
        clientOptionsFor,
      }).look();
      const answers = await askEndpoint(probe, endpoint, {
        names: certificate.names,
        keyAlgorithm: certificate.key,
      });
      const serials = new Set(
        answers.map((answer) => (answer.outcome === 'answered' ? answer.serial : null)),
      );
      const [serial = null] = serials.size === 1 ? serials : [];
      return { kind: config.type, name: name.replace(/:\d+$/, ''), port: endpoint.port, serial };
    }),
  );
}

import type { AcmeCa } from 'local-cloud/ca/acme-ca.ts';
import type { CertificateReport } from '../report.ts';
import type { Played } from '../run.ts';
import type { Debt } from './debt.ts';

export type Everywhere = {
  /** The end of both acts. */
  readonly played: Played;
  /** The orders that the CA has had, each with the serial of what came of it. */
  readonly orders: readonly Pick<
    ReturnType<AcmeCa['ledger']>['orders'][number],
    'finalizedTimes' | 'names' | 'serial'
  >[];
  readonly refused: {
    readonly region: string;
    /** How many calls were refused. */
    readonly calls: number;
    /** What the endpoints answered while it refused. */
    readonly meanwhile: Played['certificates'];
    /** What `status.json` said of it by then. */
    readonly conditions: readonly Debt[];
    /** The time from its first answer until all was proven, in milliseconds; null where that never came. */
    readonly caughtUpAfterMs: number | null;
  };
};

/** Says what did not come as it is promised, besides what endpoints serve in the end. */
export function wrongWith({
  orders,
  played: { certificates },
  refused: { conditions, meanwhile, region },
}: Everywhere): readonly string[] {
  const targets = meanwhile.flatMap((each) => each.targets);
  const isThere = ({ place }: { readonly place: string }) => place.endsWith(`/${region}`);
  const there = targets.filter(isThere);
  const ordersOf = ({ newSerial }: CertificateReport) =>
    orders.filter(({ serial }) => serial === newSerial);
  return [
    ...(orders.length === certificates.length
      ? []
      : [`the CA has had ${orders.length} orders for ${certificates.length} keys`]),
    ...certificates
      .filter((certificate) => ordersOf(certificate).length !== 1)
      .map(({ id }) => `no single order led to the certificate of ${id}`),
    ...targets
      .filter((target) => !isThere(target) && !(target.served && target.proven))
      .map(({ name }) => `${name} was not served meanwhile`),
    ...there.filter(({ served }) => served).map(({ name }) => `${name} was served all the same`),
    ...(conditions.length === there.length
      ? []
      : [`status.json told of ${conditions.length} targets in ${region}, not of ${there.length}`]),
  ];
}

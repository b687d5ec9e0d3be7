import type { CertificateConfig, Config } from '#shared/config/config.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { isUnreadable } from '#shared/ledger/record/record-object.ts';
import { identitiesOf } from '#shared/targets/identities.ts';
import { isCovered } from '../choice/covered-names.ts';
import { serverNames } from '../probe/ask.ts';

/** Other certificates of the configuration that are bound to the same listeners. */
export type Neighbours = {
  /** Their ids by fingerprint: where one of them answers for a name, the configuration wants it so. */
  readonly certificates: ReadonlyMap<string, string>;
  /** The ids of those whose record cannot be read: any answer may be theirs. */
  readonly unread: readonly string[];
};

export async function neighboursAt(
  { config, ledger }: { readonly config: Config; readonly ledger: Pick<Ledger, 'read'> },
  certificate: CertificateConfig,
): Promise<Neighbours> {
  const known = new Map<string, string>();
  const unread: string[] = [];
  const look = async (id: string) => {
    try {
      const versions = (await ledger.read(id))?.versions ?? [];
      for (const { fingerprintSha256 } of versions) known.set(fingerprintSha256, id);
    } catch (error) {
      // Check tells people of such a record.
      if (!isUnreadable(error)) throw error;
      unread.push(id);
    }
  };
  await Promise.all(neighboursOf(config, certificate).map(look));
  return { certificates: known, unread };
}

/** Returns the other certificates that share a listener and a name with this one. */
function neighboursOf(
  { certificates, home }: Pick<Config, 'certificates' | 'home'>,
  certificate: Pick<CertificateConfig, 'id' | 'names' | 'targets'>,
): readonly string[] {
  const listenersOf = (of: Pick<CertificateConfig, 'id' | 'targets'>) =>
    identitiesOf(of, home).map(({ listener }) => listener);
  const own = new Set(listenersOf(certificate));
  const asked = serverNames(certificate.names);
  return certificates
    .filter(
      (each) => each.id !== certificate.id && asked.some((name) => isCovered(name, each.names)),
    )
    .filter((each) => listenersOf(each).some((at) => own.has(at)))
    .map((each) => each.id);
}

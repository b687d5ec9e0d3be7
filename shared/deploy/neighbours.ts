import type { CertificateConfig, Config } from '#shared/config/config.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { serverNames } from './ask.ts';
import { isCovered } from './covered-names.ts';
import { identitiesOf } from './resources.ts';

/**
 * By serial, the ids of other certificates of the configuration that are bound to the same listeners: where one of
 * them answers for a name, that is as the configuration has it.
 */
export async function neighbourSerials(
  { config, ledger }: { readonly config: Config; readonly ledger: Pick<Ledger, 'read'> },
  certificate: CertificateConfig,
): Promise<ReadonlyMap<string, string>> {
  const records = neighboursOf(config, certificate).map(async (id) => {
    const versions = (await ledger.read(id))?.versions ?? [];
    return versions.map(({ serial }) => [serial, id] as const);
  });
  return new Map((await Promise.all(records)).flat());
}

/** The other certificates that share a listener and a name with this one. */
export function neighboursOf(
  { certificates, home }: Pick<Config, 'certificates' | 'home'>,
  { id, names, targets }: Pick<CertificateConfig, 'id' | 'names' | 'targets'>,
): readonly string[] {
  const listenersOf = (all: CertificateConfig['targets']) =>
    identitiesOf(all, home).map(({ listener }) => listener);
  const own = new Set(listenersOf(targets));
  const asked = serverNames(names);
  return certificates
    .filter((each) => each.id !== id && asked.some((name) => isCovered(name, each.names)))
    .filter((each) => listenersOf(each.targets).some((at) => own.has(at)))
    .map((each) => each.id);
}

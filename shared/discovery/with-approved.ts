import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { placeKey } from '#shared/place.ts';
import { identitiesOf, identityOf } from '#shared/targets/identities.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import type { Approvals } from './approvals.ts';
import { type Reading, readTagged, type Tagged } from './resource.ts';

/**
 * Adds the approved targets to the configuration, marked as found. It relies on no approval further than the configuration
 * goes: one of an unknown certificate, in another place, or against a target of the file counts for nothing. Returns its
 * argument where nothing is added. Pure.
 */
export function withApproved(config: Config, approvals: Approvals): Config {
  const added = new Map<string, TargetConfig[]>();
  for (const [arn, approval] of Object.entries(approvals)) {
    if (approval.state !== 'approved') continue;
    const reading = readInPlace({ ...approval, arn }, config);
    if (!reading.ok) continue;
    const { certificate, target } = reading;
    added.set(certificate.id, [...(added.get(certificate.id) ?? []), target]);
  }
  if (added.size === 0) return config;
  return {
    ...config,
    certificates: config.certificates.map((each) => withTargets(each, added.get(each.id), config)),
  };
}

function withTargets(
  certificate: CertificateConfig,
  found: readonly TargetConfig[] | undefined,
  { home }: Config,
): CertificateConfig {
  if (!found) return certificate;
  const { id, targets } = certificate;
  return {
    ...certificate,
    targets: [...targets, ...found],
    found: found.map((target) => identityOf(target, home, id).key),
  };
}

/** Reads a tag as `readTagged`, and by the places and targets of the configuration besides. Pure. */
export function readInPlace(
  tagged: Tagged,
  config: Pick<Config, 'certificates' | 'discovery' | 'home'>,
): Reading {
  const reading = readTagged(tagged, config);
  if (!reading.ok) return reading;
  const { certificate, target } = reading;
  const { isExclusive, listener, place } = identityOf(target, config.home, certificate.id);
  if (!config.discovery?.places.includes(placeKey(place))) {
    return { ok: false, obstacle: `it is in ${placeKey(place)}, where discovery does not look` };
  }
  for (const other of config.certificates) {
    const there = ofFile(other, config).filter((each) => each.listener === listener);
    if (there.length > 0 && other.id === certificate.id) return { ok: false, obstacle: inFile };
    if (isExclusive && there.some((each) => each.isExclusive)) {
      return { ok: false, obstacle: `the configuration gives it ${other.id}` };
    }
  }
  return reading;
}

/** The file says the same as the tag, and wins. */
export const inFile = 'the configuration has it already';

function ofFile(certificate: CertificateConfig, { home }: Pick<Config, 'home'>) {
  const { found = [] } = certificate;
  return identitiesOf(certificate, home).filter(({ key }) => !found.includes(key));
}

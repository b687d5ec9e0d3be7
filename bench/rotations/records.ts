import { identityOf } from '#shared/targets/identities.ts';
import type { World } from '#test/support/world.ts';

/** The desired version of each certificate. */
export type Versions = ReadonlyMap<string, string | null>;

export function desiredVersions(world: World): Versions {
  const { certificates } = world.landscape.config;
  return new Map(certificates.map(({ id }) => [id, world.record(id).desired]));
}

/** Certificates with a target that has not proven the desired version. */
export function unsettled({ landscape, record }: World): readonly string[] {
  const { certificates, home } = landscape.config;
  const waiting = certificates.filter(({ id, targets }) => {
    const { desired, deployments } = record(id);
    const keys = targets.map((target) => identityOf(target, home, id).key);
    return !keys.every((key) => {
      const found = deployments[key];
      return desired !== null && found?.state === 'proven' && found.versionId === desired;
    });
  });
  return waiting.map(({ id }) => id);
}

/** Says whether clients of these certificates may be served this serial. */
export type Allowed = (certificates: readonly string[], serial: string) => boolean;

/** Allows these versions and all later ones. Reads a record again only for an unknown serial. */
export function allowedSince(world: World, previous: Versions): Allowed {
  const known = new Map<string, ReadonlySet<string>>();

  function serialsNow(id: string): ReadonlySet<string> {
    const { versions } = world.record(id);
    const from = versions.findIndex((version) => version.id === previous.get(id));
    return new Set(versions.slice(Math.max(from, 0)).map(({ serial }) => serial));
  }

  return (certificates, serial) =>
    certificates.some((id) => {
      if (known.get(id)?.has(serial)) return true;
      const serials = serialsNow(id);
      known.set(id, serials);
      return serials.has(serial);
    });
}

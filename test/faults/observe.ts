import type { X509Certificate } from 'node:crypto';
import type { ListenerCertificates } from 'local-cloud/load-balancers/certificate-choice.ts';
import { txtValues } from '#local/demo/foreign-txt.ts';
import { certificateTag } from '#shared/deploy/import/acm.ts';
import type { World } from '#test/support/world.ts';
import type { ForeignTxt } from './setting.ts';

/** Conditions that hold at every moment, checked when a call arrives; each violation is reported once. */
export type Observation = { look(): void; readonly breaches: ReadonlySet<string> };

export function observe(world: World, foreignValues: readonly ForeignTxt[]): Observation {
  const { acm, balancers } = world.cloud;
  const breaches = new Set<string>();
  const namesBefore = new Map(
    [...balancers.bound()].map(([listener, held]) => [listener, namesOf(validLeavesOf(held))]),
  );
  const foreign = acm
    .certificates()
    .filter(
      ({ tags, material }) =>
        !tags.has(certificateTag) && !isToBeAdopted(world, material.latest().leaf),
    )
    .map(({ arn, material }) => ({ arn, material: material.latest() }));

  function validLeavesOf(held: ListenerCertificates): readonly X509Certificate[] {
    const now = world.clock.now();
    return leavesOf(held).filter(({ validToDate }) => validToDate > now);
  }

  function lookAtListeners(): void {
    const bound = balancers.bound();
    for (const [listener, names] of namesBefore) {
      const held = bound.get(listener);
      if (!held) {
        breaches.add(`${listener} has no certificate`);
        continue;
      }
      const leaves = validLeavesOf(held);
      const lost = [...names].filter((name) => !leaves.some((leaf) => covers(leaf, name)));
      if (lost.length > 0) breaches.add(`${listener} no longer serves ${lost.join(', ')}`);
    }
  }

  function lookAtForeign(): void {
    for (const { arn, material } of foreign) {
      if (acm.find(arn)?.material.latest() !== material) {
        breaches.add(`the certificate ${arn} of somebody else was changed`);
      }
    }
    for (const { name, value } of foreignValues) {
      if (!txtValues(world.cloud, name).includes(`"${value}"`)) {
        breaches.add(`the value of somebody else at ${name} is gone`);
      }
    }
  }

  return {
    breaches,
    look() {
      lookAtListeners();
      lookAtForeign();
    },
  };
}

/** Says whether the configuration allows an import over it. */
function isToBeAdopted(world: World, leaf: X509Certificate): boolean {
  return world.landscape.config.certificates
    .filter(({ adopt }) => adopt === 'in-place')
    .some(({ names }) => names.every((name) => covers(leaf, name)));
}

function leavesOf(held: ListenerCertificates): readonly X509Certificate[] {
  return [held.default, ...held.list].map(({ material }) => material.latest().leaf);
}

const known = new WeakMap<X509Certificate, readonly string[]>();

function namesIn(leaf: X509Certificate): readonly string[] {
  const names =
    known.get(leaf) ??
    [...(leaf.subjectAltName ?? '').matchAll(/DNS:([^,\s]+)/g)].map(([, name]) => name ?? '');
  known.set(leaf, names);
  return names;
}

function namesOf(leaves: readonly X509Certificate[]): ReadonlySet<string> {
  return new Set(leaves.flatMap(namesIn));
}

function covers(leaf: X509Certificate, name: string): boolean {
  const names = namesIn(leaf);
  return names.includes(name) || names.includes(name.replace(/^[^.]+/, '*'));
}

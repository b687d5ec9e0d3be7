import type { BundledFunction } from './bundled.ts';
import type { Lock, LockedPackage } from './locked.ts';

/** The part of CycloneDX 1.6 that this script writes (https://cyclonedx.org/docs/1.6/json/). */
export type Bill = {
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: '1.6';
  readonly version: 1;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
};

type Component = {
  readonly type: 'application' | 'library';
  readonly 'bom-ref': string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly [Licence];
  readonly purl?: string;
  readonly hashes?: readonly { readonly alg: 'SHA-256' | 'SHA-512'; readonly content: string }[];
};

type Licence = { readonly expression: string } | { readonly license: { readonly id: string } };

/**
 * Lists the functions, each with the packages that it depends on. It contains no time and no place, so that anybody can
 * reproduce it and compare.
 */
export function billOfMaterials(functions: readonly BundledFunction[], lock: Lock): Bill {
  const paths = [...new Set(functions.flatMap(({ packages }) => packages))];
  const libraries = new Map(paths.map((path) => [path, libraryOf(lock.at(path))]));
  const refOf = (path: string) => libraries.get(path)?.['bom-ref'] ?? path;
  const unique = new Map([...libraries.values()].map((each) => [each['bom-ref'], each]));
  const { own } = lock;
  const refs = functions.map(({ name }) => functionRef(name));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { ...applicationOf(own.name, own), type: 'application' } },
    components: [
      ...functions.map(({ name, sha256 }) => ({
        ...applicationOf(functionRef(name), own),
        hashes: [{ alg: 'SHA-256' as const, content: sha256 }],
      })),
      ...[...unique.values()].sort(byRef),
    ],
    dependencies: [
      { ref: own.name, dependsOn: refs },
      ...functions.map(({ name, packages }) => ({
        ref: functionRef(name),
        dependsOn: [...new Set(packages.map(refOf))].sort(),
      })),
    ],
  };
}

function functionRef(name: string): string {
  return `function-${name}`;
}

function applicationOf(ref: string, { version, licence }: Lock['own']): Component {
  return {
    type: 'application',
    'bom-ref': ref,
    name: ref,
    version,
    licenses: [licenceOf(licence)],
  };
}

function libraryOf({ name, version, licence, integrity }: LockedPackage): Component {
  const [scope, bare] = name.startsWith('@') ? name.split('/') : [undefined, name];
  // https://github.com/package-url/purl-spec: the @ of a scope is percent-encoded.
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return {
    type: 'library',
    'bom-ref': purl,
    ...(scope !== undefined && { group: scope }),
    name: bare ?? name,
    version,
    hashes: [{ alg: 'SHA-512', content: sha512In(integrity, name) }],
    licenses: [licenceOf(licence)],
    purl,
  };
}

function sha512In(integrity: string, name: string): string {
  const [, base64] = /^sha512-(\S+)$/.exec(integrity) ?? [];
  if (base64) return Buffer.from(base64, 'base64').toString('hex');
  throw new Error(`the hash of ${name} is no SHA-512: ${integrity}`);
}

function licenceOf(spdx: string): Licence {
  return / (?:AND|OR|WITH) /.test(spdx) ? { expression: spdx } : { license: { id: spdx } };
}

function byRef(one: Component, other: Component): number {
  return one['bom-ref'] < other['bom-ref'] ? -1 : 1;
}

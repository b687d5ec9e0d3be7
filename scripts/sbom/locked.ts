import { readFileSync } from 'node:fs';

export type LockedPackage = {
  readonly name: string;
  readonly version: string;
  /** An SPDX id or expression. */
  readonly licence: string;
  /** `sha512-…` of the archive that npm installs. */
  readonly integrity: string;
};

export type Lock = {
  /** This project. */
  readonly own: { readonly name: string; readonly version: string; readonly licence: string };
  /** @throws Error where the lock file lacks something about a package, or another version is installed */
  at(path: string): LockedPackage;
};

type Entry = {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
};

const root = new URL('../../', import.meta.url);
const read = (path: string) => JSON.parse(readFileSync(new URL(path, root), 'utf8'));

/** Reads the lock file's packages, and compares each with the installed one. */
export function lockedPackages(): Lock {
  const { name, version, license: licence } = read('package.json');
  const { packages } = read('package-lock.json') as {
    readonly packages: Readonly<Record<string, Entry>>;
  };
  return { own: { name, version, licence }, at: (path) => lockedAt(path, packages[path]) };
}

function lockedAt(path: string, entry: Entry = {}): LockedPackage {
  const { integrity, version } = entry;
  const installed = read(`${path}/package.json`);
  const licence = entry.license ?? installed.license;
  if (!version || !integrity) throw new Error(`package-lock.json does not lock ${path}`);
  if (installed.version !== version) {
    throw new Error(`${path} is ${installed.version}, and locked is ${version}: run npm ci`);
  }
  if (typeof licence !== 'string') throw new Error(`${path} says no licence`);
  return { name: entry.name ?? installed.name, version, licence, integrity };
}

import { readFileSync } from 'node:fs';

/** The built-in fleets besides the usual one, which is played unless one of these is named. */
export const fleetNames = ['everywhere'] as const;

export type FleetName = (typeof fleetNames)[number];

/** Returns the configuration of a fleet, with the file in which it stands. */
export function fleetFile(name: FleetName): { readonly path: string; readonly text: string } {
  const path = `${name}/fleet.yaml`;
  const text = readFileSync(new URL(path, import.meta.url), 'utf8');
  return { path: `local/demo/${path}`, text };
}

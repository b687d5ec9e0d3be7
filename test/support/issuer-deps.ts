import { virtualClock } from 'local-cloud/virtual-clock.ts';
import type { IssuerDeps } from '#shared/issuers/issuer-plugin.ts';
import type { Log } from '#shared/log.ts';
import { Secret } from '#shared/secret.ts';
import { accountKeys } from './account-keys.ts';

/** What an issuer needs besides its configuration. */
export function issuerDeps(change: Partial<IssuerDeps> = {}): IssuerDeps {
  return {
    name: 'local',
    keyStore: accountKeys(),
    readSecret: async () => null,
    clock: virtualClock(),
    log: logInto([]),
    ...change,
  };
}

/** Keeps the messages, each with its reason. */
export function logInto(lines: string[]): Log {
  const write: Log['info'] = (message, { reason }) => {
    lines.push(reason ? `${message}: ${reason}` : message);
  };
  return { info: write, warn: write, error: write };
}

/** Secrets that a person wrote, and how often each was read. */
export function personalSecrets(values: Readonly<Record<string, string>>) {
  const read: string[] = [];
  return {
    read,
    async readSecret(name: string): Promise<Secret | null> {
      read.push(name);
      const value = values[name];
      return value === undefined ? null : new Secret(value);
    },
  };
}

import { newAttempt } from '#shared/acquire/attempt.ts';
import { acquire } from '#shared/acquire/order/acquire.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import type { DnsClient } from '#shared/dns/dns-client.ts';
import { createIssuer } from '#shared/issuers/registry.ts';
import type { KeyStore } from '#shared/keystores/key-store.ts';
import { heldRecord } from '#shared/ledger/lease.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import { s3BudgetBook } from '#shared/rate-limits/budget-book.ts';
import type { Secret } from '#shared/secret.ts';
import type { Solver } from '#shared/solvers/solver.ts';
import { addMs, minuteMs, secondMs, systemClock } from '#shared/time/clock.ts';
import { loadedIssuers } from '#test/support/loaded-issuers.ts';
import type { BenchClient, BenchTarget } from './client.ts';

const clock = systemClock;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A solver whose values are visible at once: Pebble is configured to accept every challenge. */
const solver: Solver = {
  zoneFor: async () => ({ zoneId: 'zone', name: null }),
  nameServers: async () => null,
  publish: async () => 'change',
  isPublished: async () => true,
  remove: async () => undefined,
  settleMs: 0,
};
const chosen = { key: 'none', solver, challenge: 'dns-01', cnameStrategy: 'none' } as const;

/** A resolver that never answers, so that nothing in DNS speaks against an order. */
const unanswered = async () => ({ answered: false, why: 'not asked' }) as const;
const dns: DnsClient = {
  addresses: unanswered,
  nameServers: unanswered,
  cname: unanswered,
  caa: unanswered,
  txtAt: unanswered,
};

/** As in an installation (functions/environment.ts). */
const usualPollMs = 4 * secondMs;

/** The issue stage from attempt to stored version, with ledger and key store in memory. */
export function certkeepClient({ directoryUrl, rootPem, pollMs }: BenchTarget): BenchClient {
  const objects = memoryObjects();
  const keyStore = memoryKeyStore();
  const ledger = s3Ledger({ objects, clock, writer: 'issue' });
  const issuerConfig = {
    type: 'acme' as const,
    directory: directoryUrl,
    termsOfServiceAgreed: true as const,
    contact: [],
    caBundle: rootPem,
  };
  const budgetBook = s3BudgetBook(objects, clock);
  const readSecret = async () => null;
  const issuer = createIssuer(loadedIssuers, issuerConfig, {
    name: 'ca',
    keyStore,
    readSecret,
    clock,
    log: silent,
  });
  let issued = 0;
  return {
    async issue(names) {
      issued += 1;
      const certificate: CertificateConfig = {
        id: `c${issued}`,
        names,
        domains: [],
        issuers: ['ca'],
        key: 'ecdsa-p256',
        rotation: 'always',
        adopt: 'new-arn',
        targets: [],
      };
      const begins = { reason: 'bench', issuer: 'ca', configuration: '', reuseKey: false };
      const attempt = newAttempt(`a${issued}`, certificate, { ...begins, now: clock.now() });
      await ledger.update(certificate.id, (record) => ({ ...record, attempt }));
      await acquire(
        {
          certificate,
          config: {
            certificates: [certificate],
            home: { account: '123456789012', region: 'us-east-1' },
            retired: { solvers: [], places: [] },
          },
          attemptId: attempt.id,
          mine: heldRecord((change) => ledger.update(certificate.id, change)),
          objects,
          issuer,
          issuerConfig,
          solvers: { forName: () => chosen, byKey: () => solver },
          dns,
          budgetBook,
          failures: 0,
          keyStore,
          clock,
          log: silent,
          pollMs: pollMs ?? usualPollMs,
          waitUntil: addMs(clock.now(), minuteMs),
          onCut: () => undefined,
        },
        attempt,
      );
    },
  };
}

function memoryObjects(): ObjectStore {
  const bodies = new Map<string, { body: Uint8Array; etag: string }>();
  let writes = 0;
  const write = (key: string, body: Uint8Array | string) => {
    writes += 1;
    bodies.set(key, { body: Buffer.from(body), etag: `"${writes}"` });
    return `"${writes}"`;
  };
  return {
    get: async (key) => bodies.get(key) ?? null,
    put: async (key, body) => void write(key, body),
    async putIf(key, body, etag) {
      if ((bodies.get(key)?.etag ?? null) !== etag) return { outcome: 'conflict' };
      return { outcome: 'written', etag: write(key, body) };
    },
    remove: async (key) => void bodies.delete(key),
    folders: async () => [],
    page: async () => ({ objects: [], isLast: true }),
  };
}

function memoryKeyStore(): KeyStore {
  const keys = new Map<string, Secret>();
  const once = (id: string, key: Secret) => {
    const kept = keys.get(id) ?? key;
    keys.set(id, kept);
    return kept;
  };
  return {
    storeKey: async (certificate, attempt, key) => once(`${certificate}/${attempt}`, key),
    readKey: async (certificate, attempt) => keys.get(`${certificate}/${attempt}`) ?? null,
    storeVersion: async () => undefined,
    readVersion: async () => null,
    nextAccountKey: async () => null,
    storeNextAccountKey: async (_, __, create) => create(),
    promoteAccountKey: async () => undefined,
    showThumbprint: async () => undefined,
    handleOf: (_, id) => id,
    versions: async () => [],
    current: async () => null,
    makeRoom: async () => undefined,
    promote: async () => undefined,
    replicate: async () => undefined,
    accountKey: async (issuer, create) => once(issuer, keys.get(issuer) ?? create()),
  };
}

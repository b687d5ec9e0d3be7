import { newAttempt } from '#shared/acquire/attempt.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import {
  type Attempt,
  type CertificateRecord,
  emptyRecord,
  type Failure,
  type Version,
} from '#shared/ledger/record/record.ts';
import { usualExecutions } from '#shared/limits.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';

/** The start of `virtualClock()`. */
export const now = new Date('2026-11-22T03:00:00Z');

export function inDays(days: number): Date {
  return addMs(now, days * dayMs);
}

export function wanted(change: Partial<CertificateConfig> = {}): CertificateConfig {
  return {
    id: 'shop',
    names: ['example.com', '*.example.com'],
    domains: ['example.com'],
    issuers: ['local'],
    key: 'ecdsa-p256',
    rotation: 'always',
    adopt: 'new-arn',
    targets: [],
    ...change,
  };
}

/** What `versionOf` came from. */
export const issuers: Config['issuers'] = {
  local: {
    type: 'acme',
    directory: 'https://ca.example/directory',
    termsOfServiceAgreed: true,
    contact: [],
  },
};

/** Nobody is told anything. */
export const silent: Config['alerts'] = {
  expiringDays: [],
  email: [],
  digest: 'never',
  runbook: 'docs/runbook.md',
};

/** A configuration of `wanted()` and nothing more. */
export function configWith(change: Partial<Config> = {}): Config {
  return {
    installation: 'certkeep',
    home: { account: '123456789012', region: 'us-east-1' },
    replicas: [],
    concurrency: usualExecutions,
    alerts: silent,
    issuers,
    solvers: [],
    certificates: [wanted()],
    retired: { solvers: [], places: [] },
    ...change,
  };
}

/** 10 days into its 90. */
export function versionOf(change: Partial<Version> = {}): Version {
  return {
    id: 'v1',
    serial: '0A',
    names: ['*.example.com', 'example.com'],
    keyAlgorithm: 'ecdsa-p256',
    notBefore: inDays(-10).toISOString(),
    notAfter: inDays(80).toISOString(),
    fingerprintSha256: '00',
    issuer: 'local',
    orderUrl: null,
    issuedAt: change.notBefore ?? inDays(-10).toISOString(),
    ...change,
  };
}

/** A record of `wanted()` with nothing to do. */
export function healthy(change: Partial<CertificateRecord> = {}): CertificateRecord {
  return { ...emptyRecord('shop', now), desired: 'v1', versions: [versionOf()], ...change };
}

export function attemptOf(change: Partial<Attempt> = {}): Attempt {
  const begins = {
    reason: 'expires in 29 days',
    issuer: 'local',
    configuration: 'c1',
    reuseKey: false,
    now,
  };
  return { ...newAttempt('a1', wanted(), begins), ...change };
}

export function failureUntil(until: Date, change: Partial<Failure> = {}): Failure {
  return {
    count: 1,
    lastAt: now.toISOString(),
    nextAttemptAt: until.toISOString(),
    error: 'OrderInvalid',
    message: 'no TXT record',
    ...change,
  };
}

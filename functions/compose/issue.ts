import { revocationsByList } from '#shared/acquire/crl/revocations.ts';
import { issue } from '#shared/acquire/issue.ts';
import { s3IssuerBook } from '#shared/acquire/issuer-book.ts';
import type { Issuer } from '#shared/acquire/issuers/issuer.ts';
import { createIssuer } from '#shared/acquire/issuers/registry.ts';
import { configuredSolvers } from '#shared/acquire/solvers/configured.ts';
import type { Foundation } from '../foundation.ts';
import type { Run } from '../handler.ts';
import { composeKeyStore, composeSecretReader } from './key-store.ts';

export function composeIssue(foundation: Foundation): Run<{ certificate: string }> {
  const { clients, clock, config, environment, log, objects } = foundation;
  const keyStore = composeKeyStore(foundation);
  const readSecret = composeSecretReader(foundation);
  const issuers = new Map<string, Issuer>();

  function issuerOf(name: string): Issuer {
    const known = issuers.get(name);
    if (known) return known;
    const configured = config.issuers[name];
    // The schema refuses a certificate whose issuer is not there.
    if (!configured) throw new Error(`issuer ${name} is not configured`);
    const issuer = createIssuer(configured, { name, keyStore, readSecret, clock, log });
    issuers.set(name, issuer);
    return issuer;
  }

  const ports = {
    ...foundation,
    keyStore,
    issuerOf,
    issuerBook: s3IssuerBook(objects, (name) => config.issuers[name]?.directory ?? ''),
    revocations: revocationsByList(clock),
    random: Math.random,
    solvers: configuredSolvers(config.solvers, { aws: clients(), clock }),
    pollMs: environment.CERTKEEP_POLL_MS,
    retryDelaysMs: environment.CERTKEEP_RETRY_DELAYS_MS,
  };
  return ({ certificate }, invocation) => issue(ports, certificate, invocation);
}

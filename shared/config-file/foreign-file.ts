import type { Finding } from '#shared/schema/finding.ts';
import { printable } from './messages/problem.ts';
import { childOf } from './messages/schema-at.ts';

/** Null unless the file belongs to another program: then one problem replaces one for each of its keys. */
export function foreignFile(raw: unknown): Finding | null {
  const [apiVersion, kind] = [childOf(raw, 'apiVersion'), childOf(raw, 'kind')];
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return null;
  const isCertManager = /^(?:[a-z0-9-]+\.)*cert-manager\.io\//.test(apiVersion);
  return {
    path: ['kind'],
    value: printable(`${apiVersion} ${kind}`),
    isKey: true,
    message: isCertManager
      ? `is a resource of cert-manager: certkeep has a file of its own, and reads none of Kubernetes`
      : 'is a resource of Kubernetes, which certkeep does not read',
    fix: (isCertManager && fixes[kind]) || 'Start from certkeep.example.yaml.',
  };
}

const fixes: Readonly<Record<string, string>> = {
  Certificate: [
    'Start from certkeep.example.yaml, and write an entry below "certificates:" for it:',
    'spec.dnsNames become "names:", spec.issuerRef.name becomes "issuer:", spec.privateKey "key:" and spec.renewBefore "renewBefore:".',
  ].join(' '),
  Issuer: issuerFix(),
  ClusterIssuer: issuerFix(),
};

function issuerFix(): string {
  return [
    'Start from certkeep.example.yaml, and write an entry below "issuers:" for it:',
    'spec.acme.server becomes "directory:"; spec.acme.solvers become "solvers:" with the same selectors, route53.hostedZoneID becomes "hostedZoneId:", route53.role "roleArn:".',
  ].join(' ');
}

import type { Finding } from '#shared/schema/finding.ts';
import { certificateSketch, issuerSketch } from './foreign-sketch.ts';
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
    fix: isCertManager ? certManagerFix(kind, raw) : start,
  };
}

const start = 'Start from certkeep.example.yaml.';
const steps = 'docs/migrate-from-cert-manager.md has the steps.';

function certManagerFix(kind: string, raw: unknown): string {
  if (kind === 'Certificate') {
    return [
      'Start from certkeep.example.yaml, or from what "npx certkeep init" writes for the listeners that serve it, and write an entry for it:',
      `${certificateSketch(raw)}.`,
      'spec.dnsNames become "names:", spec.issuerRef.name becomes "issuer:", spec.privateKey "key:" and spec.renewBefore "renewBefore:"; the Secret becomes one of Secrets Manager.',
      steps,
    ].join(' ');
  }
  if (kind === 'Issuer' || kind === 'ClusterIssuer') {
    return [
      'Start from certkeep.example.yaml, and write an entry for it:',
      `${issuerSketch(raw)}.`,
      'spec.acme.server becomes "directory:"; spec.acme.solvers become "solvers:" with the same selectors, route53.hostedZoneID becomes "hostedZoneId:", route53.role "roleArn:".',
      steps,
    ].join(' ');
  }
  return `${start} ${steps}`;
}

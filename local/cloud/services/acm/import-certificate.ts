import type { ImportCertificateCommandInput } from '@aws-sdk/client-acm';
import { isOperator } from '../../operator.ts';
import type { Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import type { AcmCertificate } from './certificate.ts';
import { checkImport, checkReimport } from './import-rules.ts';
import { invalid, readMaterial } from './material.ts';
import { type AcmState, addCertificate, certificateOf, certificatesOf } from './state.ts';
import { addTags, checkTags } from './tags.ts';

export function importCertificate(
  state: AcmState,
  input: ImportCertificateCommandInput,
  call: Call,
) {
  supportOnly('ImportCertificate', input, importMembers);
  const { clock, meter } = state;
  if (!isOperator(call.accessKeyId)) meter.throttle(call);
  const previous = previousOf(state, input, call);
  const now = clock.now();
  const material = readMaterial(input);
  checkImport(material, now);
  if (previous) checkReimport(previous.material.latest(), material);
  checkTags(new Map(), input.Tags ?? []);
  meter.checkQuotas(call, previous ? null : certificatesOf(state, call).filter(isImported).length);
  meter.count(call);
  if (previous) {
    previous.material.set(material, now);
    previous.importedAt = now;
    return { CertificateArn: previous.arn };
  }
  const certificate = addCertificate(state, call, 'IMPORTED', material);
  addTags(certificate, input.Tags ?? []);
  return { CertificateArn: certificate.arn };
}

const importMembers = [
  'CertificateArn',
  'Certificate',
  'PrivateKey',
  'CertificateChain',
  'Tags',
] as const;

/** The certificate that is imported again; null for a new one. */
function previousOf(
  state: AcmState,
  { CertificateArn, Tags }: ImportCertificateCommandInput,
  call: Call,
): AcmCertificate | null {
  if (CertificateArn === undefined) return null;
  const previous = certificateOf(state, CertificateArn, call);
  if (Tags?.length) {
    throw invalid('Tagging is not permitted on re-import. Use AddTagsToCertificate.');
  }
  if (!isImported(previous)) {
    // The page allows only "To replace a previously imported certificate"; AWS's message is unknown.
    throw invalid('Only a certificate that was imported can be imported again.');
  }
  return previous;
}

function isImported({ type }: AcmCertificate): boolean {
  return type === 'IMPORTED';
}

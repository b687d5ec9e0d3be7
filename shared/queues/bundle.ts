import type { CertificateWork, Message, Work } from './work.ts';

/** Returns what work must have in common to stand in one message. */
export function bundleKey(work: CertificateWork): string {
  return work.kind === 'deploy' ? `${work.kind} ${work.place}` : work.kind;
}

/** Puts certificates of one bundle into one message; the first one is named by the work itself. */
export function bundled<Sent extends CertificateWork>(
  first: Sent,
  others: readonly CertificateWork[],
): Message<Sent> {
  const also = new Set(others.map(({ certificate }) => certificate));
  also.delete(first.certificate);
  return also.size === 0 ? first : { ...first, also: [...also] };
}

/** Returns a message for each certificate of a message. */
export function apart<Sent extends CertificateWork>(message: Message<Sent>): readonly Sent[] {
  const { also = [], died: _, ...first } = message;
  const works = [first, ...also.map((certificate) => ({ ...first, certificate }))] as Sent[];
  return [...new Map(works.map((work) => [work.certificate, work])).values()];
}

export function isOfCertificate(work: Work): work is CertificateWork {
  return 'certificate' in work;
}

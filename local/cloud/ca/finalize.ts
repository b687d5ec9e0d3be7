import { X509Certificate } from 'node:crypto';
import { addMs } from '../clock.ts';
import { type Order, orderStatus } from './book.ts';
import { readCsr } from './csr.ts';
import type { Limiter } from './limits.ts';
import type { Payload } from './messages.ts';
import { refuse } from './problem.ts';
import type { Profiles } from './profiles.ts';
import { renewalId } from './renewal-info.ts';
import type { CertificateAuthority } from './x509.ts';

/** RFC 8555 §7.4: takes the CSR and issues; the order is `processing` for `finalizeMs`. */
export async function finalize(
  order: Order,
  payload: Payload,
  world: {
    readonly now: Date;
    readonly base: string;
    readonly authority: CertificateAuthority;
    readonly validityMs: number;
    readonly backdateMs: number;
    readonly finalizeMs: number;
    readonly profiles: Profiles;
    readonly crlUrl: string | null;
    readonly limiter: Limiter;
  },
): Promise<void> {
  refuseUnlessReady(order, world.now);
  const publicKey = await readCsr(payload.csr, order.names, order.account.key);
  // Checked again, since another finalize may have arrived while the CSR was read.
  refuseUnlessReady(order, world.now);
  order.finalizedTimes += 1;
  world.limiter.issued(order);
  const notBefore = addMs(world.now, -world.backdateMs);
  const { validityMs } = (order.profile && world.profiles[order.profile]) || world;
  // The validity period includes its last second (RFC 5280 §4.1.2.5).
  const notAfter = addMs(notBefore, validityMs - 1_000);
  const { names } = order;
  const { crlUrl } = world;
  const wanted = { names, publicKey, notBefore, notAfter, ...(crlUrl && { crlUrl }) };
  const issued = await world.authority.issue(wanted);
  const { certificatePem, chainPem, serial } = issued;
  const below = (chain: string) => `${certificatePem.trimEnd()}\n${chain.trimEnd()}\n`;
  order.certificate = {
    url: `${world.base}/acme/cert/${serial.toLowerCase()}`,
    serial: new X509Certificate(certificatePem).serialNumber,
    pem: below(chainPem),
    alternates: world.authority.alternates.map(({ intermediatePem }) => below(intermediatePem)),
    notBefore,
    notAfter,
    renewalId: renewalId(certificatePem),
    renewalInfo: null,
    readyAt: addMs(world.now, world.finalizeMs),
  };
}

function refuseUnlessReady(order: Order, now: Date): void {
  const status = orderStatus(order, now);
  if (status === 'ready') return;
  refuse('orderNotReady', `Order's status ("${status}") is not acceptable for finalization`);
}

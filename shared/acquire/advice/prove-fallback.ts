import { randomUUID } from 'node:crypto';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import type { Issuer } from '#shared/issuers/issuer.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import { type CertificateRecord, desiredVersion } from '#shared/ledger/record/record.ts';
import { levelOf } from '#shared/log.ts';
import { withLastWord } from '#shared/time/deadline.ts';
import type { Acquisition } from '../acquisition.ts';
import { fallbackFailedEvent } from '../events.ts';
import { mayTry, reportOutcome } from '../failure/choose-issuer.ts';
import type { IssuerBook } from '../failure/issuer-book.ts';
import { proveNames } from '../order/prove-names.ts';
import { hasNoTime, outOfTime } from '../progress.ts';
import type { Situation } from '../renewal/rules.ts';
import { fallbackDue, isToBeTold, postponed, withoutProof, withProof } from './fallbacks.ts';

export type ProofPorts = Omit<
  Acquisition,
  'certificate' | 'attemptId' | 'issuer' | 'issuerConfig' | 'failures'
> & {
  readonly issuerOf: (name: string) => Issuer;
  readonly issuerBook: IssuerBook;
};

/**
 * Orders one name of a certificate from a fallback issuer, up to the point where only finalize is left. A failure is written
 * down and reported, and stops nothing.
 */
export async function proveFallback(
  ports: ProofPorts,
  situation: Situation,
): Promise<CertificateRecord> {
  const { certificate, record } = situation;
  const standIn = fallbackDue(situation);
  const version = desiredVersion(record);
  if (!standIn || !version) return record;
  const { clock, log, mine } = ports;
  const { name: issuer } = standIn;
  const fields = { stage: 'issue', certificate: certificate.id, issuer } as const;
  const id = randomUUID();
  if (!(await mayTry(ports, issuer, id))) {
    return mine.update((current) => postponed(current, standIn, clock.now()));
  }
  // Written before the order: a run that dies of it does not order at every check.
  await mine.update((current) => postponed(current, standIn, clock.now()));
  try {
    await order(ports, situation, issuer, id);
    await reportOutcome(ports, certificate, { id, issuer }, null);
    log.info('fallback issuer works', fields);
    return await mine.update((current) => withProof(current, standIn, version, clock.now()));
  } catch (error) {
    // A run that is over has proved nothing; but if every run ends so, that means something.
    const failure = hasNoTime(error) ? outOfTime('the run had to end', error) : error;
    const outcome = errorName(failure);
    const reason = errorMessage(failure);
    const retryAt = failure instanceof CertkeepError ? failure.retryAt : null;
    log[levelOf(failure)]('fallback issuer does not work', { ...fields, outcome, reason });
    return await withLastWord(async () => {
      await reportOutcome(ports, certificate, { id, issuer }, failure);
      return mine.update((current) =>
        withTold(
          withoutProof(current, standIn, { name: outcome, message: reason, retryAt }, clock.now()),
          issuer,
        ),
      );
    });
  }
}

async function order(
  ports: ProofPorts,
  { certificate, issuers }: Situation,
  issuerName: string,
  id: string,
): Promise<void> {
  const issuerConfig = issuers[issuerName] as IssuerConfig;
  const issuer = ports.issuerOf(issuerName);
  const name = certificate.names.find((each) => !each.startsWith('*.')) ?? certificate.names[0];
  const canary = { ...certificate, names: [name as string] };
  const parties = { certificate: canary, attemptId: id, issuer, issuerConfig };
  const acquisition = { ...ports, ...parties, failures: 0 };
  await proveNames(acquisition, { issuer: issuerName, reason: 'proof of a fallback' });
}

function withTold(record: CertificateRecord, issuer: string): CertificateRecord {
  const state = record.fallbacks[issuer];
  if (!state || !isToBeTold(state)) return record;
  return withEvent(record, fallbackFailedEvent(record.id, issuer, state));
}

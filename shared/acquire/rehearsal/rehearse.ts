import { randomUUID } from 'node:crypto';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import type { Issuer } from '#shared/issuers/issuer.ts';
import { rehearsalIssuer, rehearsalObstacle } from '#shared/issuers/rehearsal.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { withLastWord } from '#shared/time/deadline.ts';
import type { Acquisition } from '../acquisition.ts';
import { removeTxt } from '../challenges/clean-up.ts';
import { proveNames } from '../order/prove-names.ts';
import { hasNoTime, outOfTime } from '../progress.ts';
import { rehearsalBegun, rehearsalEnded } from './rehearsed.ts';

export type RehearsalPorts = Omit<
  Acquisition,
  'certificate' | 'attemptId' | 'issuer' | 'issuerConfig' | 'failures'
> & {
  readonly config: Pick<Config, 'issuers'>;
  /** The staging directory of an issuer, by the name of the issuer. */
  readonly rehearsalAt: (name: string, config: IssuerConfig) => Issuer;
};

/**
 * Rehearses the next renewal of a certificate with all of its names, at the staging directory of its first issuer, and writes
 * down the result. A failure stops nothing: it says nothing about the CA itself.
 */
export async function rehearse(
  ports: RehearsalPorts,
  certificate: CertificateConfig,
): Promise<CertificateRecord> {
  const { clock, config, log, mine } = ports;
  const name = certificate.issuers[0] as string;
  const issuer = config.issuers[name];
  const issuerConfig = issuer ? rehearsalIssuer(issuer) : null;
  const { directory } = issuerConfig ?? issuer ?? { directory: '' };
  const names = certificate.names.length;
  const begun = await mine.update((current) =>
    rehearsalBegun(current, { directory, names }, clock.now()),
  );
  if (begun.rehearsed?.doneAt !== null) return begun;
  const attemptId = randomUUID();
  const validated = new Set<string>();
  const failure = await failureOf(async () => {
    // The configuration may have changed since somebody asked.
    const obstacle = rehearsalObstacle(name, issuer);
    if (obstacle || !issuerConfig) throw new CertkeepError('NoRehearsal', obstacle ?? '');
    const staging = counting(ports.rehearsalAt(name, issuerConfig), validated);
    const acquisition = { ...ports, certificate, attemptId, issuer: staging, issuerConfig };
    await proveNames({ ...acquisition, failures: 0 }, { issuer: name, reason: 'rehearsal' });
  });
  if (failure) await removeTxt({ ...ports, certificate }, (each) => each.attemptId === attemptId);
  log[failure ? 'warn' : 'info']('renewal rehearsed', {
    ...{ stage: 'issue', certificate: certificate.id, issuer: name, directory },
    outcome: failure?.error ?? 'passed',
    ...(failure && { reason: failure.message }),
  });
  const result = { failure, validated: validated.size };
  return withLastWord(() => mine.update((current) => rehearsalEnded(current, result, clock.now())));
}

async function failureOf(work: () => Promise<void>) {
  try {
    await work();
    return null;
  } catch (error) {
    // A run that is over has shown nothing.
    const failure = hasNoTime(error) ? outOfTime('the run had to end', error) : error;
    return { error: errorName(failure), message: errorMessage(failure).slice(0, 1_000) };
  }
}

/** Notes the challenges that the CA is asked to validate: it knows the others from before. */
function counting(issuer: Issuer, asked: Set<string>): Issuer {
  return {
    ...issuer,
    answer(url, published) {
      asked.add(url);
      return issuer.answer(url, published);
    },
  };
}

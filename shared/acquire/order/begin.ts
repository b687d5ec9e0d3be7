import { randomUUID } from 'node:crypto';
import type { CertificateConfig } from '#shared/config/config.ts';
import type { LeasedRecord } from '#shared/ledger/lease.ts';
import type { Attempt } from '#shared/ledger/record/record.ts';
import type { Clock } from '#shared/time/clock.ts';
import { abandoned, attemptOf, begun, newAttempt, resumed } from '../attempt.ts';
import type { NextDecision } from '../decide.ts';
import { chooseIssuer } from '../failure/choose-issuer.ts';
import type { IssuerBook } from '../failure/issuer-book.ts';

export type BeginPorts = {
  readonly mine: LeasedRecord;
  readonly issuerBook: IssuerBook;
  readonly clock: Clock;
};

/** Returns the attempt to work on: the one under way, a new one, or none. */
export async function attemptFor(
  ports: BeginPorts,
  certificate: CertificateConfig,
  decision: NextDecision,
  configuration: string,
): Promise<Attempt | null> {
  switch (decision.action) {
    case 'none':
    case 'put-off':
    case 'look':
    case 'rehearse':
    case 'wait':
      return null;
    case 'clean-up':
      await ports.mine.update(abandoned);
      return null;
    case 'resume': {
      const { id } = decision.attempt;
      const record = await ports.mine.update((current) => resumed(current, configuration));
      return attemptOf(record, id);
    }
    case 'begin':
      return begin(ports, certificate, decision, configuration);
  }
}

async function begin(
  ports: BeginPorts,
  certificate: CertificateConfig,
  { reason, needsNewKey, doubted }: NextDecision & { readonly action: 'begin' },
  configuration: string,
): Promise<Attempt> {
  const id = randomUUID();
  const { issuers } = certificate;
  const inTurn = issuers.toSorted(
    (one, other) => Number(one === doubted) - Number(other === doubted),
  );
  const attempt = newAttempt(id, certificate, {
    reason: reason.text,
    issuer: await chooseIssuer(ports, { issuers: inTurn }, id),
    configuration,
    reuseKey: certificate.rotation === 'reuse' && !needsNewKey,
    now: ports.clock.now(),
  });
  await ports.mine.update((record) => begun(record, attempt, certificate));
  return attempt;
}

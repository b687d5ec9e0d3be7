import { comparedWithCertificate } from '#shared/acquire/as-certified.ts';
import { s3BudgetBook } from '#shared/acquire/budgets/budget-book.ts';
import { check } from '#shared/acquire/check.ts';
import { entranceOf } from '#shared/acquire/entrance.ts';
import { plan } from '#shared/acquire/plan.ts';
import { answered } from '#shared/acquire/request.ts';
import { s3Rounds } from '#shared/deploy/drift/rounds.ts';
import { s3Proofs } from '#shared/deploy/rights-proof/proofs.ts';
import { capacityOf } from '#shared/dispatch/capacity.ts';
import { s3SentBook } from '#shared/dispatch/sent-book.ts';
import { s3RegionLook } from '#shared/finish/region-look.ts';
import { announcingBus, s3Announcements } from '#shared/ledger/announcements.ts';
import type { CertificateRecord } from '#shared/ledger/record.ts';
import { executionsOf } from '#shared/limits.ts';
import type { Foundation } from '../foundation.ts';
import type { Run } from '../handler.ts';
import { composeStarter } from './starter.ts';

export function composeCheck(foundation: Foundation): Run<unknown> {
  const { clock, config, log, objects } = foundation;
  const ids = config.certificates.map(({ id }) => id);
  const ports = {
    ...foundation,
    budgetBook: s3BudgetBook(objects, clock),
    sentBook: s3SentBook(objects),
    lookOf: (region: string) => s3RegionLook(objects, region),
    proofs: s3Proofs(objects),
    rounds: s3Rounds(objects),
    certified: (record: CertificateRecord) => comparedWithCertificate(foundation, record),
    bus: announcingBus(foundation.bus, s3Announcements(objects, 'check'), clock),
    functions: composeStarter(foundation),
    capacity: capacityOf(executionsOf(config)),
  };
  return (payload, invocation) =>
    answered<unknown>({ log }, payload, { ids, entrance: entranceOf(invocation) }, (request) =>
      'plan' in request ? plan(ports, { days: request.plan }) : check(ports, request, invocation),
    );
}

import { SNSClient } from '@aws-sdk/client-sns';
import { certifiedRecord, isComparedAt } from '#shared/acquire/store/as-certified.ts';
import { snsTopicWatch } from '#shared/adapters/sns-topic-watch.ts';
import { check } from '#shared/check/check.ts';
import { capacityOf } from '#shared/check/dispatch/capacity.ts';
import { s3SentBook } from '#shared/check/dispatch/sent-book.ts';
import { entranceOf } from '#shared/check/entrance.ts';
import { plan } from '#shared/check/forecast.ts';
import { s3Observations } from '#shared/check/observations/observations.ts';
import { answered } from '#shared/check/request.ts';
import { s3Rounds } from '#shared/deploy/drift/rounds.ts';
import { s3Proofs } from '#shared/deploy/rights-proof/proofs.ts';
import { s3RegionLook } from '#shared/finish/regions/region-look.ts';
import { namesOf } from '#shared/installation.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { executionsOf } from '#shared/limits.ts';
import { s3BudgetBook } from '#shared/rate-limits/budget-book.ts';
import { composeKeyWatch } from './compose/key-store.ts';
import { composeStarter } from './compose/starter.ts';
import { checkEvent } from './events.ts';
import type { Foundation } from './foundation.ts';
import { lambdaHandler, type Run } from './handler.ts';

export async function composeCheck(foundation: Foundation): Promise<Run<unknown>> {
  const { clients, clock, config, environment, log, objects } = foundation;
  const topicArn = environment.CERTKEEP_TOPIC_ARN;
  const { topic, watchTopic } = namesOf(config);
  const ids = config.certificates.map(({ id }) => id);
  const ports = {
    ...foundation,
    budgetBook: s3BudgetBook(objects, clock),
    sentBook: s3SentBook(objects),
    lookOf: (region: string) => s3RegionLook(objects, region),
    proofs: s3Proofs(objects),
    rounds: s3Rounds(objects),
    observations: s3Observations(objects),
    keys: await composeKeyWatch(foundation),
    topics: snsTopicWatch({ client: new SNSClient(clients()), arnOf: arnIn(topicArn) }),
    topicNames: [topic, watchTopic],
    certified: (record: CertificateRecord) =>
      isComparedAt(record.id, clock.now()) ? certifiedRecord(foundation, record) : record,
    functions: composeStarter(foundation),
    capacity: capacityOf(executionsOf(config)),
  };
  return (payload, invocation) =>
    answered<unknown>({ log }, payload, { ids, entrance: entranceOf(invocation) }, (request) =>
      'plan' in request ? plan(ports, { days: request.plan }) : check(ports, request, invocation),
    );
}

/** The ARN of another topic of the same account and region. */
function arnIn(topicArn: string): (topic: string) => string {
  const parts = topicArn.split(':').slice(0, -1);
  return (topic) => [...parts, topic].join(':');
}

export const handler = lambdaHandler('check', checkEvent, composeCheck);

import { SNSClient } from '@aws-sdk/client-sns';
import { s3Recalls } from '#shared/acquire/advice/recalls.ts';
import { ordersAtOnce } from '#shared/acquire/orders-at-once.ts';
import { certifiedRecord, isComparedAt } from '#shared/acquire/store/as-certified.ts';
import { snsTopicWatch } from '#shared/adapters/sns-topic-watch.ts';
import { check } from '#shared/check/check.ts';
import { capacityOf } from '#shared/check/dispatch/capacity.ts';
import { s3SentBook } from '#shared/check/dispatch/sent-book.ts';
import { entranceOf } from '#shared/check/entrance.ts';
import type { WatcherLook } from '#shared/check/observations/look.ts';
import { s3Observations } from '#shared/check/observations/observations.ts';
import { watchersOf } from '#shared/check/observations/watchers.ts';
import { answered } from '#shared/check/request.ts';
import type { Sign } from '#shared/check/signs/sign.ts';
import { s3Rounds } from '#shared/deploy/drift/rounds.ts';
import { s3Proofs } from '#shared/deploy/rights-proof/proofs.ts';
import { s3VerifyBook } from '#shared/deploy/verify/verify-book.ts';
import { s3Told } from '#shared/finish/alert/told.ts';
import { s3RegionLook } from '#shared/finish/regions/region-look.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { executionsOf } from '#shared/limits.ts';
import { s3BudgetBook } from '#shared/rate-limits/budget-book.ts';
import { partitionOf } from '#shared/region.ts';
import { following } from './compose/following.ts';
import { composeKeyWatch } from './compose/key-store.ts';
import { composeStarter } from './compose/starter.ts';
import { checkEvent } from './events.ts';
import type { Foundation } from './foundation.ts';
import { lambdaHandler, type Run } from './handler.ts';

async function compose(foundation: Foundation): Promise<Run<unknown>> {
  const { clock, config, log, objects } = foundation;
  const ids = config.certificates.map(({ id }) => id);
  const ports = {
    ...foundation,
    budgetBook: s3BudgetBook(objects, clock),
    recallBook: s3Recalls(objects),
    sentBook: s3SentBook(objects),
    verifyBook: s3VerifyBook(objects),
    lookOf: (region: string) => s3RegionLook(objects, region),
    proofs: s3Proofs(objects),
    rounds: s3Rounds(objects),
    discovery: await discoveryOf(foundation),
    observations: s3Observations(objects),
    keys: await composeKeyWatch(foundation),
    watchers: watchersOf(config),
    watcherLook: watcherLookOf(foundation),
    told: s3Told(objects),
    signs: await signsOf(foundation),
    measureAlert: alertMeasure(foundation),
    certified: (record: CertificateRecord) =>
      isComparedAt(record.id, clock.now()) ? certifiedRecord(foundation, record) : record,
    functions: composeStarter(foundation),
    capacity: capacityOf(executionsOf(config), ordersAtOnce(config)),
  };
  return (payload, invocation) =>
    answered<unknown>(
      { log },
      payload,
      { ids, entrance: entranceOf(invocation), now: clock.now() },
      async (request) => {
        if (!('plan' in request)) return check(ports, request, invocation);
        // Only a person asks for it.
        const { plan } = await import('#shared/check/forecast.ts');
        return plan(ports, { days: request.plan });
      },
    );
}

/** It is loaded where the configuration looks for tags. */
async function discoveryOf(foundation: Foundation) {
  if (!foundation.config.discovery) return undefined;
  const { discoveryIn } = await import('#shared/check/discovery/discovery.ts');
  return discoveryIn(foundation);
}

function watcherLookOf({ clients, environment }: Foundation): WatcherLook {
  const optionsIn = kept(clients);
  const account = environment.CERTKEEP_ACCOUNT;
  return {
    audienceOf: snsTopicWatch({
      clientIn: kept((region) => new SNSClient(optionsIn(region))),
      arnOf: ({ name, region }) => `arn:${partitionOf(region)}:sns:${region}:${account}:${name}`,
    }),
    async statesOf(region, names) {
      const { alarmStates } = await loadCloudWatch();
      return alarmStates(optionsIn(region), names);
    },
  };
}

function alertMeasure({ clients, clock, config }: Foundation): (seconds: number) => Promise<void> {
  const options = clients();
  const { installation } = config;
  return async (value) => {
    const { putMetric } = await loadCloudWatch();
    await putMetric(options, { name: 'alertAge', value, at: clock.now(), installation });
  };
}

/** A request of a person does without it. The first check of an installation loads it. */
const loadCloudWatch = () => import('#shared/adapters/cloudwatch-client.ts');

/** Creates one for each region, and returns it again in all runs of a container. */
function kept<Kept>(create: (region: string) => Kept): (region: string) => Kept {
  const known = new Map<string, Kept>();
  return (region) => {
    const found = known.get(region) ?? create(region);
    known.set(region, found);
    return found;
  };
}

async function signsOf(foundation: Foundation): Promise<readonly Sign[]> {
  const { clients, clock, config } = foundation;
  const [replica] = config.replicas;
  const { heartbeat: wanted } = config.alerts;
  const signs: Sign[] = [];
  if (wanted) {
    const { composeHeartbeat } = await import('./compose/heartbeat.ts');
    signs.push(composeHeartbeat(foundation, wanted.secret));
  }
  if (replica !== undefined) {
    const { installation } = config;
    const options = clients(replica);
    signs.push({
      name: `metric in ${replica}`,
      async give() {
        const { putMetric } = await loadCloudWatch();
        await putMetric(options, { name: 'checks', value: 1, at: clock.now(), installation });
      },
    });
  }
  return signs;
}

export const composeCheck = following(compose);

export const handler = lambdaHandler('check', checkEvent, composeCheck);

import { STSClient } from '@aws-sdk/client-sts';
import { s3AccountBook } from '#shared/acquire/account/account-book.ts';
import { accountWishOf, answeredAccount } from '#shared/acquire/account/entrance.ts';
import { type Recalls, s3Recalls } from '#shared/acquire/advice/recalls.ts';
import { revocationsByList } from '#shared/acquire/advice/revocations.ts';
import { s3IssuerBook } from '#shared/acquire/failure/issuer-book.ts';
import { issue, passOnDeploys } from '#shared/acquire/issue.ts';
import { awsSecretReader } from '#shared/adapters/secret-reader.ts';
import { roleCredentials } from '#shared/aws/role-credentials.ts';
import { stsAssumeRole } from '#shared/aws/sts-assume-role.ts';
import { nodeDnsClient } from '#shared/dns/node-dns-client.ts';
import type { Issuer } from '#shared/issuers/issuer.ts';
import { createIssuer, loadIssuers } from '#shared/issuers/registry.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import { issueRunsAtOnce } from '#shared/limits.ts';
import { carry } from '#shared/queues/carry.ts';
import { s3BudgetBook } from '#shared/rate-limits/budget-book.ts';
import { partitionOf } from '#shared/region.ts';
import { configuredSolvers } from '#shared/solvers/configured.ts';
import { paces } from '#shared/solvers/pace.ts';
import { loadSolvers } from '#shared/solvers/registry.ts';
import { type Clock, secondMs } from '#shared/time/clock.ts';
import { ttlCache } from '#shared/time/ttl-cache.ts';
import { following } from './compose/following.ts';
import { composeKeyStore } from './compose/key-store.ts';
import { composeStarter } from './compose/starter.ts';
import { deliveryOf, type IssueEvent, issueEvent } from './events.ts';
import type { Foundation } from './foundation.ts';
import { lambdaHandler, type Run } from './handler.ts';

async function compose(foundation: Foundation): Promise<Run<IssueEvent>> {
  const { clock, config, environment, log, objects } = foundation;
  const keyStore = await composeKeyStore(foundation);
  const readSecret = awsSecretReader(foundation.clients, 'ExternalAccountUnreadable');
  const loaded = await loadIssuers(Object.values(config.issuers).map(({ type }) => type));
  const issuers = new Map<string, Issuer>();

  function issuerOf(name: string): Issuer {
    const configured = config.issuers[name];
    // The schema refuses a certificate whose issuer is missing.
    if (!configured) throw new Error(`issuer ${name} is not configured`);
    return issuerWith(name, configured);
  }

  /** The issuer of that name, or its staging directory. */
  function issuerWith(name: string, configured: IssuerConfig): Issuer {
    const key = `${name} ${configured.directory}`;
    const known = issuers.get(key);
    if (known) return known;
    const issuer = createIssuer(loaded, configured, { name, keyStore, readSecret, clock, log });
    issuers.set(key, issuer);
    return issuer;
  }

  const ports = {
    ...foundation,
    functions: composeStarter(foundation),
    keyStore,
    issuerOf,
    rehearsalAt: issuerWith,
    issuerBook: s3IssuerBook(objects, (name) => config.issuers[name]?.directory ?? ''),
    budgetBook: s3BudgetBook(objects, clock),
    recallBook: keptRecalls(objects, clock),
    revocations: revocationsByList(clock),
    random: Math.random,
    solvers: await composeSolvers(foundation),
    dns: nodeDnsClient({ resolver: environment.CERTKEEP_RESOLVER || null }),
    pollMs: environment.CERTKEEP_POLL_MS,
    retryDelaysMs: environment.CERTKEEP_RETRY_DELAYS_MS,
  };
  const accounts = {
    ...{ config, clock, log },
    bookOf: (account: string) => s3AccountBook(objects, account),
    accountOf: (name: string) => issuerOf(name).account,
  };
  return async (event, invocation) => {
    const kind = accountWishOf(invocation);
    if ('issuer' in event || kind !== null) return answeredAccount(accounts, event, kind);
    return carry(ports, deliveryOf('issue', event), invocation, {
      work: ({ certificate }, passing) => issue(passing, certificate, invocation),
      passOn: ({ certificate }, passing) => passOnDeploys(passing, certificate),
    });
  };
}

/** The certificates of one run read it once. */
function keptRecalls(objects: Foundation['objects'], clock: Clock): SharedObject<Recalls> {
  const book = s3Recalls(objects);
  const kept = ttlCache(clock, recallsKeptMs, () => book.read());
  return {
    read: () => kept.get(''),
    async update(change) {
      const changed = await book.update(change);
      kept.forget();
      return changed;
    },
  };
}

const recallsKeptMs = 10 * secondMs;

async function composeSolvers({ clients, clock, config, environment, objects }: Foundation) {
  const aws = clients();
  const sessionName = `${environment.CERTKEEP_INSTALLATION}-issue`;
  const sts = new STSClient(aws);
  const asDns = stsAssumeRole(sts, sessionName, 'DnsCredentialsRefused');
  const asListeners = stsAssumeRole(sts, sessionName, 'ListenerRoleRefused');
  const dnsCredentials = roleCredentials({ assumeRole: asDns, clock });
  const listenerCredentials = roleCredentials({ assumeRole: asListeners, clock });
  const partition = partitionOf(config.home.region);
  const { externalId } = config;
  const { retired, solvers } = config;
  const loaded = await loadSolvers([...solvers, ...retired.solvers].map(({ type }) => type));
  return configuredSolvers(loaded, config, {
    clock,
    aws,
    inRole: (role) => ({ ...aws, credentials: dnsCredentials(role) }),
    atListener: ({ account, region }) => ({
      ...clients(region),
      credentials: listenerCredentials({
        roleArn: `arn:${partition}:iam::${account}:role/${environment.CERTKEEP_LISTENER_ROLE}`,
        ...(externalId !== undefined && { externalId }),
      }),
    }),
    installation: environment.CERTKEEP_INSTALLATION,
    objects,
    secrets: awsSecretReader(clients),
    pace: paces(clock, issueRunsAtOnce(config)),
  });
}

export const composeIssue = following(compose);

export const handler = lambdaHandler('issue', issueEvent, composeIssue, {
  certificate: 'shop',
});

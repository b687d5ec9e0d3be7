import {
  accountSecret,
  certificateSecret,
  functionNames,
  namesOf,
  queueNames,
} from '#shared/installation.ts';
import { accountKeyName } from '#shared/issuers/account-name.ts';
import { partKey } from '#shared/ledger/parts/writers.ts';
import { recordKey } from '#shared/ledger/record/record-object.ts';
import { tryListener } from './listener-trial.ts';
import type { Finding, Step, Trial } from './step.ts';

/** The steps, in the order of docs/first-account.md. */
export const steps: readonly Step[] = [
  { name: 'identity', doing: 'asking who you are', look: lookAtIdentity },
  {
    name: 'concurrency',
    doing: 'asking Lambda for the executions of the account',
    look: lookAtConcurrency,
  },
  { name: 'installation', doing: 'running check', look: lookAtInstallation },
  {
    name: 'rights',
    doing: 'importing, re-importing and deleting by the role of deploy',
    look: lookAtRights,
  },
  {
    name: 'listener',
    doing: 'replacing the default of the listener, and putting it back',
    look: ({ account, options, clock }) => tryListener(account, options, clock),
  },
  { name: 'event bus', doing: 'asking for the rules of the bus', look: lookAtBus },
  { name: 'secrets', doing: 'asking for the replicas of the secrets', look: lookAtSecrets },
  { name: 'copies', doing: 'reading the copies in the other regions', look: lookAtCopies },
  { name: 'dead letters', doing: 'counting dead letters', look: lookAtDeadLetters },
  { name: 'messages', doing: 'asking who gets messages', look: lookAtSubscriptions },
];

async function lookAtIdentity({ account }: Trial): Promise<Finding> {
  const { arn } = await account.identity();
  return { result: 'ok', saw: arn };
}

/** Enough for all mappings together, and for check, alert and sync. */
const enoughExecutions = 10;

async function lookAtConcurrency({ account }: Trial): Promise<Finding> {
  const executions = await account.concurrency();
  const saw = `${executions} concurrent executions for all functions of the account and region`;
  if (executions >= enoughExecutions) return { result: 'ok', saw };
  const todo =
    'Ask for more in Service Quotas (Lambda, "Concurrent executions"): certkeep needs ten.';
  return { result: 'failed', saw, todo };
}

async function lookAtInstallation({ account, config, options }: Trial): Promise<Finding> {
  const names = namesOf(config);
  const { functions } = await account.installed(options.installation);
  const missing = functionNames.map(names.function).filter((name) => !functions.includes(name));
  if (missing.length > 0) {
    const saw = `without ${missing.join(', ')}`;
    return { result: 'failed', saw, todo: 'Deploy again: npx cdk deploy --all.' };
  }
  await account.invoke(names.function('check'), {});
  const ids = config.certificates.map(({ id }) => id);
  const records = await Promise.all(
    ids.map((id) => account.objectIn(config.home.region, names.bucket, partKey('issue', id))),
  );
  const issued = records.filter((text) => text && JSON.parse(text).desired !== null);
  const saw = `${functionNames.length} functions; check ran; ${issued.length} of ${ids.length} certificates issued`;
  if (issued.length === ids.length) return { result: 'ok', saw };
  const todo = 'Give a new installation half an hour; then look at acquireFailure in the records.';
  return { result: 'warning', saw, todo };
}

async function lookAtRights({ account, config }: Trial): Promise<Finding> {
  const place = `${config.home.account}/${config.home.region}`;
  const deploy = namesOf(config).function('deploy');
  const answer = await account.invoke(deploy, { kind: 'prove', place, again: true });
  const { outcome = '', message = '' } = (answer ?? {}) as { outcome?: string; message?: string };
  if (outcome === 'proven') {
    return { result: 'ok', saw: `${place}: imported with tags, imported over, deleted` };
  }
  if (outcome === 'nothing-to-do') {
    return { result: 'skipped', saw: `no certificate has a target in ${place}` };
  }
  if (outcome === 'busy') {
    const todo = 'Run this again in five minutes.';
    return { result: 'warning', saw: `${place}: another run is at it`, todo };
  }
  const saw = `${place}: ${message || JSON.stringify(answer)}`;
  return { result: 'failed', saw, todo: 'docs/runbook.md, RightsNotProven.' };
}

/** One rule sends issued certificates to sync, the other every event to alert. */
const rulesOfBus = 2;

async function lookAtBus({ account, config }: Trial): Promise<Finding> {
  const { bus } = namesOf(config);
  const rules = await account.rules(bus);
  if (!rules) return { result: 'failed', saw: `no bus ${bus}`, todo: 'Deploy again.' };
  const working = rules.filter(({ isEnabled, targets }) => isEnabled && targets > 0);
  const saw = `${working.length} of ${rulesOfBus} rules enabled, each with its function`;
  if (working.length >= rulesOfBus) return { result: 'ok', saw };
  return { result: 'failed', saw, todo: 'Enable them (aws events enable-rule), or deploy again.' };
}

async function lookAtSecrets({ account, config }: Trial): Promise<Finding> {
  if (config.replicas.length === 0) return { result: 'skipped', saw: 'no replicas configured' };
  const { installation } = config;
  const behind: string[] = [];
  let seen = 0;
  async function lookAt(secret: string): Promise<void> {
    const status = await account.replication(secret);
    // The account does not exist before the first order that needs it.
    if (!status && secret.startsWith(accountSecret(installation, ''))) return;
    seen += 1;
    for (const region of config.replicas) {
      const here = status ? (status[region] ?? 'no replica') : 'no secret';
      if (here !== 'InSync') behind.push(`${secret} in ${region}: ${here}`);
    }
  }
  for (const { id } of config.certificates) await lookAt(certificateSecret(installation, id));
  for (const account of new Set(Object.values(config.issuers).map(accountKeyName))) {
    await lookAt(accountSecret(installation, account));
  }
  if (behind.length === 0) return { result: 'ok', saw: `${seen} secrets in sync` };
  const todo = 'Wait ten minutes after the first issue; then docs/runbook.md, region-behind.';
  return { result: 'failed', saw: behind.join('; '), todo };
}

/** Reading a copy needs the key of its region. */
async function lookAtCopies({ account, config }: Trial): Promise<Finding> {
  if (config.replicas.length === 0) return { result: 'skipped', saw: 'no replicas configured' };
  const names = namesOf(config);
  const missing: string[] = [];
  for (const region of config.replicas) {
    for (const { id } of config.certificates) {
      const bucket = names.replicaBucket(region);
      if ((await account.objectIn(region, bucket, recordKey(id))) === null) {
        missing.push(`${id} in ${region}`);
      }
    }
  }
  if (missing.length === 0) {
    return { result: 'ok', saw: `every record is in ${config.replicas.join(', ')}` };
  }
  const todo = 'Check the stack of that region; then docs/runbook.md, ReplicaDiffers.';
  return { result: 'failed', saw: `no copy of ${missing.join(', ')}`, todo };
}

async function lookAtDeadLetters({ account, config }: Trial): Promise<Finding> {
  const names = namesOf(config);
  const queues = [...queueNames.map(names.deadLetters), names.deadEvents];
  const counted = await Promise.all(
    queues.map(async (queue) => ({ queue, messages: await account.messagesIn(queue) })),
  );
  const wrong = counted.filter(({ messages }) => messages !== 0);
  if (wrong.length === 0) return { result: 'ok', saw: `${queues.length} queues, all empty` };
  const saw = wrong.map(({ queue, messages }) => `${queue}: ${messages ?? 'not there'}`).join('; ');
  return { result: 'failed', saw, todo: 'docs/runbook.md, DeadLetters.' };
}

async function lookAtSubscriptions({ account, config }: Trial): Promise<Finding> {
  const { topic: alerts, watchTopic } = namesOf(config);
  const all = await Promise.all(
    [alerts, watchTopic].map(async (topic) => ({
      topic,
      found: await account.subscriptions(topic),
    })),
  );
  const missing = all.filter(({ found }) => !found).map(({ topic }) => topic);
  if (missing.length > 0) {
    return { result: 'failed', saw: `no topic ${missing.join(', ')}`, todo: 'Deploy again.' };
  }
  const listed = all.flatMap(({ found, topic }) =>
    (found ?? []).map(({ endpoint, isConfirmed }) => ({
      name: `${endpoint} (${topic})`,
      isConfirmed,
    })),
  );
  const open = listed.filter(({ isConfirmed }) => !isConfirmed).map(({ name }) => name);
  if (open.length > 0) {
    const todo =
      'Follow the link in AWS’s mail; `aws sns subscribe` with the address sends another.';
    return { result: 'failed', saw: `not confirmed: ${open.join(', ')}`, todo };
  }
  const silent = all.filter(({ found }) => found?.length === 0).map(({ topic }) => topic);
  if (silent.length === 0) return { result: 'ok', saw: `${listed.length} confirmed` };
  const todo = 'Name an address: alerts: {email: [...]}.';
  return { result: 'warning', saw: `nobody is told anything by ${silent.join(', ')}`, todo };
}

import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { AcmeCa } from 'local-cloud/ca/acme-ca.ts';
import type { Reply } from 'local-cloud/ca/messages.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { type IssuerYaml, oddLeaf, pemReply, refusing, type TwoCas } from './two-cas.ts';
import { putRecord } from './world-records.ts';

/** One way in which the first of two CAs fails for as long as anybody looks. */
export type Way = {
  readonly title: string;
  /** Whether the second takes its place within four hours; `in vain` where it would refuse, too. */
  readonly failsOver: boolean | 'in vain';
  /** Of the certificate in service, 25 unless told; null where there is none yet. */
  readonly daysLeft?: number | null;
  /** How the configuration is written. */
  readonly first?: IssuerYaml;
  readonly arrange: (cas: TwoCas) => Promise<void> | void;
};

const thirtyFourHours = (34 * hourMs) / secondMs;

function refuses(
  title: string,
  failsOver: boolean,
  operation: string,
  problem: Parameters<typeof refusing>[1],
  {
    daysLeft,
    retryAfter,
    times,
  }: Partial<{ daysLeft: number | null; retryAfter: number; times: number }> = {},
): Way {
  const headers: Record<string, string> = retryAfter ? { 'retry-after': String(retryAfter) } : {};
  const rule = { ...refusing(operation, problem, headers), ...(times && { times }) };
  return {
    title,
    failsOver,
    ...(daysLeft !== undefined && { daysLeft }),
    arrange: ({ first }) => first.misbehaviour.add(rule),
  };
}

function answers(
  title: string,
  operations: readonly string[],
  change: (reply: Reply) => Reply,
): Way {
  return {
    title,
    failsOver: true,
    arrange: ({ first }) =>
      first.misbehaviour.add({
        when: ({ operation }) => operations.includes(operation),
        reply: async (usual) => change(await usual()),
      }),
  };
}

/** Of orders as the CA would show them. */
function orders(change: (order: Record<string, unknown>) => object): (reply: Reply) => Reply {
  return (reply) => ({ ...reply, body: change(reply.body as Record<string, unknown>) });
}

const limited = { type: 'rateLimited', status: 429 } as const;
const down = { type: 'serverInternal', status: 500 } as const;
const unauthorized = { type: 'unauthorized', status: 403 } as const;
const malformed = { type: 'malformed', status: 400 } as const;
const noSuchName = { type: 'rejectedIdentifier', status: 400 } as const;
const problem = (type: string) => ({ type: `urn:ietf:params:acme:error:${type}`, detail: 'x' });

/** Failures of the CA: another one might not have them. */
const theirs: readonly Way[] = [
  refuses('fails at newOrder', true, 'newOrder', down),
  refuses('fails at finalize', true, 'finalize', { ...down, status: 503 }),
  refuses(
    'is overloaded and says "soon", for hours',
    true,
    'newOrder',
    { ...down, status: 503 },
    { retryAfter: 120 },
  ),
  {
    title: 'cannot be reached',
    failsOver: true,
    arrange: ({ world }) =>
      world.cloud.faults.add({
        when: ({ service }) => service === 'acme',
        fault: { do: 'lose-answer' },
        times: Number.POSITIVE_INFINITY,
      }),
  },
  refuses('takes none of its own nonces', true, 'newOrder', { type: 'badNonce', status: 400 }),
  refuses('limits for longer than the certificate can wait', true, 'newOrder', limited, {
    daysLeft: 2,
    retryAfter: thirtyFourHours,
  }),
  refuses('limits without saying for how long', true, 'newOrder', limited),
  refuses('limits for a short time, again and again', true, 'newOrder', limited, {
    retryAfter: 600,
  }),
  answers(
    'is at work on an order without end',
    ['order', 'finalize'],
    orders(({ certificate: _, ...order }) => ({
      ...order,
      status: order.status === 'valid' ? 'processing' : order.status,
    })),
  ),
  answers(
    'ends orders by a failure of its own',
    ['order'],
    orders((order) => ({ ...order, status: 'invalid', error: problem('serverInternal') })),
  ),
  {
    title: 'forgets every order that it has finalized',
    failsOver: true,
    arrange: ({ first }) => {
      const isFinalized = () =>
        first.ledger().orders.some(({ serial, createdAt }) => serial !== null && createdAt > begun);
      const begun = first.ledger().orders.at(-1)?.createdAt ?? new Date(0);
      first.misbehaviour.add({
        when: ({ operation }) =>
          (operation === 'order' || operation === 'certificate') && isFinalized(),
        reply: () => ({ status: 404, body: problem('malformed') }),
      });
    },
  },
  {
    title: 'sends a certificate for another key',
    failsOver: true,
    arrange: async ({ first, world }) => {
      const body = await oddLeaf(world.clock.now());
      download(first, () => pemReply(body));
    },
  },
  {
    title: 'sends a hundred megabytes',
    failsOver: true,
    arrange: ({ first }) => download(first, () => pemReply('x'.repeat(100 << 20))),
  },
  answers('is behind something that forbids to ask it', ['newOrder'], () => ({
    status: 403,
    headers: { 'content-type': 'text/html' },
    body: '<html>Forbidden</html>',
  })),
  answers('redirects to another host', ['newOrder'], () => ({
    status: 307,
    headers: { location: 'https://metadata.internal/' },
    body: {},
  })),
];

/** What this CA refuses, and another one need not. */
const refusals: readonly Way[] = [
  refuses('has deactivated the account', true, 'newOrder', unauthorized),
  refuses('has deactivated the account, two days before the end', true, 'newOrder', unauthorized, {
    daysLeft: 2,
  }),
  refuses('wants new terms agreed to', true, 'newOrder', {
    type: 'userActionRequired',
    status: 403,
  }),
  refuses('has paused the name', true, 'newOrder', {
    ...limited,
    detail:
      'Your account is temporarily prevented from requesting certificates for example.com. Please visit: https://portal.example/unpause',
  }),
  refuses('is forbidden by CAA, as it says with challenges that are out', true, 'finalize', {
    type: 'caa',
    status: 403,
  }),
  {
    title: 'ends the order for its CAA while challenges are out',
    failsOver: true,
    arrange: ({ first }) =>
      first.misbehaviour.add({
        when: ({ operation }) => operation === 'order',
        reply: async (usual) =>
          orders((order) => ({ ...order, status: 'invalid', error: problem('caa') }))(
            await usual(),
          ),
      }),
  },
  {
    title: 'offers http-01 alone',
    failsOver: true,
    arrange: ({ first }) =>
      first.misbehaviour.add({
        when: ({ operation }) => operation === 'authz',
        reply: async (usual) => {
          const reply = await usual();
          const body = reply.body as { readonly challenges: readonly { readonly type: string }[] };
          const challenges = body.challenges.filter(({ type }) => type === 'http-01');
          return { ...reply, body: { ...body, challenges } };
        },
      }),
  },
  {
    title: 'no longer has the profile',
    failsOver: true,
    daysLeft: null,
    first: { profile: 'retired' },
    arrange: () => undefined,
  },
  {
    title: 'wants a binding whose secret cannot be read',
    failsOver: true,
    daysLeft: null,
    first: { externalAccountBinding: { secret: 'ca/first' } },
    arrange: async ({ world }) => {
      const secrets = new SecretsManagerClient(operatorClient(world.cloud, 'us-east-1'));
      const secret = { Name: 'ca/first', SecretString: 'still to be written' };
      await secrets.send(new CreateSecretCommand(secret));
    },
  },
  refuses('finds the request malformed, two days before the end', true, 'newOrder', malformed, {
    daysLeft: 2,
  }),
  refuses(
    'finds the request malformed, and there is no certificate yet',
    true,
    'newOrder',
    malformed,
    {
      daysLeft: null,
    },
  ),
  {
    title: 'would be forbidden by CAA, as is seen beforehand, and so would the second',
    failsOver: 'in vain',
    arrange: async ({ world }) => {
      const value = '0 issue "elsewhere.test"';
      await putRecord(world.cloud, 'example.com', 'UPSERT', 'example.com', 'CAA', [value]);
      world.clock.advance(minuteMs);
    },
  },
];

/** What any CA would refuse, what patience mends, and what no CA was asked for yet. */
const ours: readonly Way[] = [
  { title: 'finds no TXT record', failsOver: false, arrange: withoutTxt },
  refuses('issues for no such name', false, 'newOrder', {
    type: 'rejectedIdentifier',
    status: 400,
  }),
  refuses('issues for no such name, two days before the end', false, 'newOrder', noSuchName, {
    daysLeft: 2,
  }),
  refuses('finds the request malformed', false, 'newOrder', malformed),
  refuses('limits for a time that the certificate can wait', false, 'newOrder', limited, {
    retryAfter: thirtyFourHours,
  }),
  refuses('fails twice', false, 'newOrder', down, { times: 2 }),
  {
    title: 'is not come to, since DNS refuses the change',
    failsOver: false,
    arrange: ({ world }) =>
      world.cloud.faults.add({
        when: ({ operation }) => operation === 'ChangeResourceRecordSets',
        fault: { do: 'refuse', code: 'AccessDenied', status: 403 },
        times: Number.POSITIVE_INFINITY,
      }),
  },
];

export const ways: readonly Way[] = [...theirs, ...refusals, ...ours];

function download({ misbehaviour }: AcmeCa, reply: () => Reply): void {
  misbehaviour.add({ when: ({ operation }) => operation === 'certificate', reply });
}

/** As if a person deleted what proves control, whenever a challenge is answered. */
function withoutTxt({ world }: TwoCas): void {
  world.cloud.faults.add({
    when: ({ service, operation }) => {
      if (service !== 'acme' || operation !== 'challenge') return false;
      for (const { records } of world.cloud.route53.publicZones()) {
        (records.get('_acme-challenge.example.com.') as Map<string, unknown>)?.delete('TXT');
      }
      return false;
    },
    fault: { do: 'throttle' },
  });
}

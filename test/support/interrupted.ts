import type { OrderStatus } from 'local-cloud/ca/book.ts';
import type { Reply } from 'local-cloud/ca/messages.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { configText } from './fleet.ts';
import { startWorld, type World } from './world.ts';

/** Where the first run of an attempt dies. */
export const points = {
  'before it looked at an authorization': ['kill-before', 'authz'],
  'before it answered the challenge': ['kill-before', 'challenge'],
  'after it answered the challenge': ['kill-after', 'challenge'],
  'before finalize': ['kill-before', 'finalize'],
  'after finalize': ['kill-after', 'finalize'],
} as const;

export type Interrupted = {
  readonly world: World;
  /** The attempt that the run left. */
  readonly attempt: NonNullable<CertificateRecord['attempt']>;
  /** How often the CA was asked for something. */
  asked(operation: string): number;
  /** Of the order that the run left, in the CA's own book. */
  decide(status: 'valid' | 'invalid' | 'deactivated'): void;
  /** As if a certificate for the same names had finalized it. */
  finalizeForAnother(): void;
  /** The CA shows objects of the first order so, as often, whatever its book says. */
  show(operation: 'order' | 'authz', fields: Fields, times?: number): void;
  /** The CA knows no order until another one is made. */
  forget(): void;
};

type Fields = { readonly status: OrderStatus | string; readonly challenge?: string };

export async function interrupted(
  point: keyof typeof points,
  ca: { readonly finalizeMs?: number } = {},
): Promise<Interrupted> {
  const names = configText('  shop: {names: [example.com], issuer: local}\n');
  const world = await startWorld(names, { ca });
  const [fault, operation] = points[point];
  const isHere = (call: { service: string; operation: string }) =>
    call.service === 'acme' && call.operation === operation;
  world.cloud.faults.add({ when: isHere, fault: { do: fault } });
  await world.check();
  const { attempt } = world.record('shop');
  if (!attempt?.orderUrl) throw new Error('the run left no order');
  const order = world.cloud.ca.orderAt(attempt.orderUrl);
  const asked = (wanted: string) =>
    world.cloud.faults.calls.filter((call) => call.operation === wanted).length;
  return {
    world,
    attempt,
    asked,
    decide(status) {
      for (const authorization of order.authorizations) {
        authorization.decision = status;
        for (const challenge of authorization.challenges) {
          if (challenge.type === 'dns-01')
            challenge.status = status === 'valid' ? 'valid' : 'invalid';
        }
      }
    },
    finalizeForAnother() {
      order.finalizedTimes = 1;
    },
    show(operation, fields, times = 1) {
      world.cloud.ca.misbehaviour.add({
        when: (request) => request.operation === operation && asked('newOrder') === 1,
        reply: async (usual) => shown(await usual(), fields),
        times,
      });
    },
    forget() {
      const body = { type: 'urn:ietf:params:acme:error:malformed', detail: 'no such order' };
      world.cloud.ca.misbehaviour.add({
        when: (request) => request.operation === 'order' && asked('newOrder') === 1,
        reply: () => ({ status: 404, body }),
      });
    },
  };
}

function shown(reply: Reply, { status, challenge }: Fields): Reply {
  const body = reply.body as { challenges?: readonly { type: string }[] };
  const challenges = body.challenges?.map((each) =>
    challenge && each.type === 'dns-01' ? { ...each, status: challenge } : each,
  );
  return { ...reply, body: { ...body, status, ...(challenges && { challenges }) } };
}

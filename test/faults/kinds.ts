import type { Fault } from 'local-cloud/faults.ts';
import { secondMs } from '#shared/time/clock.ts';
import type { NamedCall } from './calls.ts';
import type { Strike } from './strike.ts';

/** The tools of a fault: `freeze` and `delay` need the world. */
type FaultMeans = {
  readonly clock: { sleep(ms: number): Promise<void> };
  readonly random: () => number;
  readonly thawed: () => Promise<void>;
  /** Changes, as somebody else, the data that this call reads. */
  readonly rival: () => Promise<void>;
};

export type FaultKind = {
  readonly name: string;
  /** The text for the page. */
  readonly summary: string;
  /** Says whether it differs from the other faults at this call. */
  applies(call: NamedCall): boolean;
  /** Says whether nobody need hear of it: the tries of the SDK, or the next look, repair it. */
  isSilent?(call: NamedCall): boolean;
  /** The number of times that the same call is struck: 3 outlasts the SDK's own tries. */
  times(call: NamedCall): number;
  fault(call: NamedCall, means: FaultMeans): Fault;
};

const once = () => 1;
const always = () => true;
/** The ACME transport does not retry by itself. */
const everyTry = (call: NamedCall) => (call.service === 'acme' ? 1 : 3);

export const faultKinds: readonly FaultKind[] = [
  {
    name: 'kill-before',
    summary: 'the function dies before it',
    applies: always,
    times: once,
    fault: () => ({ do: 'kill-before' }),
  },
  {
    name: 'kill-after',
    summary: 'the function dies after it took effect',
    applies: ({ changes }) => changes,
    times: once,
    fault: () => ({ do: 'kill-after' }),
  },
  {
    name: 'lose-answer',
    // Nothing can tell if an order exists now: the run ends there, which is reported, and the next one finds it.
    isSilent: ({ service, operation }) => !(service === 'acme' && operation === 'newOrder'),
    summary: 'it takes effect, its answer is lost, and the SDK asks again',
    applies: always,
    times: once,
    fault: () => ({ do: 'lose-answer' }),
  },
  {
    name: 'lose-answers',
    summary: 'it takes effect, and the answers to all tries of the SDK are lost',
    applies: always,
    times: () => 3,
    fault: () => ({ do: 'lose-answer' }),
  },
  {
    name: 'throttle',
    summary: 'it is throttled, at all tries of the SDK',
    applies: always,
    times: everyTry,
    fault: () => ({ do: 'throttle' }),
  },
  {
    name: 'refuse',
    summary: 'it is refused: access denied, or a service error at all tries of the SDK',
    applies: always,
    times: everyTry,
    fault: (call, { random }) => refusal(call, random()),
  },
  {
    name: 'late',
    summary: 'its answer comes 25, 100 or 200 seconds later, which is after the end of the run',
    applies: always,
    times: once,
    fault: (_, { clock, random }) => ({
      do: 'delay',
      ms: ([25, 100, 200][Math.floor(random() * 3)] ?? 25) * secondMs,
      clock,
    }),
  },
  {
    name: 'twice',
    isSilent: always,
    summary: 'it takes effect twice, and the second answer is given',
    applies: ({ changes }) => changes,
    times: once,
    fault: () => ({ do: 'twice' }),
  },
  {
    name: 'freeze',
    summary:
      'the function is frozen before it, until lease and deadline are over and a successor is done',
    applies: always,
    times: once,
    fault: (_, { thawed }) => ({ do: 'freeze', thawed }),
  },
  {
    name: 'rival',
    isSilent: always,
    summary:
      'somebody else changes what was read before it is written: a TXT set, a ledger record, a budget',
    applies: isContended,
    times: once,
    fault: (_, { rival }) => ({ do: 'meanwhile', act: rival }),
  },
];

/** Says whether nobody need hear of a fault at a call. */
export function isSilent({ call, fault }: Strike): boolean {
  return faultKinds.find(({ name }) => name === fault)?.isSilent?.(call) ?? false;
}

/** Says whether others write the object, too, and certkeep reads it before it writes. */
function isContended({ operation, group }: NamedCall): boolean {
  if (operation === 'ListResourceRecordSets') return true;
  const isShared = /records\/\w+\/[^/]+\.json$/.test(group) || group.includes(' budgets/');
  return operation === 'GetObject' && isShared && !group.includes('eu-west-1');
}

function refusal({ service }: NamedCall, chance: number): Fault {
  if (service === 'acme') return { do: 'refuse', code: 'serverInternal', status: 500 };
  if (chance < 0.5) return { do: 'refuse', code: 'InternalFailure', status: 500 };
  return service === 's3'
    ? { do: 'refuse', code: 'AccessDenied', status: 403 }
    : { do: 'refuse', code: 'AccessDeniedException', status: 400 };
}

import type { OutsideCall } from '#local/faults.ts';

/** An outside call under a name that is the same in every world that has got as far. */
export type NamedCall = {
  /** `issue(shop)/1 acme finalize #1`: which run of which function, what it asks of what, and the how manieth. */
  readonly id: string;
  /** The id without its last number. */
  readonly group: string;
  readonly occurrence: number;
  readonly run: string;
  /** The certificate that the run is about, or nothing for those that look at all. */
  readonly certificate: string;
  readonly service: string;
  readonly operation: string;
  readonly changes: boolean;
  /** How many changes anybody had made before: what is read in between reads the same. */
  readonly state: number;
};

export type CallNames = {
  /** The next calls are of this run. */
  begin(functionName: string, event: unknown): void;
  /** Names a call as it arrives; null for those of nobody: of the set-up, or of the test itself. */
  name(call: OutsideCall): NamedCall | null;
  /** All that were named. */
  readonly seen: readonly NamedCall[];
};

/** Names calls, where one run follows the other. */
export function callNames(): CallNames {
  const runs = new Map<string, number>();
  const occurrences = new Map<string, number>();
  const seen: NamedCall[] = [];
  let run = '';
  let certificate = '';
  let state = 0;
  return {
    seen,
    begin(functionName, event) {
      const subject = subjectOf(event);
      certificate = subject.split(' ')[0] ?? '';
      const label = `${functionName}(${subject})`;
      run = `${label}/${counted(runs, label)}`;
    },
    name(call) {
      if (call.caller === null || run === '') return null;
      const { service, operation } = call;
      const resource = resourceOf(call.input);
      const group = [run, service, operation, resource].filter((part) => part !== '').join(' ');
      const occurrence = counted(occurrences, group);
      const id = `${group} #${occurrence}`;
      const changes = isChange(call);
      const named = { id, group, occurrence, run, certificate, service, operation, changes, state };
      if (changes) state += 1;
      seen.push(named);
      return named;
    },
  };
}

function counted(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}

/** The certificate that a run is about, with the type of an event. */
function subjectOf(event: unknown): string {
  const { certificate, type, sweep } = (event ?? {}) as Record<string, unknown>;
  if (sweep) return '';
  return [certificate, type].filter((part) => typeof part === 'string').join(' ');
}

/** What a call is about, without what is random in it. */
function resourceOf(input: unknown): string {
  const given = (input ?? {}) as Record<string, unknown>;
  const about = [
    'Bucket',
    'Key',
    'SecretId',
    'Name',
    'VersionStage',
    'QueueUrl',
    'ListenerArn',
    'ListenerArns',
    'LoadBalancerName',
    'LoadBalancerNames',
    'LoadBalancerArns',
    'DNSName',
    'RoleArn',
    'StartRecordName',
  ].flatMap((name) => (given[name] === undefined ? [] : [given[name]].flat()));
  const body = /"certificate":"([^"]+)"/.exec(String(given.MessageBody ?? ''))?.[1];
  return [...about, ...(body ? [body] : [])].map((text) => withoutRandom(String(text))).join(' ');
}

function withoutRandom(text: string): string {
  return text
    .replace(/^http:\/\/[^/]+\//, '')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '*')
    .replace(/\b[0-9a-f]{12,16}\b/g, '*')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '*')
    .replace(/127\.0\.0\.1-\d+/, '*')
    .replace(/arn:aws:[^/]+\/(app\/)?/, '');
}

const reads = /^(Get|Describe|List|Head|Assume)/;
const acmeReads = ['directory', 'newNonce', 'authz', 'order', 'certificate', 'renewalInfo'];

function isChange({ service, operation }: OutsideCall): boolean {
  return service === 'acme' ? !acmeReads.includes(operation) : !reads.test(operation);
}

/**
 * Those that stand for all: of the reads that one function repeats of one thing while nobody changes
 * anything, the first, the second and the last. In an order of their own, so that a number names one.
 */
export function representatives(seen: readonly NamedCall[]): readonly NamedCall[] {
  const alike = Map.groupBy(seen, (call) =>
    call.changes ? call.id : `${call.group.replace(/\/\d+ /, ' ')} ${call.state}`,
  );
  const chosen = new Set(
    [...alike.values()].flatMap((calls) => [...calls.slice(0, 2), ...calls.slice(-1)]),
  );
  return [...chosen].sort((a, b) => (a.id < b.id ? -1 : 1));
}

import type { OutsideCall } from 'local-cloud/faults.ts';

/** An outside call with a name that is the same in every world that has got as far. */
export type NamedCall = {
  /**
   * `fleet issue(shop)/1 acme finalize #1`: the setting, the run of a function, the service and its operation, and the
   * number of the call.
   */
  readonly id: string;
  /** The id without its last number. */
  readonly group: string;
  readonly occurrence: number;
  /** Names the same call in any run of the function: `fleet issue(shop) acme finalize`, with its number among all runs. */
  readonly about: string;
  readonly nth: number;
  /** The setting that is played. */
  readonly setting: string;
  readonly functionName: string;
  /** The certificate of the run, or nothing for runs that look at all certificates. */
  readonly certificate: string;
  readonly service: string;
  readonly operation: string;
  /** The resource that it concerns, without random parts. */
  readonly resource: string;
  readonly changes: boolean;
  /** The number of changes made before: reads in between return the same. */
  readonly state: number;
};

export type CallNames = {
  /** Assigns the next calls to this run. */
  begin(functionName: string, event: unknown): void;
  /** Names a call as it arrives; null for calls that belong to no run: of the set-up, or of the test itself. */
  name(call: OutsideCall): NamedCall | null;
  /** All named calls. */
  readonly seen: readonly NamedCall[];
};

/** Names the calls of a setting, where the runs of a function follow one another. */
export function callNames(setting: string): CallNames {
  const runs = new Map<string, number>();
  const occurrences = new Map<string, number>();
  const nths = new Map<string, number>();
  const seen: NamedCall[] = [];
  /** By function: its present run. */
  const present = new Map<string, Subject & { readonly run: number }>();
  let state = 0;
  return {
    seen,
    begin(functionName, event) {
      const { label, certificate } = subjectOf(event);
      const run = counted(runs, `${functionName}(${label})`);
      present.set(functionName, { run, label, certificate });
    },
    name(call) {
      const functionName = call.caller ?? '';
      const running = present.get(functionName);
      if (!running) return null;
      const { run, label, certificate } = running;
      const { service, operation } = call;
      const resource = resourceOf(call.input);
      const asked = [service, operation, resource].filter((part) => part !== '').join(' ');
      const about = `${setting} ${functionName}(${label}) ${asked}`;
      const group = `${setting} ${functionName}(${label})/${run} ${asked}`;
      const occurrence = counted(occurrences, group);
      const changes = isChange(call);
      const named = {
        ...{ id: `${group} #${occurrence}`, group, occurrence, about, nth: counted(nths, about) },
        ...{ setting, functionName, certificate, service, operation, resource, changes, state },
      };
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

type Subject = { readonly label: string; readonly certificate: string };

/** Returns the subject of a run: a certificate, a region, or the events of a bundle, which may concern several. */
function subjectOf(event: unknown): Subject {
  const { detail, sweep, region } = (event ?? {}) as Record<string, unknown>;
  if (sweep) return { label: '', certificate: '' };
  // An event of the bus names its own region.
  if (detail) return subjectOf((detail as Record<string, unknown>).events);
  const about = (Array.isArray(event) ? event : [event]) as Record<string, unknown>[];
  const certificates = textsOf(about.map((each) => each?.certificate));
  const label = [certificates, textsOf(about.map((each) => each?.type)), textsOf([region])]
    .filter((texts) => texts.length > 0)
    .map((texts) => texts.join('+'))
    .join(' ');
  return { label, certificate: certificates.length === 1 ? (certificates[0] ?? '') : '' };
}

function textsOf(values: readonly unknown[]): readonly string[] {
  return [...new Set(values.filter((value) => typeof value === 'string'))];
}

/** Returns the resource of a call, without random parts. */
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
    'FunctionName',
    'StartRecordName',
  ].flatMap((name) => (given[name] === undefined ? [] : [given[name]].flat()));
  const sent = given.MessageBody ?? Buffer.from((given.Payload ?? []) as Uint8Array);
  const body = /"certificate":"([^"]+)"/.exec(String(sent))?.[1];
  return [...about, ...(body ? [body] : [])].map((text) => withoutRandom(String(text))).join(' ');
}

function withoutRandom(text: string): string {
  return text
    .replace(/^http:\/\/[^/]+\//, '')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '*')
    .replace(/\b(?:[0-9a-f]{64}|[0-9a-f]{12,16})\b/g, '*')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '*')
    .replace(/(challenges\/http-01\/)\S+/, '$1*')
    .replace(/127\.0\.0\.1-\d+/, '*')
    .replace(/arn:aws:[^/]+\/(app\/)?/, '');
}

const reads = /^(Get|Describe|List|Head|Assume|Simulate)/;
const acmeReads = ['directory', 'newNonce', 'authz', 'order', 'certificate', 'renewalInfo'];

function isChange({ service, operation }: OutsideCall): boolean {
  return service === 'acme' ? !acmeReads.includes(operation) : !reads.test(operation);
}

const ofOthers = ' records/of-others/';

/** What others have written of a record is read at once, and by whom it is makes no difference to the reader. */
function asOneThing({ functionName, group }: NamedCall): string {
  return group.replace(/ records\/(\w+)\//, (part, writer) =>
    writer === functionName ? part : ofOthers,
  );
}

/**
 * Returns calls that stand for all: of the reads that one function repeats of one thing while nobody changes anything, the
 * first, the second and the last. Their order is fixed, so that a number names a call.
 */
export function representatives(seen: readonly NamedCall[]): readonly NamedCall[] {
  const alike = Map.groupBy(seen, (call) =>
    call.changes ? call.id : `${asOneThing(call).replace(/\/\d+ /, ' ')} ${call.state}`,
  );
  const chosen = new Set(
    [...alike].flatMap(([what, calls]) =>
      what.includes(ofOthers) ? calls.slice(0, 1) : [...calls.slice(0, 2), ...calls.slice(-1)],
    ),
  );
  return [...chosen].sort((a, b) => (a.id < b.id ? -1 : 1));
}

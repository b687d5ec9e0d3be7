import type { Change } from '@aws-sdk/client-route-53';
import { liesIn } from '../../dns/names.ts';
import { type RecordSet, type RecordSets, setKey } from '../../dns/zone.ts';
import { AwsError } from '../../wire/service.ts';
import { readRecordSet, valueProblem } from './record-sets.ts';
import type { Records } from './state.ts';

// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests-changeresourcerecordsets
const mostRecords = 1_000;
const mostCharacters = 32_000;
const mostValuesInSet = 400;

type Step = { readonly action: string; readonly set: RecordSet };
type Draft = Map<string, RecordSets>;

/** The zone's records after the whole batch. One failing change refuses all of them. */
export function applyBatch(
  zoneName: string,
  records: Records,
  changes: readonly Change[] | undefined,
): Records {
  if (!changes || changes.length === 0) {
    throw new AwsError(
      'InvalidInput',
      'Invalid request: ChangeBatch must contain at least one Change',
    );
  }
  const steps = changes.map(readStep);
  refuseTooLarge(steps);
  const draft: Draft = new Map(records);
  const problems = [...repeatedSets(steps)];
  for (const step of steps) {
    const problem = stepProblem(zoneName, draft, step);
    if (problem) problems.push(problem);
    else put(draft, step);
  }
  if (problems.length === 0) problems.push(...conflicts(zoneName, draft, steps));
  if (problems.length > 0) throw invalidBatch(problems);
  return draft;
}

function readStep(change: Change): Step {
  const action = change.Action ?? '';
  if (!['CREATE', 'DELETE', 'UPSERT'].includes(action)) {
    throw new AwsError('InvalidInput', `Invalid request: unknown Action ${action}`);
  }
  return {
    action,
    set: readRecordSet(change.ResourceRecordSet ?? { Name: '', Type: 'TXT' }, action),
  };
}

function refuseTooLarge(steps: readonly Step[]): void {
  let count = 0;
  let characters = 0;
  for (const { action, set } of steps) {
    // An UPSERT counts as a DELETE and a CREATE.
    const weight = action === 'UPSERT' ? 2 : 1;
    count += weight * Math.max(1, set.values.length);
    characters += weight * set.values.reduce((sum, value) => sum + value.length, 0);
  }
  if (count > mostRecords) {
    throw invalidBatch([`Number of records limit of ${mostRecords} exceeded.`]);
  }
  if (characters > mostCharacters) {
    throw invalidBatch([`Number of characters limit of ${mostCharacters} exceeded.`]);
  }
}

/** A batch may contain a set twice only to replace it: DELETE, then CREATE. */
function repeatedSets(steps: readonly Step[]): string[] {
  const actions = new Map<string, string[]>();
  for (const { action, set } of steps) {
    const key = `${setKey(set)} ${set.name}`;
    actions.set(key, [...(actions.get(key) ?? []), action]);
  }
  return [...actions]
    .filter(([, taken]) => taken.length > 1 && taken.join() !== 'DELETE,CREATE')
    .map(
      ([key]) =>
        `The request contains an invalid set of changes for a resource record set '${key}'`,
    );
}

function stepProblem(zoneName: string, draft: Records, { action, set }: Step): string | null {
  const label = `[name='${set.name}', type='${set.type}'${set.identifier === undefined ? '' : `, set-identifier='${set.identifier}'`}]`;
  if (!liesIn(set.name, zoneName)) {
    return `RRSet with DNS name ${set.name} is not permitted in zone ${zoneName}`;
  }
  const current = draft.get(set.name)?.get(setKey(set));
  if (action === 'DELETE') {
    if (!current) return `Tried to delete resource record set ${label} but it was not found`;
    if (!sameSet(current, set)) {
      return `Tried to delete resource record set ${label} but the values provided do not match the current values`;
    }
    return null;
  }
  if (action === 'CREATE' && current) {
    return `Tried to create resource record set ${label} but it already exists`;
  }
  if (isMixed(draft.get(set.name), set)) {
    return `RRSet with DNS name ${set.name}, type ${set.type}, SetIdentifier ${set.identifier ?? null} cannot be created as sets with and without multivalue answer of the same name and type cannot both exist`;
  }
  if (set.values.length > mostValuesInSet) {
    return `Number of records in RRSet ${label} exceeds the limit of ${mostValuesInSet}`;
  }
  return valueProblem(set);
}

/** Simple and multivalue sets of one name and type exclude each other. */
function isMixed(sets: RecordSets | undefined, { type, identifier }: RecordSet): boolean {
  const alike = [...(sets?.values() ?? [])].filter((each) => each.type === type);
  return alike.some((each) => (each.identifier === undefined) !== (identifier === undefined));
}

function sameSet(a: RecordSet, b: RecordSet): boolean {
  const comparable = (set: RecordSet) =>
    JSON.stringify([set.ttlSeconds, set.aliasTarget ?? null, set.values.toSorted()]);
  return comparable(a) === comparable(b);
}

function put(draft: Draft, { action, set }: Step): void {
  const types = new Map(draft.get(set.name));
  if (action === 'DELETE') types.delete(setKey(set));
  else types.set(setKey(set), set);
  if (types.size === 0) draft.delete(set.name);
  else draft.set(set.name, types);
}

/** Checked after the whole batch, so that a CNAME can replace an A in one batch. */
function conflicts(zoneName: string, draft: Records, steps: readonly Step[]): string[] {
  const problems: string[] = [];
  for (const name of new Set(steps.map(({ set }) => set.name))) {
    const types = draft.get(name);
    if (!types?.has('CNAME')) continue;
    if (name === zoneName) {
      problems.push(
        `RRSet of type CNAME with DNS name ${name} is not permitted at apex in zone ${zoneName}`,
      );
    } else if (types.size > 1) {
      problems.push(
        `RRSet of type CNAME with DNS name ${name} is not permitted as it conflicts with other records with the same DNS name in zone ${zoneName}`,
      );
    }
  }
  const apex = draft.get(zoneName);
  if (!apex?.has('SOA')) problems.push('A HostedZone must contain exactly one SOA record.');
  if (!apex?.has('NS')) {
    problems.push('A HostedZone must contain at least one NS record for the zone itself.');
  }
  return problems;
}

function invalidBatch(problems: readonly string[]): AwsError {
  return new AwsError('InvalidChangeBatch', `[${problems.join(', ')}]`);
}

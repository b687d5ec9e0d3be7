import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { AwsError } from '../../wire/service.ts';

/** https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const most = { keys: 5, combinations: 150 };

type Policy = Readonly<Record<string, readonly string[]>>;

/** Knows policies on attributes of whole strings; any other is refused. */
export function checkFilterPolicy(text: string): void {
  const policy: unknown = parsed(text);
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) {
    throw invalid('failed to parse JSON');
  }
  const values = Object.values(policy);
  if (values.some((value) => !Array.isArray(value))) {
    throw invalid('Filter policy scope MessageAttributes takes arrays of values alone');
  }
  if (values.flat().some((value) => typeof value !== 'string') || '$or' in policy) {
    throw new AwsError('NotImplemented', `local: a filter policy like ${text}`, 501);
  }
  if (values.length > most.keys)
    throw invalid(`Filter policy can not have more than ${most.keys} keys`);
  const combinations = values.reduce((product, { length }) => product * length, 1);
  if (combinations > most.combinations) throw invalid('Filter policy is too complex');
}

/** Every key must be an attribute of the message, with one of its values (sns-subscription-filter-policies.html). */
export function matches(
  policy: string,
  attributes: Readonly<Record<string, MessageAttributeValue>>,
): boolean {
  return Object.entries(JSON.parse(policy) as Policy).every(([name, wanted]) => {
    const given = valuesOf(attributes[name]);
    return wanted.some((value) => given.includes(value));
  });
}

function valuesOf({ DataType, StringValue: text = '' }: Partial<MessageAttributeValue> = {}) {
  if (DataType === 'String') return [text];
  if (DataType !== 'String.Array') return [];
  const values: unknown = parsed(text);
  return Array.isArray(values) ? values : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function invalid(why: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid parameter: FilterPolicy: ${why}`);
}

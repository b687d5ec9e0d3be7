import type { InputTransformer } from '@aws-sdk/client-eventbridge';
import { notImplemented } from '../not-implemented.ts';
import { type DeliveredEvent, validation } from './state.ts';

/** API_InputTransformer: the limits of the two members, and of a key. */
const mostPaths = 100;
const longestTemplate = 8_192;
const keyPattern = /^(?!AWS)[A-Za-z0-9_-]{1,256}$/;

/** The members, array indices and dashes of a path: `$.resources[0]`, `$.detail-type`. Others are not implemented. */
const pathPattern = /^\$((\.[\w-]+)|(\[\d+\]))+$/;

/** Throws what PutTargets refuses, and templates other than one line of text in quotes. */
export function assertTransformer({ InputPathsMap = {}, InputTemplate }: InputTransformer): void {
  const template = InputTemplate ?? '';
  const paths = Object.entries(InputPathsMap);
  if (template === '' || template.length > longestTemplate) {
    throw validation(`InputTemplate must have length between 1 and ${longestTemplate}.`);
  }
  if (paths.length > mostPaths || paths.some(([key]) => !keyPattern.test(key))) {
    throw validation('InputPathsMap is not valid.');
  }
  const unknown = paths.find(([, path]) => !pathPattern.test(path));
  if (unknown) throw notImplemented('PutTargets', `the path ${unknown[1]}`);
  if (!isText(template)) throw notImplemented('PutTargets', 'InputTemplate other than a string');
  const missing = placeholdersOf(template).find((name) => !(name in InputPathsMap));
  // Predefined variables (`<aws.events.rule-arn>`) have no path.
  if (missing !== undefined) throw notImplemented('PutTargets', `the variable <${missing}>`);
}

/**
 * The text that the target receives: still in quotes, as the guide shows it. A path that the event does not have puts
 * nothing into the text (EventBridge User Guide, "Amazon EventBridge input transformation").
 */
export function transformed(
  { InputPathsMap = {}, InputTemplate = '' }: InputTransformer,
  event: DeliveredEvent,
): string {
  return InputTemplate.replace(placeholder, (_, name: string) => {
    const value = valueAt(event, InputPathsMap[name] ?? '$');
    if (value === undefined) return '';
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return JSON.stringify(text).slice(1, -1);
  });
}

const placeholder = /<([\w.-]+)>/g;

function placeholdersOf(template: string): readonly string[] {
  return [...template.matchAll(placeholder)].map(([, name = '']) => name);
}

function isText(template: string): boolean {
  try {
    return typeof JSON.parse(template) === 'string';
  } catch {
    return false;
  }
}

function valueAt(event: unknown, path: string): unknown {
  const steps = [...path.matchAll(/\.([\w-]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? index);
  return steps.reduce<unknown>(
    (value, step) => (value as Record<string, unknown> | null | undefined)?.[step ?? ''],
    event,
  );
}

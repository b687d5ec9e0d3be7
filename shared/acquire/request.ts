import { nearest } from '#shared/config/suggest.ts';
import { isCertkeepError } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import type { CheckRequest } from './check.ts';

/** What check is asked for: its own work, for certificates by name, or the orders of so many days to come. */
export type Request = CheckRequest | { readonly plan: number };

/** The answer to a person's mistake. Nothing was done, and nothing has failed. */
export type Refusal = {
  /** One sentence, with every mistake. */
  readonly refused: string;
  /** A payload that would do, made of what was right. */
  readonly example: object;
};

type Payload = Readonly<Record<string, unknown>>;

const fields = ['certificates', 'force', 'retry', 'override', 'reason', 'plan'];
const switches = ['force', 'retry', 'override'];
const longestPlanDays = 400;
const exampleDays = 30;
/** More would hide the mistake. */
const mostListed = 10;

/**
 * Does what is asked, or answers what is wrong with it: mistakes of a person, and what check refuses a person, fail no
 * run and ring no alarm.
 * @throws what `work` throws otherwise
 */
export async function answered<Answer>(
  { log }: { readonly log: Log },
  payload: unknown,
  ids: readonly string[],
  work: (request: Request) => Promise<Answer>,
): Promise<Answer | Refusal> {
  const request = readRequest(payload, ids);
  if ('refused' in request) return logged(log, request);
  try {
    return await work(request);
  } catch (error) {
    if (!isCertkeepError(error, 'ForceTooCostly')) throw error;
    return logged(log, refusal([error.message], { ...request, override: true }, ids));
  }
}

function logged(log: Log, answer: Refusal): Refusal {
  log.warn('a request was refused', { stage: 'check', outcome: 'refused', reason: answer.refused });
  return answer;
}

/** Reads the payload of an invocation. `ids` are the certificates of the configuration. */
function readRequest(payload: unknown, ids: readonly string[]): Request | Refusal {
  if (!isObject(payload)) return refusal([`the payload is no JSON object`], {}, ids);
  const isPlan = payload.plan !== undefined;
  const mistakes = [
    ...unknownFields(payload),
    ...(isPlan ? mistakesInPlan(payload) : mistakesInWish(payload, ids)),
  ];
  return mistakes.length > 0 ? refusal(mistakes, payload, ids) : (payload as Request);
}

function refusal(mistakes: readonly string[], payload: Payload, ids: readonly string[]): Refusal {
  return {
    refused: `Nothing was done: ${mistakes.join('; ')}.`,
    example: payload.plan === undefined ? exampleOf(payload, ids) : { plan: exampleDays },
  };
}

function unknownFields(payload: Payload): readonly string[] {
  return Object.keys(payload)
    .filter((name) => !fields.includes(name))
    .map((name) => {
      const meant = nearest(name, fields);
      const advice = meant ? `did you mean "${meant}"?` : `the fields are ${fields.join(', ')}`;
      return `${JSON.stringify(name)} is not known (${advice})`;
    });
}

function mistakesInPlan(payload: Payload): readonly string[] {
  const { plan } = payload;
  const isDays = Number.isInteger(plan) && Number(plan) >= 1 && Number(plan) <= longestPlanDays;
  const others = fields.filter((name) => name !== 'plan' && payload[name] !== undefined);
  return [
    ...(isDays ? [] : [`"plan" is a whole number of days from 1 to ${longestPlanDays}`]),
    ...(others.length > 0 ? [`"plan" stands alone, without ${others.join(', ')}`] : []),
  ];
}

/** `{}` is what the schedule sends. */
function mistakesInWish(payload: Payload, ids: readonly string[]): readonly string[] {
  if (Object.keys(payload).length === 0) return [];
  const { force, override, retry, reason } = payload;
  const wrong = switches.filter((name) => payload[name] !== undefined && payload[name] !== true);
  const wishes = [force, retry].filter((each) => each !== undefined).length;
  return [
    ...mistakesInCertificates(payload.certificates, ids),
    ...wrong.map((name) => `"${name}" is true or absent`),
    ...(wishes === 0 ? ['"retry" or "force" is missing: say which'] : []),
    ...(wishes === 2 ? ['"force" and "retry" exclude each other'] : []),
    ...(override !== undefined && force === undefined ? ['"override" belongs to "force"'] : []),
    ...(isText(reason) ? [] : ['"reason" is missing: a few words for those who read the record']),
  ];
}

function mistakesInCertificates(certificates: unknown, ids: readonly string[]): readonly string[] {
  if (!Array.isArray(certificates) || certificates.length === 0) {
    return ['"certificates" is a list with at least one id'];
  }
  return [...new Set(certificates)]
    .filter((id) => !ids.includes(id))
    .map((id) => `${JSON.stringify(id)} is not in the configuration (${adviceOn(id, ids)})`);
}

function adviceOn(id: unknown, ids: readonly string[]): string {
  const meant = typeof id === 'string' ? nearest(id, ids) : null;
  if (meant) return `did you mean "${meant}"?`;
  const others = ids.length > mostListed ? [`and ${ids.length - mostListed} others`] : [];
  return `which has ${[...ids.slice(0, mostListed), ...others].join(', ')}`;
}

function exampleOf({ certificates, force, override, reason }: Payload, ids: readonly string[]) {
  const written = Array.isArray(certificates) ? certificates : [certificates];
  const meant = written.flatMap((id) => (ids.includes(id) ? id : (nearest(String(id), ids) ?? [])));
  return {
    certificates: meant.length > 0 ? [...new Set(meant)] : ids.slice(0, 1),
    ...(force === undefined ? { retry: true } : { force: true }),
    ...(force !== undefined && override !== undefined && { override: true }),
    reason: isText(reason) ? reason : 'why, in a few words',
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function isObject(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

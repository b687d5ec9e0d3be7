import { errorMessage, isCertkeepError } from '#shared/errors.ts';
import { longestPauseMs } from '#shared/ledger/record/pause.ts';
import type { Log } from '#shared/log.ts';
import { type RevocationCode, revocationCodeNames } from '#shared/revocation-codes.ts';
import { hidden } from '#shared/text/plain-text.ts';
import { nearest } from '#shared/text/suggest.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import type { CheckRequest } from './check.ts';
import { commandFor, type Entrance, type WishName, wishes } from './entrance.ts';
import { versionWishes } from './version-wish.ts';

/** The request to check: its own work, for certificates by name, or the orders of the coming days. */
export type Request = CheckRequest | { readonly plan: number };

/** The answer to a person's mistake. Nothing was done, and nothing has failed. */
export type Refusal = {
  /** One sentence that names every mistake. */
  readonly refused: string;
  /** A valid payload, made of the correct parts. */
  readonly example: object;
  /** A valid command. */
  readonly command: string;
};

/** The alias that received the payload, and the certificates of the configuration. */
export type Asked = {
  readonly entrance: Entrance;
  readonly ids: readonly string[];
  readonly now: Date;
};

type Payload = Readonly<Record<string, unknown>>;

const fields = [
  'certificates',
  ...wishes,
  'until',
  'version',
  'resource',
  'code',
  'reason',
  'by',
  'estimate',
  'plan',
];
const longestPlanDays = 400;
const exampleDays = 30;
/** More entries would hide the mistake. */
const mostListed = 10;
/** The reason becomes part of records, logs and messages, and the caller of records. */
const longestLine = 200;

/**
 * Answers a request, or says what is wrong with it: a person's mistakes, and requests that check refuses, fail no run and
 * ring no alarm.
 * @throws what `work` throws otherwise
 */
export async function answered<Answer>(
  { log }: { readonly log: Log },
  payload: unknown,
  asked: Asked,
  work: (request: Request) => Promise<Answer>,
): Promise<Answer | Refusal> {
  const request = readRequest(payload, asked);
  if ('refused' in request) return logged(log, request);
  try {
    return await work(request);
  } catch (error) {
    const instead = insteadOf(error, asked.entrance.wish);
    if (!instead) throw error;
    return logged(log, refusal([errorMessage(error)], { ...request }, { ...asked, instead }));
  }
}

/** Returns the wish that would work instead of the refused one; null for what is no refusal. */
function insteadOf(error: unknown, wish: WishName | null): WishName | null {
  if (isCertkeepError(error, 'ForceTooCostly')) return 'override';
  if (isCertkeepError(error, 'NoRehearsal') || isCertkeepError(error, 'NotDiscovered')) return wish;
  if (isCertkeepError(error, 'VersionNotUsable')) return wish === 'rollback' ? 'force' : wish;
  return isCertkeepError(error, 'OverrideUsedUp') ? 'force' : null;
}

function logged(log: Log, answer: Refusal): Refusal {
  log.warn('a request was refused', { stage: 'check', outcome: 'refused', reason: answer.refused });
  return answer;
}

/** Reads the payload of an invocation: the alias says which wish it is, and the payload for which certificates and why. */
function readRequest(payload: unknown, asked: Asked): Request | Refusal {
  if (!isObject(payload)) return refusal(['the payload is no JSON object'], {}, asked);
  const { wish } = asked.entrance;
  const isPlan = payload.plan !== undefined;
  const mistakes = [
    ...unknownFields(payload),
    ...(isPlan ? mistakesInPlan(payload, asked) : mistakesInWish(payload, asked)),
  ];
  if (mistakes.length > 0) return refusal(mistakes, payload, asked);
  if (isPlan || !wish) return payload as Request;
  const { by, certificates, code, estimate, reason, resource, until, version } =
    payload as Readonly<{
      certificates: string[];
      code?: RevocationCode;
      reason: string;
      until?: string;
      version?: string;
      resource?: string;
      by?: string;
      estimate?: true;
    }>;
  const claimed = by === undefined ? {} : { by: by.trim() };
  const common = { certificates, reason: reason.trim(), ...claimed };
  switch (wish) {
    case 'pause':
      return { ...common, pause: true, until };
    case 'rollback':
      return { ...common, rollback: true, until, version };
    case 'bar':
      return { ...common, bar: true, version };
    case 'unbar':
      return { ...common, unbar: true, version };
    case 'revoke':
      return { ...common, revoke: true, code, version, ...(estimate && { estimate }) };
    case 'approve':
    case 'withdraw':
      return { ...common, [wish]: true, resource };
    case 'resume':
    case 'rehearse':
    case 'retry':
      return { ...common, [wish]: true };
    case 'force':
      return { ...common, force: true, ...(estimate && { estimate }) };
    case 'override':
      return { ...common, force: true, override: true, ...(estimate && { estimate }) };
  }
}

function refusal(
  mistakes: readonly string[],
  payload: Payload,
  { entrance, ids, instead, now }: Asked & { readonly instead?: WishName },
): Refusal {
  const isPlan = payload.plan !== undefined;
  const wish = isPlan ? null : (instead ?? entrance.wish ?? wishIn(payload));
  const given = isUntil(payload.until, now) ? payload.until : soon(now);
  const hasEnd = wish === 'pause' || (wish === 'rollback' && payload.until !== undefined);
  const until = hasEnd ? { until: given } : {};
  const isCode = revocationCodeNames.some((name) => name === payload.code);
  const code = wish === 'revoke' ? { code: isCode ? payload.code : 'keyCompromise' } : {};
  const example = isPlan
    ? { plan: exampleDays }
    : { ...exampleOf(payload, ids), ...until, ...code, ...resourceFor(wish, payload) };
  return {
    refused: `Nothing was done: ${mistakes.join('; ')}.`,
    example,
    command: commandFor(entrance.functionName, wish, example),
  };
}

function resourceFor(wish: WishName | null, { resource }: Payload): object {
  if (wish !== 'approve' && wish !== 'withdraw') return {};
  return {
    resource: typeof resource === 'string' && resourceArn.test(resource) ? resource : anArn,
  };
}

const anArn =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2';

/** Returns the wish that a payload expresses, although its alias accepts none. */
function wishIn(payload: Payload): WishName {
  const named = wishes.toReversed().find((name) => payload[name] !== undefined);
  if (!named && payload.code !== undefined) return 'revoke';
  if (!named && payload.version !== undefined) return 'rollback';
  if (!named && payload.resource !== undefined) return 'approve';
  return named ?? (payload.until === undefined ? 'retry' : 'pause');
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

function mistakesInPlan(payload: Payload, { entrance }: Asked): readonly string[] {
  const { plan } = payload;
  const isDays = Number.isInteger(plan) && Number(plan) >= 1 && Number(plan) <= longestPlanDays;
  const others = fields.filter((name) => name !== 'plan' && payload[name] !== undefined);
  return [
    ...(isDays ? [] : [`"plan" is a whole number of days from 1 to ${longestPlanDays}`]),
    ...(others.length > 0 ? [`"plan" stands alone, without ${others.join(', ')}`] : []),
    ...(entrance.wish ? [`"plan" is asked of ${entrance.functionName}, without an alias`] : []),
  ];
}

/** `{}` is what the schedule sends, to the function itself. */
function mistakesInWish(payload: Payload, asked: Asked): readonly string[] {
  const { entrance, ids } = asked;
  const { functionName, wish } = entrance;
  if (Object.keys(payload).length === 0 && !wish) return [];
  return [
    ...(wish ? [] : [`"${wishIn(payload)}" is asked of ${functionName}:${wishIn(payload)}`]),
    ...mistakesInCertificates(payload.certificates, ids),
    ...wishes.flatMap((name) => mistakeInSwitch(payload, name, entrance)),
    ...mistakesInUntil(payload.until, asked),
    ...mistakesInVersion(payload, entrance),
    ...mistakesInResource(payload, entrance),
    ...mistakesInCode(payload.code, entrance),
    ...mistakesInReason(payload.reason),
    ...mistakesInBy(payload.by),
    ...mistakesInEstimate(payload.estimate, entrance),
  ];
}

/** The payload need not repeat the alias. An override may also be called a force that overrides. */
function mistakeInSwitch(
  payload: Payload,
  name: WishName,
  { functionName, wish }: Entrance,
): readonly string[] {
  const value = payload[name];
  if (value === undefined) return [];
  if (value !== true) return [`"${name}" is true or absent`];
  if (!wish || name === wish || (wish === 'override' && name === 'force')) return [];
  return [`"${name}" is asked of ${functionName}:${name}, and this is ${functionName}:${wish}`];
}

/** A pause ends by itself, and not after months: nobody would remember it. A rollback ends with the next renewal. */
function mistakesInUntil(until: unknown, { entrance, now }: Asked): readonly string[] {
  const { functionName, wish } = entrance;
  if (wish !== 'pause') {
    if (until === undefined) return [];
    if (wish !== 'rollback') {
      return [`"until" is asked of ${functionName}:pause and ${functionName}:rollback`];
    }
  }
  if (isUntil(until, now)) return [];
  const latest = addMs(now, longestPauseMs).toISOString();
  return [`"until" is a time in UTC, such as ${soon(now)}, from now until ${latest}`];
}

function mistakesInVersion(
  { certificates, version }: Payload,
  { functionName, wish }: Entrance,
): readonly string[] {
  if (version === undefined) return [];
  if (!versionWishes.some((name) => name === wish)) {
    const each = versionWishes.map((name) => `${functionName}:${name}`);
    return [`"version" is asked of ${each.join(', ')}`];
  }
  if (typeof version !== 'string' || !versionId.test(version)) {
    return ['"version" is the id or the serial of a version, as the record has it'];
  }
  const isOne = !Array.isArray(certificates) || new Set(certificates).size === 1;
  return isOne ? [] : ['"version" belongs to one certificate'];
}

/** A person names the certificate too, so that a tag that has changed meanwhile is not approved. */
function mistakesInResource(
  { certificates, resource }: Payload,
  { functionName, wish }: Entrance,
): readonly string[] {
  if (wish !== 'approve' && wish !== 'withdraw') {
    return resource === undefined
      ? []
      : [`"resource" is asked of ${functionName}:approve and ${functionName}:withdraw`];
  }
  if (typeof resource !== 'string' || !resourceArn.test(resource)) {
    return ['"resource" is the ARN of a resource that carries the tag of the certificate'];
  }
  const isOne = !Array.isArray(certificates) || new Set(certificates).size === 1;
  return isOne ? [] : ['"resource" belongs to one certificate'];
}

const resourceArn = /^arn:[\w:/.-]{1,300}$/;

/** Without a code nobody knows what the CA is to be told: clients and CAs treat a leaked key in another way. */
function mistakesInCode(code: unknown, { functionName, wish }: Entrance): readonly string[] {
  if (wish !== 'revoke') {
    return code === undefined ? [] : [`"code" is asked of ${functionName}:revoke`];
  }
  if (revocationCodeNames.some((name) => name === code)) return [];
  return [`"code" is one of ${revocationCodeNames.join(', ')}`];
}

const versionId = /^[\w-]{1,64}$/;

function isUntil(until: unknown, now: Date): until is string {
  if (typeof until !== 'string' || !instant.test(until)) return false;
  const ms = Date.parse(until) - now.getTime();
  return ms > 0 && ms <= longestPauseMs;
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/;

/** A week from now, at a whole hour. */
function soon(now: Date): string {
  const hour = Math.floor(addMs(now, 7 * dayMs).getTime() / hourMs) * hourMs;
  return new Date(hour).toISOString();
}

function mistakesInReason(reason: unknown): readonly string[] {
  if (!isText(reason)) {
    return ['"reason" is missing: a few words for those who read the record'];
  }
  if (isLine(reason)) return [];
  return [`"reason" is one line of at most ${longestLine} characters`];
}

/** Lambda does not say who calls: a caller may say it, and nobody checks it. */
function mistakesInBy(by: unknown): readonly string[] {
  if (by === undefined || (isText(by) && isLine(by))) return [];
  return [`"by" is absent, or one line of at most ${longestLine} characters`];
}

/** Only an order takes anything of a limit. */
function mistakesInEstimate(
  estimate: unknown,
  { functionName, wish }: Entrance,
): readonly string[] {
  if (estimate === undefined) return [];
  if (estimate !== true) return ['"estimate" is true or absent'];
  if (wish === 'force' || wish === 'override' || wish === 'revoke') return [];
  const [force, override, revoke] = ['force', 'override', 'revoke'].map(
    (each) => `${functionName}:${each}`,
  );
  return [`"estimate" is asked of ${force}, ${override} or ${revoke}`];
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

function exampleOf({ certificates, reason }: Payload, ids: readonly string[]) {
  const written = Array.isArray(certificates) ? certificates : [certificates];
  const meant = written.flatMap((id) => (ids.includes(id) ? id : (nearest(String(id), ids) ?? [])));
  return {
    certificates: meant.length > 0 ? [...new Set(meant)] : ids.slice(0, 1),
    reason: isText(reason) && isLine(reason) ? reason.trim() : 'why, in a few words',
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

/** Refuses control characters, line breaks, and invisible characters. */
function isLine(text: string): boolean {
  return text.length <= longestLine && !hidden.test(text.trim());
}

function isObject(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

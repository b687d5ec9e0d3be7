import type { Message } from '#shared/channels/message.ts';
import { type Condition, clientsText } from '#shared/status/condition.ts';
import { nextStepOf } from '#shared/status/reasons.ts';
import { conditionsOf } from '#shared/status/status.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { routeTo } from './audience.ts';
import { commandFor } from './commands.ts';
import type { Decision, Heard } from './decide-messages.ts';
import { digestMessage, summaryMessage } from './summary-message.ts';
import { idsOf, type Member, type Thread } from './threads.ts';
import { inWords, timeText } from './time-text.ts';
import type { Audience } from './told.ts';
import {
  firstThatFits,
  listText,
  longest,
  longestShort,
  longestSubject,
  mostListed,
  type Surroundings,
  titleOf,
  whoOf,
} from './wording.ts';

/** Puts what was decided into words. Somebody else's text is one line of bounded length, and comes after what matters. */
export function messageOf(decision: Decision, told: Surroundings): Message {
  if (decision.kind === 'digest') return digestMessage(decision.id, told);
  if (decision.kind === 'summary') return summaryMessage(decision, told);
  const { thread, id } = decision;
  if (thread === null) return wellMessage(decision, told);
  const title = titleOf(thread);
  const prefix = { bad: '', changed: 'changed: ', reminder: 'still: ', well: '' }[
    decision.occasion
  ];
  return {
    id,
    subject: subjectOf(thread, `${prefix}${title}`),
    short: shortOf(thread, told),
    text: textOf(thread, decision, told),
    attributes: attributesOf(thread, decision.audience),
  };
}

/** The first form that fits: the name and the error are in all of them. */
function subjectOf(thread: Thread, title: string): string {
  const { reason } = thread.lead.condition;
  const who = whoOf(thread);
  const named = `${who}: ${oneLine(reason, longest.name)}`;
  const forms = [
    `certkeep ${thread.severity}: ${title}`,
    `certkeep ${thread.severity}: ${named}`,
    `${thread.severity}: ${named}`,
    named,
  ];
  return firstThatFits(forms, longestSubject);
}

function shortOf(thread: Thread, { now, status }: Surroundings): string {
  const { condition } = thread.lead;
  const { hurtsAt } = thread.members[0].condition.danger;
  const { name, region } = status.installation;
  const end = hurtsAt === null ? '' : `, ${endText(hurtsAt, now)}`;
  const named = `${whoOf(thread)}: ${oneLine(condition.reason, longest.name)}`;
  const forms = [
    `${name} ${thread.severity}: ${titleOf(thread)}${end} (${region})`,
    `${name} ${thread.severity}: ${named}${end} (${region})`,
    `${thread.severity}: ${named}${end}`,
    named,
  ];
  return firstThatFits(forms, longestShort);
}

function endText(hurtsAt: string, now: Date): string {
  return new Date(hurtsAt) <= now ? 'clients are hurt' : `${inWords(hurtsAt, now)} left`;
}

function textOf(
  thread: Thread,
  { before, occasion, wellAgain }: Heard,
  told: Surroundings,
): string {
  const { addresses, now, status } = told;
  const { lead, members } = thread;
  const [worst] = members;
  const { condition } = lead;
  const { nextAttemptAt, reason, since } = condition;
  const { danger } = worst.condition;
  const { account, name, region } = status.installation;
  const line = status.certificates.find(({ id }) => id === worst.certificate);
  const nextStep = nextStepOf(reason);
  const isHurt = danger.hurtsAt !== null && new Date(danger.hurtsAt) <= now;
  const details: readonly (readonly [string, string | null])[] = [
    [idsOf(thread).length > 1 ? 'Ends first' : 'Certificate', line ? certificateText(line) : null],
    ['Installation', `${name} in ${account}, ${region}`],
    ['Since', timeText(since, now)],
    // The label says who.
    ['Clients', clientsText(danger).replace(/^clients /, '')],
    [isHurt ? 'Hurt since' : 'Until', danger.hurtsAt && timeText(danger.hurtsAt, now)],
    ['Cause', oneLine(condition.message, longest.detail)],
    ['By itself', nextAttemptAt && `certkeep tries again at ${timeText(nextAttemptAt, now)}`],
    ['Before', before && occasion === 'changed' ? before.troubles.slice(0, 5).join(', ') : null],
    ['Well again', wellAgain.length > 0 ? listText(wellAgain) : null],
  ];
  return [
    `${titleOf(thread)}.`,
    '',
    ...details.flatMap(([label, value]) => (value ? [`  ${label.padEnd(12)}  ${value}`] : [])),
    '',
    ...(nextStep ? [`What to do: ${nextStep}`, ''] : []),
    `  ${commandFor(lead, { installation: status.installation, name: line?.name ?? null, certificates: alike(thread, status) })}`,
    '',
    `Runbook: ${addresses.runbook}#${reason.toLowerCase()}`,
    ...othersText(thread),
  ].join('\n');
}

/**
 * The certificates that the same command helps: of a cause that many share, also those for which certkeep still tries by
 * itself, and of which people have not heard.
 */
function alike({ lead, members }: Thread, status: Status): readonly string[] {
  const { reason, scope, type } = lead.condition;
  const isAlike = (each: Condition) => each.type === type && each.reason === reason;
  if (scope === null) {
    const like = members.filter(({ condition }) => isAlike(condition));
    return like.flatMap(({ certificate }) => certificate ?? []);
  }
  const shares = (each: Condition) => isAlike(each) && each.scope === scope;
  return status.certificates
    .filter((certificate) => conditionsOf(status, certificate).some(shares))
    .map(({ id }) => id);
}

function certificateText({ id, name, names, targets }: Status['certificates'][number]): string {
  const more = names > 1 ? ` and ${names - 1} more` : '';
  return `${id} (${oneLine(name, longest.name)}${more}, ${targets} ${targets === 1 ? 'target' : 'targets'})`;
}

/** The other conditions of the thread; whoever ends first comes first. */
function othersText({ lead, members }: Thread): readonly string[] {
  const rest = members.filter((each) => each !== lead);
  const others = rest.slice(0, mostListed);
  if (others.length === 0) return [];
  const more =
    rest.length > others.length
      ? `and ${rest.length - others.length} more: status/status.json`
      : '';
  const isAlike = others.every(({ condition }) => isLike(condition, lead.condition));
  if (isAlike)
    return ['', `Also: ${[...others.map(nameWithEnd), ...(more ? [more] : [])].join(', ')}`];
  const lines = others.map((member) => {
    const { message, reason, type } = member.condition;
    return `  ${nameWithEnd(member)}: ${type} ${reason}: ${oneLine(message, longest.name * 2)}`;
  });
  return ['', 'Also:', ...lines, ...(more ? [`  ${more}`] : [])];
}

function isLike(a: Condition, b: Condition): boolean {
  return a.type === b.type && a.reason === b.reason && a.message === b.message;
}

function nameWithEnd({ certificate, condition: { danger } }: Member): string {
  const end = danger.hurtsAt === null ? '' : ` (until ${danger.hurtsAt.slice(0, 10)})`;
  return `${certificate ?? 'certkeep'}${end}`;
}

function attributesOf({ lead, members }: Thread, audience: Audience): Message['attributes'] {
  const [only, ...others] = idsOf({ members });
  return {
    type: lead.condition.type,
    ...routeTo(audience),
    ...(only !== undefined && others.length === 0 && { certificate: only }),
  };
}

function wellMessage(
  { audience, before, id, key, wellAgain }: Decision & { kind: 'thread' },
  told: Surroundings,
): Message {
  const { now, status } = told;
  const { account, name, region } = status.installation;
  const since = before?.since ?? now.toISOString();
  const kept = new Set(status.certificates.map(({ id: each }) => each));
  const others = (before?.certificates ?? []).filter((each) => !wellAgain.includes(each));
  const bad = others.filter((each) => kept.has(each));
  const left = others.filter((each) => !kept.has(each));
  const [first, ...more] = wellAgain;
  const who =
    first === undefined
      ? `certkeep (${key})`
      : more.length === 0
        ? first
        : `${more.length + 1} certificates`;
  const title = `well again: ${who}`;
  const lines = [
    `${title}.`,
    '',
    `  ${'Installation'.padEnd(12)}  ${name} in ${account}, ${region}`,
    `  ${'It was'.padEnd(12)}  ${(before?.troubles ?? []).slice(0, 5).join(', ')}`,
    `  ${'Told since'.padEnd(12)}  ${timeText(since, now)}`,
    ...(wellAgain.length > 0 ? [`  ${'Well again'.padEnd(12)}  ${listText(wellAgain)}`] : []),
    ...(bad.length > 0 ? [`  ${'Still bad'.padEnd(12)}  ${listText(bad)}`] : []),
    ...(left.length > 0 ? [`  ${'Not kept now'.padEnd(12)}  ${listText(left)}`] : []),
  ];
  const certificate = more.length === 0 ? first : undefined;
  return {
    id,
    subject: firstThatFits([`certkeep ${title}`, title], longestSubject),
    short: firstThatFits([`${name} ${title} (${region})`, title], longestShort),
    text: lines.join('\n'),
    attributes: {
      type: 'well-again',
      ...routeTo(audience),
      ...(certificate !== undefined && { certificate }),
    },
  };
}

import type { Message } from '#shared/channels/channel.ts';
import { type Condition, clientsText, type Severity } from '#shared/status/condition.ts';
import { nextStepOf } from '#shared/status/reasons.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { commandFor } from './commands.ts';
import type { Decision, Heard } from './decide-messages.ts';
import { idsOf, type Member, type Thread } from './threads.ts';
import { inWords, timeText } from './time-text.ts';

/** Where messages point to. */
export type Addresses = {
  /** The address of the runbook, without an anchor. */
  readonly runbook: string;
};

export type Told = {
  readonly status: Status;
  readonly addresses: Addresses;
  readonly now: Date;
};

/** SNS takes less than 100 characters on one line (API_Publish.html). */
const longestSubject = 99;
/** One SMS of GSM letters (https://docs.aws.amazon.com/sns/latest/dg/sms_sms-to-phone.html: 140 bytes). */
const longestShort = 140;
/** More are counted: status.json has them all. */
const mostListed = 20;
const longest = { detail: 600, name: 100 };

/** Puts what was decided into words. Somebody else's text is one line of bounded length, and comes after what matters. */
export function messageOf(decision: Decision, told: Told): Message {
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
    attributes: attributesOf(thread),
  };
}

/** The fact in one line: who, what, where, and the error's name. */
function titleOf(thread: Thread): string {
  const { condition } = thread.lead;
  return `${whoOf(thread)} ${whatOf(condition, idsOf(thread).length)}: ${oneLine(condition.reason, longest.name)}`;
}

function whoOf(thread: Thread): string {
  if (thread.lead.certificate === null) return 'certkeep';
  const [first, ...others] = idsOf(thread);
  if (first === undefined) return 'certkeep';
  return others.length === 0 ? oneLine(first, longest.name) : `${others.length + 1} certificates`;
}

function whatOf({ about, reason, status, type }: Condition, count: number): string {
  const there = about === null ? '' : oneLine(about, longest.name);
  switch (type) {
    case 'Issued':
      if (reason === 'Expired') return 'expired';
      return reason === 'Revoked' ? 'revoked by the CA' : 'cannot be issued';
    case 'Renewable':
      return about === null ? 'cannot be renewed' : `cannot be renewed by ${there}`;
    case 'Stored':
      return 'without a readable secret';
    case 'Configured':
      return about === null
        ? 'not kept as configured'
        : `not in the configuration, bound at ${there}`;
    case 'Unchallenged':
      return 'left in DNS';
    case 'Deployed':
      return count > 1 ? 'not deployed' : `not deployed to ${there}`;
    case 'Served':
      if (status === 'unknown')
        return count > 1
          ? 'served or not, nobody knows'
          : `served by ${there} or not, nobody knows`;
      return count > 1 ? 'not served' : `not served by ${there}`;
    case 'Copied':
      return reason === 'CopiesNotSeen'
        ? `cannot see the copies in ${there}`
        : `not copied to ${there}`;
    case 'Checking':
      return 'cannot check everything';
    case 'Verifying':
      return 'does not look at endpoints in time';
    case 'Delivering':
      return 'does not deploy in time';
    case 'Permitted':
      return `lacks rights in ${there}`;
    case 'Alerting':
      return 'cannot alert';
    case 'Watched':
      return 'speaks to nobody';
  }
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

function shortOf(thread: Thread, { now, status }: Told): string {
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

function firstThatFits(forms: readonly string[], most: number): string {
  const fits = forms.find((form) => form.length <= most);
  return fits ?? `${(forms.at(-1) ?? '').slice(0, most - 3)}...`;
}

function textOf(thread: Thread, { before, occasion, wellAgain }: Heard, told: Told): string {
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
    `  ${commandFor(lead, { installation: status.installation, name: line?.name ?? null })}`,
    '',
    `Runbook: ${addresses.runbook}#${reason.toLowerCase()}`,
    ...othersText(thread),
  ].join('\n');
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

function listText(ids: readonly string[]): string {
  const shown = ids.slice(0, mostListed).join(', ');
  return ids.length > mostListed ? `${shown} and ${ids.length - mostListed} more` : shown;
}

function attributesOf({ lead, members, severity }: Thread): Message['attributes'] {
  const [only, ...others] = idsOf({ members });
  return {
    severity,
    type: lead.condition.type,
    ...(only !== undefined && others.length === 0 && { certificate: only }),
  };
}

function wellMessage(
  { before, id, key, wellAgain }: Decision & { kind: 'thread' },
  told: Told,
): Message {
  const { now, status } = told;
  const { account, name, region } = status.installation;
  const since = before?.since ?? now.toISOString();
  const left = (before?.certificates ?? []).filter((each) => !wellAgain.includes(each));
  const [first, ...others] = wellAgain;
  const who =
    first === undefined
      ? `certkeep (${key})`
      : others.length === 0
        ? first
        : `${others.length + 1} certificates`;
  const title = `well again: ${who}`;
  const lines = [
    `${title}.`,
    '',
    `  ${'Installation'.padEnd(12)}  ${name} in ${account}, ${region}`,
    `  ${'It was'.padEnd(12)}  ${(before?.troubles ?? []).slice(0, 5).join(', ')}`,
    `  ${'Told since'.padEnd(12)}  ${timeText(since, now)}`,
    ...(wellAgain.length > 0 ? [`  ${'Well again'.padEnd(12)}  ${listText(wellAgain)}`] : []),
    ...(left.length > 0 ? [`  ${'Not kept now'.padEnd(12)}  ${listText(left)}`] : []),
  ];
  const certificate = others.length === 0 ? first : undefined;
  return {
    id,
    subject: firstThatFits([`certkeep ${title}`, title], longestSubject),
    short: firstThatFits([`${name} ${title} (${region})`, title], longestShort),
    text: lines.join('\n'),
    attributes: {
      // Whoever heard of the trouble hears of its end.
      severity: before?.severity ?? 'warning',
      type: 'well-again',
      ...(certificate !== undefined && { certificate }),
    },
  };
}

/** One message instead of a flood, and the first one after what was told is lost. */
function summaryMessage({ id, isWhole, of }: Decision & { kind: 'summary' }, told: Told): Message {
  const { now, status } = told;
  const { account, name, region } = status.installation;
  const order: readonly Severity[] = ['critical', 'warning', 'none'];
  const bad = of
    .flatMap(({ thread }) => thread ?? [])
    .toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  const well = of.filter(({ thread }) => thread === null);
  const critical = bad.filter(({ severity }) => severity === 'critical').length;
  const title = summaryTitle(status, { isWhole, bad: bad.length, critical, well: well.length });
  const kind = bad[0]?.severity ?? 'summary';
  const brief = bad.length > 0 ? troubleText(bad.length, critical) : title;
  const lines = bad.slice(0, mostSummarized).flatMap((thread) => {
    const { message, since } = thread.lead.condition;
    const { danger } = thread.members[0].condition;
    const end = danger.hurtsAt === null ? '' : `, until ${timeText(danger.hurtsAt, now)}`;
    return [
      `  ${thread.severity}: ${titleOf(thread)}`,
      `    since ${timeText(since, now)}${end}`,
      `    ${oneLine(message, longest.detail)}`,
    ];
  });
  const more = bad.length - Math.min(bad.length, mostSummarized);
  const [worst] = bad;
  const first = worst?.lead;
  const reason = first?.condition.reason.toLowerCase() ?? '';
  return {
    id,
    subject: firstThatFits(
      [`certkeep ${kind}: ${title}`, `certkeep ${kind}: ${brief}`],
      longestSubject,
    ),
    short: firstThatFits([`${name}: ${title} (${region})`, `${name}: ${brief}`], longestShort),
    text: [
      `${title}.`,
      ...(isWhole ? [whyWhole] : []),
      '',
      `  Installation  ${name} in ${account}, ${region}`,
      '',
      ...lines,
      ...(more > 0 ? [`  and ${more} more: status/status.json`] : []),
      ...(well.length > 0
        ? [
            '',
            'Well again:',
            ...well.map(
              ({ key, wellAgain }) =>
                `  ${key}${wellAgain.length > 0 ? `: ${listText(wellAgain)}` : ''}`,
            ),
          ]
        : []),
      '',
      ...(first
        ? [`  ${commandFor(first, { installation: status.installation, name: null })}`, '']
        : []),
      `Runbook: ${told.addresses.runbook}${reason && `#${reason}`}`,
    ].join('\n'),
    // Whoever heard of the trouble hears of its end.
    attributes: { severity: worst?.severity ?? (isWhole ? 'none' : 'warning'), type: 'summary' },
  };
}

const mostSummarized = 50;

const whyWhole =
  'This is everything: it is the first message of this installation, or what you were told before is lost.';

function troubleText(bad: number, critical: number): string {
  return `${bad} ${bad === 1 ? 'thing needs' : 'things need'} a person, ${critical} of them critical`;
}

function summaryTitle(
  { certificates, counts }: Status,
  {
    bad,
    critical,
    isWhole,
    well,
  }: { isWhole: boolean; bad: number; critical: number; well: number },
): string {
  const trouble = troubleText(bad, critical);
  if (!isWhole) return `${trouble}; ${well} are well again`;
  const kept = `certificates kept: ${certificates.length}, well: ${counts.well}, in work: ${counts.working}`;
  return bad === 0 ? kept : `${trouble}; ${kept}`;
}

function digestMessage(id: string, { now, status }: Told): Message {
  const { counts, certificates, installation } = status;
  const { account, name, region } = installation;
  const total = certificates.length;
  const due = certificates
    .filter(({ renewsAt }) => renewsAt !== null)
    .toSorted((a, b) => ((a.renewsAt ?? '') < (b.renewsAt ?? '') ? -1 : 1));
  const ends = certificates
    .filter(({ servedUntil }) => servedUntil !== null)
    .toSorted((a, b) => ((a.servedUntil ?? '') < (b.servedUntil ?? '') ? -1 : 1));
  const [next] = due;
  const [first] = ends;
  const title = `${total} ${total === 1 ? 'certificate' : 'certificates'}: ${counts.well + counts.working} well, ${counts.warning + counts.critical} not`;
  return {
    id,
    subject: firstThatFits([`certkeep weekly: ${title}`], longestSubject),
    short: firstThatFits([`${name} weekly: ${title} (${region})`], longestShort),
    text: [
      `${title}.`,
      '',
      `  Installation  ${name} in ${account}, ${region}`,
      `  Checked       ${timeText(status.checkedAt, now)}`,
      ...(next?.renewsAt ? [`  Next renewal  ${next.id}, ${timeText(next.renewsAt, now)}`] : []),
      ...(first?.servedUntil
        ? [`  Ends first    ${first.id}, ${timeText(first.servedUntil, now)}`]
        : []),
      '',
      'You get this once a week. "alerts: {digest: never}" ends it.',
    ].join('\n'),
    attributes: { severity: 'none', type: 'digest' },
  };
}

import type { Message } from '#shared/channels/message.ts';
import type { Severity } from '#shared/status/condition.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { joinedAudience, routeTo } from './audience.ts';
import { commandFor } from './commands.ts';
import type { Decision } from './decide-messages.ts';
import { timeText } from './time-text.ts';
import {
  firstThatFits,
  listText,
  longest,
  longestShort,
  longestSubject,
  type Surroundings,
  titleOf,
} from './wording.ts';

/** One message instead of a flood, and the first one after what was told is lost. */
export function summaryMessage(
  { id, isWhole, of }: Decision & { kind: 'summary' },
  told: Surroundings,
): Message {
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
    attributes: {
      type: 'summary',
      ...(of.length > 0
        ? routeTo(joinedAudience(of.map(({ audience }) => audience)))
        : information),
    },
  };
}

/** Nobody has to do anything, and it is about everything. */
const information: Pick<Message['attributes'], 'severity'> = { severity: ['info'] };

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

export function digestMessage(id: string, { now, status }: Surroundings): Message {
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
    attributes: { type: 'digest', ...information },
  };
}

import { inWords, timeText } from '#shared/finish/alert/time-text.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { bothNames, readableName } from '../../text/names.ts';
import { styleOf } from '../../text/paint.ts';
import { padded, widthOf, wrapped } from '../../text/width.ts';
import { historyLines } from '../history/page.ts';
import { ageText, type Look } from '../status/page.ts';
import type { CertificateFacts } from './facts.ts';

/** So many events of its history are shown; `certkeep history` shows all. */
const mostEvents = 10;
const longest = { command: 1_000, text: 600, word: 200 };

export type ShowLook = Look & {
  /** A kept local cloud is looked at. */
  readonly isLocal: boolean;
};

/** The lines of `certkeep show`: a heading for each block, and below it what is known. Pure. */
export function showPage(facts: CertificateFacts, look: ShowLook): readonly string[] {
  const blocks: readonly (readonly [heading: string, lines: readonly string[]])[] = [
    ['What is not well', conditionLines(facts, look)],
    ['Certificate', versionLines(facts, look)],
    ['Versions', keptLines(facts, look)],
    ['Renewal', renewalLines(facts, look)],
    ['Served at', facts.targets.flatMap((target) => targetLines(target, look))],
    ['Asked for by a tag', askingLines(facts, look)],
    ['Copies', copyLines(facts, look)],
    ['Last events', eventLines(facts, look)],
    ['Next step', nextLines(facts, look)],
  ];
  return [
    ...headLines(facts, look),
    ...blocks
      .filter(([, lines]) => lines.length > 0)
      .flatMap(([heading, lines]) => [
        '',
        look.paint('bold', heading),
        ...lines.map((line) => `  ${line}`),
      ]),
  ];
}

function headLines(facts: CertificateFacts, { now, paint }: Look): readonly string[] {
  const { checkedAt, id, name, owner, state } = facts;
  const of = owner === null ? '' : `, owner ${clean(owner)}`;
  const title = name === '' ? clean(id) : `${clean(id)}: ${readableName(name)}`;
  return [`${title}${of}`, `${paint(styleOf[state], state)}, checked ${ageText(checkedAt, now)}`];
}

function clean(text: string): string {
  return oneLine(text, longest.word);
}

type Field = readonly [name: string, value: string];

/** A name and its value, which goes on below itself. */
function fields(list: readonly Field[], { width }: Look): readonly string[] {
  const room = list.reduce((most, [name]) => Math.max(most, widthOf(name)), 0) + 2;
  return list.flatMap(([name, value]) =>
    wrapped(value, width - room - 2).map(
      (line, index) => padded(index === 0 ? name : '', room) + line,
    ),
  );
}

function conditionLines({ conditions }: CertificateFacts, look: Look): readonly string[] {
  const { now, paint } = look;
  return conditions.flatMap(
    ({ about, clients, message, nextAttemptAt, reason, severity, since, status, type }) => {
      const state = severity === 'none' ? 'working' : severity;
      const where = about === null ? '' : ` (${clean(about)})`;
      return [
        `${paint(styleOf[state], state)}: ${type}${where} is ${status}: ${clean(reason)}`,
        ...fields(
          [
            ['  what', oneLine(message, longest.text)],
            ['  since', timeText(since, now)],
            ['  clients', clean(clients)],
            ...(nextAttemptAt === null
              ? []
              : [['  next try', timeText(nextAttemptAt, now)] as const]),
          ],
          look,
        ),
      ];
    },
  );
}

function versionLines({ version }: CertificateFacts, look: Look): readonly string[] {
  if (version === null) return ['none is stored yet'];
  const { issuer, keyAlgorithm, names, notAfter, notBefore, revokedAt, serial } = version;
  const { now } = look;
  return fields(
    [
      ['names', names.map(bothNames).join(', ')],
      ['key', keyAlgorithm],
      ['serial', clean(serial)],
      ['issuer', clean(issuer)],
      ['not before', timeText(notBefore, now)],
      ['not after', timeText(notAfter, now)],
      ...(revokedAt === null ? [] : [['revoked', timeText(revokedAt, now)] as const]),
    ],
    look,
  );
}

/** Where there is one alone, it is the certificate above. */
function keptLines({ id, kept }: CertificateFacts, look: Look): readonly string[] {
  if (kept.length < 2 && kept.every(({ why }) => why === null)) return [];
  return fields(
    kept.map((version): Field => {
      const { notAfter, serial } = version;
      return [clean(serial), `until ${notAfter.slice(0, 10)}, ${keptText(version, clean(id))}`];
    }),
    look,
  );
}

function keptText({ state, why }: CertificateFacts['kept'][number], id: string): string {
  const because = why === null ? '' : oneLine(why, longest.text);
  switch (state) {
    case 'in service':
      return because === '' ? 'in service' : `in service until another can be, barred: ${because}`;
    case 'put aside':
      return 'put aside for the earlier one';
    case 'usable':
      return 'can be put back';
    case 'barred':
      return `barred: ${because}; npx certkeep unbar ${id} ends that`;
    case 'not usable':
      return `cannot be put back: ${because}`;
  }
}

function renewalLines(
  { renewal: { advice, renewsAt } }: CertificateFacts,
  look: Look,
): readonly string[] {
  const { now } = look;
  const list: Field[] = [];
  if (renewsAt !== null) list.push(['renews', timeText(renewsAt, now)]);
  if (advice !== null) {
    const { askedAt, end, explanation, selected, start } = advice;
    const asked = askedAt === null ? '' : `, asked ${inWords(askedAt, now)} ago`;
    const why = explanation === null ? '' : `; the CA says why: ${clean(explanation)}`;
    const between = `between ${timeText(start, now)} and ${timeText(end, now)}`;
    list.push(['CA advises', `${between}${asked}${why}`]);
    list.push(['selected', timeText(selected, now)]);
  }
  return fields(list, look);
}

function targetLines(target: CertificateFacts['targets'][number], look: Look): readonly string[] {
  const {
    address,
    detail,
    key,
    lastAskedAt,
    lastProvenAt,
    name,
    place,
    serial,
    servedUntil,
    state,
  } = target;
  const { now } = look;
  const list: Field[] = [
    ...(name === key ? [] : [['  target', clean(key)] as const]),
    ...(address === null ? [] : [['  address', clean(address)] as const]),
    ['  last proven', lastProvenAt === null ? 'never' : timeText(lastProvenAt, now)],
    ...(lastAskedAt === null || lastAskedAt === lastProvenAt
      ? []
      : [['  last asked', timeText(lastAskedAt, now)] as const]),
    ...(serial === null ? [] : [['  serial', clean(serial)] as const]),
    ...(servedUntil === null ? [] : [['  served until', timeText(servedUntil, now)] as const]),
    ...(detail === null ? [] : [['  detail', oneLine(detail, longest.text)] as const]),
  ];
  const is = state === 'held' ? 'held; nobody can ask who serves it' : state;
  return [`${clean(name)} in ${clean(place)}: ${is}`, ...fields(list, look)];
}

function askingLines({ asking }: CertificateFacts, { isLocal }: ShowLook): readonly string[] {
  if (asking.length === 0) return [];
  return [
    ...asking.map(({ arn, place, state }) => `${clean(arn)} in ${clean(place)}: ${state}`),
    `npx certkeep approve${isLocal ? ' --local' : ''}`,
  ];
}

function copyLines({ copies }: CertificateFacts, look: Look): readonly string[] {
  return fields(
    copies.map(({ isInSync, reason, region, since }): Field => {
      const at = timeText(since, look.now);
      const why = reason === null ? '' : `: ${oneLine(reason, longest.text)}`;
      return [clean(region), isInSync ? `in sync since ${at}` : `behind since ${at}${why}`];
    }),
    look,
  );
}

function eventLines({ history }: CertificateFacts, { width }: Look): readonly string[] {
  return history.slice(-mostEvents).flatMap((event) => historyLines(event, width - 2));
}

/** Says whether an earlier version than the one in service can take its place. */
function canGoBack(kept: CertificateFacts['kept']): boolean {
  const inService = kept.findIndex(({ state }) => state === 'in service');
  return kept.slice(inService + 1).some(({ state }) => state === 'usable');
}

/** The step for the worst condition that has one. A command stays on one line, so that people can copy it. */
function nextLines(
  { conditions, id, kept }: CertificateFacts,
  { isLocal, width }: ShowLook,
): readonly string[] {
  const next = conditions.find((each) => each.next !== null)?.next;
  if (!next) {
    const aside = kept.find(({ state }) => state === 'put aside');
    const there = isLocal ? ' --local' : '';
    const rollback = `npx certkeep rollback ${clean(id)}`;
    return [
      'nothing; this shows all that has happened:',
      `npx certkeep history ${clean(id)}${there}`,
      ...(aside ? ['To have the newer one served again:'] : []),
      ...(aside ? [`${rollback} --version ${clean(aside.serial)}${there}`] : []),
      ...(!aside && canGoBack(kept)
        ? [`Where clients refuse the one in service: ${rollback}${there}`]
        : []),
    ];
  }
  return [
    ...wrapped(next.text, width - 2),
    oneLine(next.command, longest.command),
    `more: ${clean(next.runbook)}`,
  ];
}

import { commandFor } from '#shared/finish/alert/commands.ts';
import { inWords } from '#shared/finish/alert/time-text.ts';
import type { Condition } from '#shared/status/condition.ts';
import { nextStepOf } from '#shared/status/reasons.ts';
import { type CertificateState, conditionsOf } from '#shared/status/status.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import { type Paint, styleOf } from '../../text/paint.ts';
import { table } from '../../text/table.ts';
import { cut, wrapped } from '../../text/width.ts';
import { columnsFor, rowOf, showsWhyBeside } from './columns.ts';
import { logsOfCheck } from './read-status.ts';
import { needsSomebody } from './selection.ts';

export type Look = {
  readonly now: Date;
  readonly width: number;
  readonly paint: Paint;
};

/** Check runs every ten minutes: after an hour without one, what it said is not how things are. */
const tooOldMs = hourMs;
const longestMessage = 300;

function isTooOld({ checkedAt }: Pick<Status, 'checkedAt'>, now: Date): boolean {
  return now.getTime() - Date.parse(checkedAt) > tooOldMs;
}

/** The exit code: 1 where somebody is needed, by what is known. */
export function exitCodeOf(status: Status, now: Date): 0 | 1 {
  const isWell =
    !isTooOld(status, now) &&
    conditionsOf(status, status).every(({ danger }) => danger.severity === 'none') &&
    !status.certificates.some(({ state }) => needsSomebody(state));
  return isWell ? 0 : 1;
}

/** The lines of `certkeep status`; `all` is how many certificates there are besides the selected ones, too. */
export function statusPage(status: Status, all: number, look: Look): readonly string[] {
  const blocks = [
    [headline(status, look), countsLine(status, all)],
    [...tooOldLines(status, look), ...installationLines(status, look)],
    certificateLines(status, look),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .flatMap((block, index) => (index === 0 ? block : ['', ...block]));
}

function headline({ checkedAt, installation }: Status, { now, width }: Look): string {
  const { account, name, region } = installation;
  const where = oneLine(`${name} in ${account}/${region}`, longestMessage);
  return cut(`${where}, checked ${ageText(checkedAt, now)}`, width);
}

export function ageText(checkedAt: string, now: Date): string {
  const ageMs = now.getTime() - Date.parse(checkedAt);
  return ageMs < minuteMs ? 'just now' : `${inWords(checkedAt, now)} ago`;
}

const states: readonly CertificateState[] = ['critical', 'warning', 'working', 'well'];

function countsLine({ certificates, counts }: Status, all: number): string {
  const { length } = certificates;
  const noun = all === 1 ? 'certificate' : 'certificates';
  const shown = length === all ? `${all} ${noun}` : `${length} of ${all} ${noun}`;
  if (length === 0 && all > 0) return `none of ${all} ${noun}`;
  const each = states.filter((state) => counts[state] > 0);
  const list = each.map((state) => `${counts[state]} ${state}`).join(', ');
  return list === '' ? shown : `${shown}: ${list}`;
}

function tooOldLines(status: Status, { now, paint, width }: Look): readonly string[] {
  if (!isTooOld(status, now)) return [];
  const { account, name: installation, region } = status.installation;
  return [
    ...wrapped(
      `The check is too old: ${ageText(status.checkedAt, now)}. It should run every ten minutes, and all below may have changed.`,
      width,
    ).map((line) => paint('red', line)),
    `  ${logsOfCheck({ account, installation, region })}`,
  ];
}

function installationLines(status: Status, look: Look): readonly string[] {
  return conditionsOf(status, status).flatMap((condition) =>
    installationCondition(status, condition, look),
  );
}

/** A command is not broken, so that people can copy it. */
function installationCondition(
  { installation }: Status,
  condition: Condition,
  { paint, width }: Look,
): readonly string[] {
  const { danger, message, reason, type } = condition;
  const state = danger.severity === 'none' ? 'working' : danger.severity;
  const text = oneLine(`${type}: ${message}`, longestMessage);
  const [first = '', ...rest] = wrapped(text, width - 10);
  const next = nextStepOf(reason);
  const steps = next === null ? [] : wrapped(next, width - 10);
  const command = commandFor({ certificate: null, condition }, { installation, name: null });
  return [
    `${paint(styleOf[state], state.padEnd(8))}  ${first}`,
    ...[...rest, ...steps].map((line) => `          ${line}`),
    ...(next === null ? [] : [`          ${oneLine(command, longestCommand)}`]),
  ];
}

const longestCommand = 4_000;

function certificateLines(status: Status, { now, paint, width }: Look): readonly string[] {
  const rows = status.certificates.map((each) => rowOf(status, each, now));
  if (rows.length === 0) return [];
  const [head = '', ...lines] = table(columnsFor(width, paint), rows, width);
  const isBeside = showsWhyBeside(width);
  return [
    paint('bold', head),
    ...lines.flatMap((line, index) => {
      const why = rows[index]?.why ?? '';
      return isBeside || why === '' ? [line] : [line, `          ${cut(why, width - 10)}`];
    }),
  ];
}

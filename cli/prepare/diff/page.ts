import { oneLine } from '#shared/text/plain-text.ts';
import type { Location } from '../../reach/locate.ts';
import type { Look } from '../../see/status/page.ts';
import { counted, listed } from '../../text/lists.ts';
import type { Style } from '../../text/paint.ts';
import { padded, widthOf, wrapped } from '../../text/width.ts';
import { usualFile } from '../usual-file.ts';
import type { Difference } from './decide/difference.ts';
import type { OrdersAtIssuer, TakenLimit } from './decide/orders.ts';
import { day } from './decide/when.ts';

/** What is printed of a comparison. */
export type DiffReport = {
  readonly file: string;
  readonly location: Location;
  readonly isDeployed: boolean;
  readonly changes: readonly Difference[];
  readonly orders: readonly OrdersAtIssuer[];
};

const longest = { text: 400, word: 120 };
const styles: Readonly<Record<Difference['sign'], Style>> = {
  '+': 'green',
  '~': 'yellow',
  '-': 'red',
};

/** The lines of `certkeep diff`. Pure. */
export function diffPage(report: DiffReport, look: Look): readonly string[] {
  const { changes, file, isDeployed, location, orders } = report;
  const { account, installation, region } = location;
  const where = `${installation} in ${account}/${region}`;
  const name = oneLine(file, longest.word);
  if (changes.length === 0) return [`${name} says what is deployed as ${where}: no difference`];
  const against = isDeployed
    ? `against what is deployed as ${where}`
    : `against nothing: nothing is deployed as ${where}`;
  const room = changes.reduce((most, { what }) => Math.max(most, widthOf(clean(what))), 0);
  const column = Math.min(room, widestWhat);
  const count = orders.reduce((sum, { certificates }) => sum + certificates.length, 0);
  return [
    `${name} ${against}`,
    '',
    ...changes.flatMap((each) => changeLines(each, column, look)),
    '',
    `${counted(changes.length, 'change')}, ${count === 0 ? 'no order' : counted(count, 'order')}`,
    ...orders.flatMap((each) => orderLines(each, look)),
    '',
    `Next: npx cdk deploy --all${name === usualFile ? '' : ` -c config=${name}`}`,
  ];
}

function clean(text: string): string {
  return oneLine(text, longest.word);
}

const widestWhat = 24;

/** `+ what  text`, and below it what happens. A long name has a line of its own. */
function changeLines(
  { effect, sign, text, what }: Difference,
  column: number,
  { paint, width }: Look,
): readonly string[] {
  const name = clean(what);
  const isWide = widthOf(name) > column;
  const [first = '', ...rest] = wrapped(oneLine(text, longest.text), width - column - 4);
  const head = (line: string) => paint(styles[sign], `${sign} ${line}`);
  const beside = (line: string) => `${' '.repeat(column + 4)}${line}`;
  return [
    ...(isWide ? [head(name), beside(first)] : [`${head(padded(name, column))}  ${first}`]),
    ...rest.map(beside),
    ...(effect === '' ? [] : effectLines(effect, width)),
  ].map((line) => line.trimEnd());
}

function effectLines(effect: string, width: number): readonly string[] {
  const [first = '', ...rest] = wrapped(oneLine(effect, longest.text), width - 6);
  return [`    → ${first}`, ...rest.map((line) => `      ${line}`)];
}

/** More limits than these are only counted. */
const mostLimits = 4;

function orderLines(
  { certificates, issuer, lastAt, limits }: OrdersAtIssuer,
  { now, width }: Look,
): readonly string[] {
  const shown = limits.slice(0, mostLimits);
  const more = limits.length - shown.length;
  const late =
    lastAt === null
      ? 'the limits let the last of them be made in more than 30 days'
      : `the last of them is made on ${day(lastAt)}`;
  const isLate = lastAt === null || day(lastAt) > day(now);
  const lines = [
    `${counted(certificates.length, 'order')} at ${clean(issuer)} (${listed(certificates)})`,
    ...shown.map(limitLine),
    ...(more > 0 ? [`  and of ${counted(more, 'further limit')}, which have more left`] : []),
    ...(limits.length === 0 ? ['  no limits of this CA are known'] : []),
    ...(isLate ? [`  ${late}`] : []),
  ];
  return lines.flatMap((line) => {
    const indent = /^ */.exec(line)?.[0] ?? '';
    const [first = '', ...rest] = wrapped(line.trimStart(), width - indent.length - 4);
    return [`  ${indent}${first}`, ...rest.map((each) => `  ${indent}  ${each}`)];
  });
}

function limitLine({ leftAfter, leftBefore, limit, takes }: TakenLimit): string {
  const after = leftAfter < 0 ? `only ${leftBefore} are left now` : `then ${leftAfter} left`;
  return `  takes ${takes} of ${limit}; ${after}`;
}

/** The same for other programs. */
export function diffJson({ changes, file, isDeployed, location, orders }: DiffReport): unknown {
  const { account, installation, region } = location;
  return {
    file,
    installation: { name: installation, account, region },
    isDeployed,
    changes,
    orders,
  };
}

import { type Column, table } from '../../text/table.ts';
import { wrapped } from '../../text/width.ts';
import {
  type CostPart,
  type CostParts,
  type Fleet,
  monthlyCost,
  rotationsCost,
  sumOf,
} from './monthly.ts';
import { allowance, noAllowance, pricedIn, pricedRegion } from './prices.ts';

export type Cost = {
  readonly fleet: Fleet;
  readonly dollarsAMonth: CostParts;
  readonly total: number;
  /** In an account that uses nothing else of what AWS gives for nothing. */
  readonly afterFree: CostParts;
  readonly totalAfterFree: number;
  /** With the two rotations of the key that cost something. */
  readonly totalInThirdYear: number;
};

export function costOf(fleet: Fleet): Cost {
  const dollarsAMonth = monthlyCost(fleet, noAllowance);
  const afterFree = monthlyCost(fleet, allowance);
  const total = sumOf(dollarsAMonth);
  return {
    fleet,
    dollarsAMonth,
    total,
    afterFree,
    totalAfterFree: sumOf(afterFree),
    totalInThirdYear: total + rotationsCost(fleet),
  };
}

const whatFor: Readonly<Record<CostPart, string>> = {
  secrets: 'Secrets Manager: certificates, and accounts at CAs',
  looks: 'Secrets Manager: a look at each secret a day',
  keys: 'KMS: the key, and its replicas',
  alarms: 'CloudWatch: alarms',
  metrics: 'CloudWatch: metrics of its own',
  lambda: 'Lambda: check and verify every ten minutes, and the work',
  s3: 'S3: requests for the records',
  sqs: 'SQS: polling of three queues',
  logs: 'CloudWatch Logs: what the functions print',
};

type Row = { readonly what: string; readonly cost: string; readonly free: string };

const columns: readonly Column<Row>[] = [
  { head: 'WHAT', least: 30, givesWay: 1, cell: ({ what }) => what },
  { head: 'A MONTH', least: 9, givesWay: 9, cell: ({ cost }) => cost },
  { head: 'FREE TIER', least: 9, givesWay: 9, cell: ({ free }) => free },
];

export function costPage(cost: Cost, width: number): readonly string[] {
  const { afterFree, dollarsAMonth, fleet, total, totalAfterFree, totalInThirdYear } = cost;
  const rows = Object.entries(whatFor).map(([part, what]) => ({
    what,
    cost: dollars(dollarsAMonth[part as CostPart]),
    free: dollars(afterFree[part as CostPart]),
  }));
  const sum = { what: 'together', cost: dollars(total), free: dollars(totalAfterFree) };
  return [
    ...wrapped(sizeText(fleet), width),
    '',
    ...table(columns, [...rows, sum], width),
    '',
    ...wrapped(
      `An estimate from AWS's list prices of ${pricedRegion} (${pricedIn}); other regions differ, and it is not a bill. FREE TIER: in an account that uses nothing else of what AWS gives for nothing. From the third year on, with the rotations of the key, $${totalInThirdYear.toFixed(2)} a month.`,
      width,
    ),
  ];
}

function sizeText({ certificates, endpoints = 0, renewalsAMonth = 0, replicas }: Fleet): string {
  const renewals = Math.round(renewalsAMonth);
  return [
    counted(certificates, 'certificate', 'certificates'),
    counted(endpoints, 'endpoint', 'endpoints'),
    counted(replicas, 'other region with copies', 'other regions with copies'),
    `about ${counted(renewals, 'renewal', 'renewals')} a month`,
  ].join(', ');
}

function counted(count: number, one: string, many: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${many}`;
}

/** `$   0.40` */
function dollars(amount: number): string {
  return `$${amount.toFixed(2).padStart(8)}`;
}

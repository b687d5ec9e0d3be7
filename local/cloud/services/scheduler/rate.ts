import { dayMs, hourMs, minuteMs } from '../../clock.ts';
import { AwsError } from '../../wire/service.ts';

const units: Readonly<Record<string, number>> = { minute: minuteMs, hour: hourMs, day: dayMs };

/** Parses `rate(10 minutes)`; other expressions are unknown here. */
export function rateMs(expression: string): number {
  const [, value, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const unitMs = units[unit];
  if (unitMs && Number(value) > 0) return Number(value) * unitMs;
  throw new AwsError('NotImplemented', `local: the schedule ${expression} is not implemented`, 501);
}

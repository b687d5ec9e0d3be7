import { type QueueName, queueNames } from './installation.ts';

/** The kinds of alarms of an installation. Each has a heading in docs/runbook.md (a test ties them). */
export const alarmKinds = {
  CheckSilent: {
    severity: 'high',
    summary: 'check has not run for more than an hour, so nothing is renewed.',
    threshold: 1,
    isMissing: true,
  },
  AlertSilent: {
    severity: 'high',
    summary:
      'alert has not come after a check for six hours, or nobody has confirmed an address, so nobody hears of certificates.',
    threshold: 21_600,
    isMissing: false,
  },
  QueueOld: {
    severity: 'high',
    summary: 'work has waited in the queue for two hours, and nobody takes it.',
    threshold: 7_200,
    isMissing: false,
  },
  DeadLetters: {
    severity: 'high',
    summary: 'there are messages that no run could finish.',
    threshold: 1,
    isMissing: false,
  },
  CheckFails: {
    severity: 'medium',
    summary: 'check failed three times or more within an hour.',
    threshold: 3,
    isMissing: false,
  },
  /** In the first replica. */
  HomeSilent: {
    severity: 'high',
    summary: 'no check has been complete for three hours, or its region is away.',
    threshold: 1,
    isMissing: true,
  },
} as const satisfies Readonly<Record<string, Kind>>;

type Kind = {
  readonly severity: 'high' | 'medium';
  readonly summary: string;
  readonly threshold: number;
  /**
   * The alarm rings when nothing happens any more. Before the first run there is no data either, but CloudWatch notifies
   * only on a change of state, and a new alarm begins without data
   * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html).
   */
  readonly isMissing: boolean;
};

export type AlarmKind = keyof typeof alarmKinds;

/** Returns the part of an alarm's name that follows the one of the installation. */
export function alarmNameOf(kind: AlarmKind, queue: QueueName | null = null): string {
  return queue === null ? kind : `${kind}-${queue}`;
}

/** The alarms at home (a test ties them to the template). */
export const alarmsAtHome: readonly string[] = [
  ...(['CheckSilent', 'AlertSilent', 'DeadLetters', 'CheckFails'] as const).map((kind) =>
    alarmNameOf(kind),
  ),
  ...queueNames.map((queue) => alarmNameOf('QueueOld', queue)),
];

/** Metrics of certkeep's own, in this namespace, with the installation as their dimension. */
export const metricNamespace = 'certkeep';

export const metrics = {
  /** For how long checks have gone by without alert; with each check, at home. */
  alertAge: { metric: 'AlertAge', unit: 'Seconds' },
  /** One for each complete check; in the first replica. */
  checks: { metric: 'Checks', unit: 'Count' },
} as const;

/** The kinds of alarms of an installation. Each has a heading in docs/runbook.md (a test ties them). */
export const alarmKinds = {
  CheckSilent: {
    severity: 'high',
    summary: 'check has not run for more than an hour, so nothing is renewed.',
    threshold: 1,
    isMissing: true,
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
  FunctionFails: {
    severity: 'medium',
    summary: 'functions failed three times or more within an hour.',
    threshold: 3,
    isMissing: false,
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

import { dayMs } from '../../clock.ts';
import { arnOf } from '../../wire/arn.ts';
import type { Place } from '../../wire/place.ts';
import { AwsError } from '../../wire/service.ts';
import { type Alarm, type AlarmSettings, actionsOn, watchedBy } from './alarm.ts';
import type { Metrics } from './metrics.ts';
import type { Transition } from './notification.ts';
import { metricOf, valuesOf } from './queries.ts';
import { reasonDataFor, reasonFor } from './reasons.ts';
import type { Window } from './values.ts';
import { type AlarmState, evaluationRange, verdictOf } from './verdict.ts';

export type HistoryItem = Place & {
  readonly alarmName: string;
  readonly at: Date;
  readonly type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action';
  readonly summary: string;
  readonly data: object;
};

export type Alarms = {
  /** PutMetricAlarm: an alarm that is there keeps its state, and forgets the settings that it had. */
  put(place: Place, settings: AlarmSettings): Alarm;
  delete(arn: string): void;
  /** In the order of their names. */
  all(place: Place): readonly Alarm[];
  find(place: Place, name: string): Alarm | null;
  /** SetAlarmState: until the next evaluation, and with the actions of that state. */
  setState(
    alarm: Alarm,
    to: { readonly state: AlarmState; readonly reason: string; readonly data: string | null },
  ): void;
  /** Evaluates every alarm, as CloudWatch does once a minute. */
  evaluate(at: Date): void;
  history(place: Place): readonly HistoryItem[];
  remember(item: HistoryItem): void;
};

/** "CloudWatch preserves alarm history for 30 days" (API_DescribeAlarmHistory). */
const historyMs = 30 * dayMs;

/** The alarms of every account and region. They stand on the metrics alone, not on what is measured. */
export function alarms(options: {
  readonly metrics: Metrics;
  readonly now: () => Date;
  /** Called with each action of each change of state, and never without one. */
  readonly onAction: (alarm: Alarm, transition: Transition, action: string) => void;
}): Alarms {
  const { metrics, now } = options;
  const known = new Map<string, Alarm>();
  let past: HistoryItem[] = [];

  function put({ account, region }: Place, settings: AlarmSettings): Alarm {
    const watched = watchedBy(settings);
    const name = settings.AlarmName ?? '';
    const arn = arnOf('cloudwatch', { account, region }, `alarm:${name}`);
    const there = known.get(arn);
    const alarm: Alarm = {
      account,
      region,
      name,
      arn,
      state: 'INSUFFICIENT_DATA',
      reason: 'Unchecked: Initial alarm creation',
      reasonData: null,
      changedAt: now(),
      ...there,
      ...watched,
      configuredAt: now(),
      idleAfterPuts: null,
    };
    known.set(arn, alarm);
    const summary = `Alarm "${name}" ${there ? 'updated' : 'created'}`;
    remember(itemOf(alarm, 'ConfigurationUpdate', summary, { type: there ? 'Update' : 'Create' }));
    return alarm;
  }

  function itemOf(
    { account, name, region }: Alarm,
    type: HistoryItem['type'],
    summary: string,
    data: object,
    at = now(),
  ): HistoryItem {
    return {
      account,
      region,
      alarmName: name,
      at,
      type,
      summary,
      data: { version: '1.0', ...data },
    };
  }

  function remember(item: HistoryItem): void {
    past.push(item);
    const oldestMs = item.at.getTime() - historyMs;
    if (past[0] && past[0].at.getTime() < oldestMs) {
      past = past.filter(({ at }) => at.getTime() >= oldestMs);
    }
  }

  /** The periods before that time, which slide: an alarm does not wait for a whole hour of the clock (alarm-evaluation-window.html). */
  function windowsBefore(atMs: number, { periodMs, rule }: Alarm): readonly Window[] {
    const count = evaluationRange(rule);
    return Array.from({ length: count }, (_, index) => {
      const fromMs = atMs - (count - index) * periodMs;
      return { fromMs, toMs: fromMs + periodMs };
    });
  }

  function evaluateOne(alarm: Alarm, at: Date): void {
    if (alarm.idleAfterPuts === metrics.puts()) return;
    const windows = windowsBefore(at.getTime(), alarm);
    const range = valuesOf(alarm.watchedId, alarm.queries, windows, { metrics, place: alarm });
    const verdict = verdictOf(alarm.rule, range);
    const { state } = verdict;
    if (state !== null && state !== alarm.state) {
      const reason = reasonFor(state, alarm, verdict, range, windows);
      change(alarm, { state, reason, data: reasonDataFor(alarm, verdict, range, windows, at) }, at);
    }
    const hasData = hasDataSince(alarm, windows[0]?.fromMs ?? 0);
    alarm.idleAfterPuts = hasData ? null : metrics.puts();
  }

  function hasDataSince(alarm: Alarm, fromMs: number): boolean {
    return alarm.queries.some((query) => {
      const metric = metricOf(query);
      const last = metric && metrics.find(alarm, metric)?.points.at(-1);
      return last && last.atMs >= fromMs;
    });
  }

  function change(
    alarm: Alarm,
    { data, reason, state: to }: { state: AlarmState; reason: string; data: string | null },
    at: Date,
  ): void {
    const { state: from } = alarm;
    alarm.idleAfterPuts = null;
    alarm.reason = reason;
    alarm.reasonData = data;
    if (from === to) return;
    alarm.state = to;
    alarm.changedAt = at;
    const states = {
      oldState: { stateValue: from },
      newState: { stateValue: to, stateReason: reason },
    };
    remember(itemOf(alarm, 'StateUpdate', `Alarm updated from ${from} to ${to}`, states, at));
    if (alarm.settings.ActionsEnabled === false) return;
    for (const action of alarm.settings[actionsOn[to]] ?? []) {
      options.onAction(alarm, { from, to, reason, at }, action);
    }
  }

  return {
    put,
    delete: (arn) => void known.delete(arn),
    all: ({ account, region }) =>
      [...known.values()]
        .filter((each) => each.account === account && each.region === region)
        .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    find: ({ account, region }, name) =>
      known.get(arnOf('cloudwatch', { account, region }, `alarm:${name}`)) ?? null,
    setState: (alarm, to) => change(alarm, to, now()),
    evaluate(at) {
      for (const alarm of known.values()) evaluateOne(alarm, at);
    },
    history: ({ account, region }) =>
      past.filter((each) => each.account === account && each.region === region),
    remember,
  };
}

export function alarmMissing(): AwsError {
  return new AwsError('ResourceNotFound', 'Unknown alarm', 404);
}

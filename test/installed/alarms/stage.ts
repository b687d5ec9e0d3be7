import { minuteMs } from 'local-cloud/clock.ts';
import { type Cloud, startCloud, usualConsistency } from 'local-cloud/cloud.ts';
import { deployments } from 'local-cloud/deploy/deployments.ts';
import { functionRights } from 'local-cloud/iam/function-rights.ts';
import { type Dispatcher, startDispatcher } from 'local-cloud/runtime/dispatcher.ts';
import { inProcessInvoker } from 'local-cloud/runtime/in-process-invoker.ts';
import type { Alarm } from 'local-cloud/services/cloudwatch/alarm.ts';
import { stageOf } from 'local-cloud/services/lambda/state.ts';
import type { Queue } from 'local-cloud/services/sqs/queue.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { buildLandscape, readBack } from '#local/demo/landscape.ts';
import { metricNamespace, metrics } from '#shared/alarms.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { assemblyOf } from '#test/support/world-assembly.ts';

export const region = 'us-east-1';
export const call = { account: '000000000000', region, accessKeyId: 'a-test' };
export const address = 'ops@example.com';

/** With a permanent rule, so that there is a function `challenge` too. */
const source = `${configText('  shop: {names: [example.com], issuer: local}\n').replace(
  '- type: route53',
  `- {type: alb-http01, listener: "${listenerArn('web', 'a')}", rule: permanent, priority: 7}`,
)}alerts: {email: [${address}]}\n`;

/** The installation as its template deploys it, in which the functions do nothing, or fail where a test wants it. */
export type AlarmStage = {
  readonly cloud: Cloud;
  readonly dispatcher: Dispatcher;
  /** The functions that fail: `issue`. */
  readonly failing: Set<string>;
  /** Sets what check measures, in seconds. */
  readonly measured: { alertAge(seconds: number): void };
  alarm(name: string): Alarm;
  queue(name: string): Queue;
  /** Lets time pass, minute by minute, until that is true. @throws Error where it is not true in time */
  passUntil(isTrue: () => boolean, withinMinutes: number): Promise<void>;
  pass(minutes: number): Promise<void>;
  /** The messages of an alarm that arrived at the address, as `OK -> ALARM`. */
  told(name: string): readonly string[];
  close(): Promise<void>;
};

export async function alarmStage(): Promise<AlarmStage> {
  const clock = virtualClock();
  const written = readBack(source);
  const cloud = await startCloud({ clock, consistency: usualConsistency });
  await cloud.iam.prepare();
  const { config } = await buildLandscape(
    cloud,
    { text: written.configText, config: written.config },
    { directoryUrl: cloud.ca.directoryUrl, rootPem: cloud.ca.rootPem },
    clock,
  );
  deployments(cloud).deploy(assemblyOf(config));
  const failing = new Set<string>();
  let alertAge = 0;
  function measureAlert(): void {
    const { metric, unit } = metrics.alertAge;
    cloud.cloudwatch.metrics.put(call, {
      namespace: metricNamespace,
      name: metric,
      dimensions: { Installation: config.installation },
      at: clock.now(),
      unit,
      value: alertAge,
      isHighResolution: false,
    });
  }
  const invoker = inProcessInvoker({
    clock,
    handlerOf: (deployed) => async () => {
      if (failing.has(stageOf(deployed))) throw new Error('a test wants it');
      if (stageOf(deployed) === 'check') measureAlert();
      return null;
    },
  });
  const dispatcher = startDispatcher({
    deployed: cloud,
    invoker,
    clock,
    rights: functionRights(cloud.iam),
    lookEveryMs: null,
    onProblem: () => undefined,
  });
  dispatcher.startSchedules();

  async function passUntil(isTrue: () => boolean, withinMinutes: number): Promise<void> {
    for (let minute = 0; !isTrue(); minute += 1) {
      if (minute === withinMinutes) throw new Error(`not true after ${minute} minutes: ${isTrue}`);
      await dispatcher.settle();
      clock.advance(minuteMs);
      await cloud.cloudwatch.told();
    }
  }

  function pass(minutes: number): Promise<void> {
    let passed = 0;
    return passUntil(() => passed++ === minutes, minutes + 1);
  }

  // Whoever confirms an address has not heard that new alarms are well.
  await pass(5);
  cloud.sns.confirm(address);

  return {
    cloud,
    dispatcher,
    failing,
    measured: {
      alertAge(seconds) {
        alertAge = seconds;
      },
    },
    alarm(name) {
      const found = cloud.cloudwatch.alarms.find(call, name);
      if (!found) throw new Error(`there is no alarm ${name}`);
      return found;
    },
    queue(name) {
      const found = cloud.sqs.queue(region, name);
      if (!found) throw new Error(`there is no queue ${name}`);
      return found;
    },
    passUntil,
    pass,
    told: (name) =>
      cloud.sns
        .published()
        .filter(({ recipients }) => recipients.includes(address))
        .map(({ message }) => JSON.parse(message))
        .filter(({ AlarmName }) => AlarmName === name)
        .map(({ NewStateValue, OldStateValue }) => `${OldStateValue} -> ${NewStateValue}`),
    async close() {
      dispatcher.stop();
      await invoker.close();
      await cloud.close();
    },
  };
}

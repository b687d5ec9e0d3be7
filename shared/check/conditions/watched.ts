import type { Config } from '#shared/config/config.ts';
import { namesOf } from '#shared/installation.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import type { Observations } from '../observations/observations.ts';
import { dangerMeanwhile, dangerOf, type Finding, unaffected, well } from './finding.ts';

type Facts = {
  readonly config: Pick<Config, 'alerts' | 'home' | 'installation'>;
  readonly observations: Observations;
  readonly now: Date;
};

/** Says whether people would hear: by each topic, by the alarms, and by those outside who wait for signs of life. */
export function watched(facts: Facts): readonly Finding[] {
  return [...heard(facts), ...refused(facts), ...owners(facts), ...alarmed(facts), ...signs(facts)];
}

function heard({ config, now, observations }: Facts): readonly Finding[] {
  const { email, snsTopic } = config.alerts;
  // With a topic of the user and no addresses, this topic may have no subscriber.
  const isSpare = (name: string) =>
    name === namesOf(config).topic && snsTopic !== undefined && email.length === 0;
  return Object.entries(observations.topics).map(([name, seen]): Finding => {
    const { confirmed, isClosed, pending } = seen;
    const danger = dangerOf(unaffected, now);
    const found = { type: 'Watched', about: name, status: 'false', danger } as const;
    if (confirmed > 0 && isClosed) {
      const message = `what AWS itself reports cannot reach ${name}: its policy does not let it`;
      return { ...found, reason: 'TopicClosed', message };
    }
    if (confirmed > 0) return well('Watched', `${confirmed} get the messages of ${name}`, name);
    if (isSpare(name)) return well('Watched', `a topic of yours gets the messages`, name);
    const waiting = pending > 0 ? `; ${pending} have not confirmed` : '';
    const message = `nobody gets the messages of ${name}${waiting}`;
    return { ...found, reason: 'NobodyConfirmed', message };
  });
}

/** People hear over the topic of the installation that a topic of the user refuses messages. */
function refused({ config: { alerts }, now, observations }: Facts): readonly Finding[] {
  const { snsTopic } = alerts;
  if (snsTopic === undefined) return [];
  const about = snsTopic;
  const seen = observations.refusals[snsTopic];
  if (!seen) return [well('Watched', 'your topic refuses no message', about)];
  const message = `${snsTopic} does not take messages: ${seen.message}`;
  const danger = dangerOf(unaffected, now);
  const found = { type: 'Watched', about, status: 'false', danger } as const;
  return [{ ...found, reason: 'TopicRefuses', message, from: seen.since }];
}

/** Owners whose addresses have all not been confirmed: others hear of their certificates, or nobody does. */
function owners({ config, now, observations }: Facts): readonly Finding[] {
  const seen = observations.topics[namesOf(config).topic];
  if (!seen || seen.confirmed === 0) return [];
  const { email } = config.alerts;
  const named = [...new Set(email.flatMap((each) => each.owners ?? []))];
  return named.flatMap((owner): Finding[] => {
    const addresses = email.filter((each) => each.owners?.includes(owner));
    if (addresses.some(({ address }) => !seen.unconfirmed.includes(address))) return [];
    const list = addresses.map(({ address }) => address).join(', ');
    const message = `nobody of ${owner} gets messages; not confirmed: ${list}`;
    const danger = dangerOf(unaffected, now);
    const found = { type: 'Watched', about: `owner ${owner}`, status: 'false', danger } as const;
    return [{ ...found, reason: 'NobodyConfirmed', message }];
  });
}

const alarms = 'alarms';

function alarmed({ now, observations }: Facts): readonly Finding[] {
  const all = Object.entries(observations.alarms);
  if (all.length === 0) return [];
  const names = (state: string) =>
    all.filter(([, seen]) => seen.state === state).map(([name]) => name);
  const [missing, off] = [names('missing'), names('off')];
  if (missing.length + off.length === 0)
    return [well('Watched', `${all.length} alarms can ring`, alarms)];
  const texts = [
    ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
    ...(off.length > 0 ? [`tells nobody: ${off.join(', ')}`] : []),
  ];
  const reason = missing.length > 0 ? 'AlarmMissing' : 'AlarmOff';
  const message = `alarms cannot ring; ${texts.join('; ')}`;
  const danger = dangerOf(unaffected, now);
  return [{ type: 'Watched', about: alarms, status: 'false', reason, message, danger }];
}

/** Somebody else's service may be away for a while. */
const signWithinMs = 25 * minuteMs;

function signs({ now, observations }: Facts): readonly Finding[] {
  return Object.entries(observations.signs).map(([name, { message: cause, since }]): Finding => {
    const message = `the ${name} fails: ${cause}`;
    const reason = 'SignOfLifeFailed';
    const patience = { ms: signWithinMs, reason, message, danger: dangerOf(unaffected, now) };
    const danger = dangerMeanwhile(unaffected, now);
    const found = { type: 'Watched', about: name, status: 'unknown', reason, message } as const;
    return { ...found, danger, from: since, patience };
  });
}

/** Alert comes after each check, and writes down once an hour that it did. */
const alertWithinMs = 3 * hourMs;

/** Says whether alert has come lately. Whoever reads the state sees it; people hear of it by an alarm. */
export function alerting({
  alertAgeMs,
  now,
}: {
  readonly alertAgeMs: number | null;
  readonly now: Date;
}): readonly Finding[] {
  if (alertAgeMs === null) return [];
  if (alertAgeMs < alertWithinMs) return [well('Alerting', 'alert comes after each check')];
  const from = addMs(now, -alertAgeMs).toISOString();
  const message = `alert has not come after a check since ${from}, or nobody could hear it`;
  const danger = dangerOf(unaffected, now);
  return [
    {
      type: 'Alerting',
      about: null,
      status: 'false',
      reason: 'AlertNotSeen',
      message,
      danger,
      from,
    },
  ];
}

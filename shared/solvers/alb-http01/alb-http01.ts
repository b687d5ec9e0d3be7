import { CertkeepError } from '#shared/errors.ts';
import { managedTag } from '#shared/installation.ts';
import type { Clock } from '#shared/time/clock.ts';
import { allAtOnce, type ChallengeValue, type Owner, type Solver } from '../solver.ts';
import { pathOf } from './answering/paths.ts';
import type { ListenerRule, RulesClient } from './client.ts';
import { plainListeners } from './plain-listener.ts';
import { freePriority } from './priority.ts';
import { askListener, type HttpGet } from './self-check.ts';

export type AlbHttp01Options = {
  readonly listener: string;
  readonly installation: string;
  readonly client: RulesClient;
  readonly get: HttpGet;
  readonly clock: Clock;
};

/** One request says who owns this many rules. */
const removedTogether = 20;

/** Others may take a priority between our look and our change; each round looks again. */
const rounds = 10;

/**
 * Answers HTTP-01 with one rule per token, placed above every rule that could take its request. The zone of a value is the
 * listener, its name is the certificate's name, and the value is the key authorization.
 */
export function albHttp01Solver(options: AlbHttp01Options): Solver {
  const { listener, client, clock } = options;
  const listeners = plainListeners(clock, client);
  return {
    settleMs: 0,
    zoneFor: async () => ({ zoneId: listener, name: null }),
    nameServers: async () => null,

    async publish(zoneId, values, owner, steps = allAtOnce) {
      await listeners.get(zoneId);
      let rules = (await client.rules(zoneId)) ?? [];
      for (const value of values) {
        if (steps.isOver()) break;
        rules = await withRule(options, rules, { zoneId, value, owner });
        await steps.done([value], zoneId);
      }
      return zoneId;
    },

    isPublished: async () => true,

    async proveServed(zoneId, values, waiting) {
      return askListener(await listeners.get(zoneId), values, waiting, options.get);
    },

    async remove(zoneId, values, steps = allAtOnce) {
      // The rules are gone where their listener is gone.
      const rules = (await client.rules(zoneId)) ?? [];
      for (let start = 0; start < values.length; start += removedTogether) {
        const group = values.slice(start, start + removedTogether);
        const paths = new Set(group.map(({ value }) => pathOf(value)));
        const found = rules.filter(
          ({ paths: [path = '', ...more] }) => !more[0] && paths.has(path),
        );
        const made = await ours(options, found);
        for (const value of group) {
          if (steps.isOver()) return;
          const answering = made.filter((rule) => rule.paths.includes(pathOf(value.value)));
          for (const { arn } of answering) await client.remove(arn);
          await steps.done([value], '');
        }
      }
    },
  };
}

type Making = {
  readonly zoneId: string;
  readonly value: ChallengeValue;
  readonly owner: Owner | undefined;
};

/**
 * Creates the rule of a value unless it exists: an earlier run, or a request whose answer was lost, may have created it.
 * Returns the rules after that.
 */
async function withRule(
  options: AlbHttp01Options,
  listed: readonly ListenerRule[],
  { zoneId, value: { name, value }, owner }: Making,
): Promise<readonly ListenerRule[]> {
  const { client, installation } = options;
  const wanted = { host: name, path: pathOf(value) };
  let rules = listed;
  for (let round = 0; round < rounds; round += 1) {
    const same = rules.filter(({ body, paths }) => body === value && paths.includes(wanted.path));
    if ((await ours(options, same)).length > 0) return rules;
    const priority = freePriority(rules, wanted);
    if (priority === null) throw noRoom(zoneId, name);
    const made = {
      priority,
      host: hostCondition(name),
      path: wanted.path,
      body: value,
      tags: {
        [managedTag]: installation,
        ...(owner && {
          'certkeep:certificate': owner.certificate,
          'certkeep:attempt': owner.attemptId,
        }),
      },
    };
    const arn = await client.create(zoneId, made);
    if (arn !== null) {
      const { host, path, body } = made;
      const hosts = host === null ? [] : [host];
      return [...rules, { arn, priority, hosts, paths: [path], body }];
    }
    rules = (await client.rules(zoneId)) ?? [];
  }
  throw new CertkeepError(
    'ChallengeRuleRefused',
    `${zoneId}: others took ${rounds} priorities in a row before a rule could be made`,
  );
}

async function ours(
  { client, installation }: AlbHttp01Options,
  rules: readonly ListenerRule[],
): Promise<readonly ListenerRule[]> {
  if (rules.length === 0) return [];
  const tagged = await client.tagged(
    rules.map(({ arn }) => arn),
    managedTag,
  );
  return rules.filter(({ arn }) => tagged.get(arn) === installation);
}

/**
 * A host condition has at most 128 characters, and only letters after the final dot
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/add-rule.html); `xn--…` top-level domains have
 * others. The token is unique without the host.
 */
function hostCondition(name: string): string | null {
  return name.length <= 128 && /\.[a-z]+$/.test(name) ? name : null;
}

function noRoom(zoneId: string, name: string): CertkeepError {
  return new CertkeepError(
    'ListenerRulesFull',
    `${zoneId}: a rule that could take requests for ${name} has the lowest free priority; no rule of certkeep can stand above it`,
  );
}

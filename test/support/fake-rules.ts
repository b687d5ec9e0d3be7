import type { ListenerRule, NewRule, RulesClient } from '#shared/solvers/alb-http01/client.ts';

export type FakeRules = {
  readonly client: RulesClient;
  readonly held: Map<string, { readonly rule: ListenerRule; readonly tags: NewRule['tags'] }>;
  /** How often a rule was made, and removed. */
  readonly counts: { made: number; removed: number };
};

/** A listener in memory, whose priorities rivals take as often as told. */
export function fakeRules({ rivals = 0, protocol = 'HTTP' } = {}): FakeRules {
  const held: FakeRules['held'] = new Map();
  const counts = { made: 0, removed: 0 };
  let rivalsLeft = rivals;
  const client: RulesClient = {
    listener: async () => ({ host: 'lb.test', port: 80, protocol }),
    rules: async () => [...held.values()].map((each) => each.rule),
    tagged: async (arns, key) =>
      new Map(
        arns.flatMap((arn) => {
          const tag = held.get(arn)?.tags[key];
          return tag === undefined ? [] : [[arn, tag] as const];
        }),
      ),
    async create(_, { priority, host, path, body, tags }) {
      rivalsLeft -= 1;
      if (rivalsLeft >= 0) return null;
      counts.made += 1;
      const arn = `rule-${counts.made}`;
      const hosts = host === null ? [] : [host];
      held.set(arn, { rule: { arn, priority, hosts, paths: [path], body }, tags });
      return arn;
    },
    async remove(arn) {
      counts.removed += 1;
      held.delete(arn);
    },
  };
  return { client, held, counts };
}

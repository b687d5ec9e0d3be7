import type { Payload, Reply } from './messages.ts';

export type Misbehaviour = {
  readonly when: (request: {
    readonly operation: string;
    readonly payload: Payload | null;
  }) => boolean;
  /** Answers the request; `usual` carries it out, if the rule calls it. */
  readonly reply: (usual: () => Reply | Promise<Reply>) => Reply | Promise<Reply>;
  /** The number of requests; all by default. */
  readonly times?: number;
};

/** Behaviour of a CA that RFC 8555 does not provide for. The first matching rule applies. */
export function misbehaviours() {
  let rules: { readonly rule: Misbehaviour; left: number }[] = [];
  return {
    add(rule: Misbehaviour): void {
      rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
    },
    clear(): void {
      rules = [];
    },
    /** Wraps the effect of a request. */
    replyTo(
      request: Parameters<Misbehaviour['when']>[0],
      usual: () => Reply | Promise<Reply>,
    ): Reply | Promise<Reply> {
      const found = rules.find(({ rule, left }) => left > 0 && rule.when(request));
      if (!found) return usual();
      found.left -= 1;
      return found.rule.reply(usual);
    },
  };
}

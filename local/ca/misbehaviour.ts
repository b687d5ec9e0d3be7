import type { Payload, Reply } from './messages.ts';

export type Misbehaviour = {
  readonly when: (request: {
    readonly operation: string;
    readonly payload: Payload | null;
  }) => boolean;
  /** What is answered; `usual` carries the request out, if it is called at all. */
  readonly reply: (usual: () => Reply | Promise<Reply>) => Reply | Promise<Reply>;
  /** How many requests, all unless told. */
  readonly times?: number;
};

/** Ways of a CA that RFC 8555 does not foresee. The first rule that applies is followed. */
export function misbehaviours() {
  let rules: { readonly rule: Misbehaviour; left: number }[] = [];
  return {
    add(rule: Misbehaviour): void {
      rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
    },
    clear(): void {
      rules = [];
    },
    /** Around the effect of a request. */
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

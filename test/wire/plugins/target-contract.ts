import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bindAt } from '#local/demo/bind-at.ts';
import type { Target } from '#shared/targets/target.ts';

/** A listener of one kind of target, as people and the target see it. */
export type TargetHarness = {
  /** As a process of its own: it remembers nothing of another. */
  target(): Target;
  /** The same of a listener that is not there; absent where the target makes what it needs. */
  missing?(): Target;
  /** What the listener has at first, and two others that may be bound. */
  readonly arns: readonly [held: string, one: string, other: string];
  /** A person binds something else. */
  bindByHand(arn: string): Promise<void>;
  /** How often the listener was told to change. */
  changes(): number;
  /** The next change takes effect, and its answer is lost. */
  loseNextAnswer(): void;
  close(): Promise<void>;
};

/** What deploy and verify count on, whatever the kind of target. */
export function targetContract(kind: string, start: () => Promise<TargetHarness>): void {
  describe(`a target of type ${kind}`, () => {
    let harness: TargetHarness;
    beforeEach(async () => {
      harness = await start();
    });
    afterEach(() => harness.close());

    test('a look names the endpoint, the listener for people, and what it holds', async () => {
      const { default: held, endpoint, list, name } = await harness.target().look();
      expect({ held, list }).toEqual({ held: harness.arns[0], list: [] });
      expect(endpoint?.host).not.toBe('');
      expect(endpoint?.port).toBeGreaterThan(0);
      expect(name).not.toBe('');
      expect(await harness.target().readHeld()).toEqual({ default: held, list });
    });

    test('the listener holds the wanted arrangement, and shows it at the next look', async () => {
      const [, one] = harness.arns;
      await bindAt(harness.target(), one);
      expect((await harness.target().look()).default).toBe(one);
    });

    test('a certificate that is already bound is not bound again', async () => {
      const [, one] = harness.arns;
      await bindAt(harness.target(), one);
      await bindAt(harness.target(), one);
      expect(harness.changes()).toBe(1);
    });

    test('a certificate that somebody has bound since the look is not replaced', async () => {
      const [, one, other] = harness.arns;
      const target = harness.target();
      const seen = await target.look();
      await harness.bindByHand(other);
      const wanted = { default: one, listed: [], unlisted: [], mayMakeRoom: false };
      await expect(target.arrange(wanted, seen)).rejects.toMatchObject({ name: 'ListenerRefused' });
      expect((await target.look()).default).toBe(other);
    });

    test('a change whose answer was lost is found done by the next run', async () => {
      const [, one] = harness.arns;
      harness.loseNextAnswer();
      await bindAt(harness.target(), one).catch(() => undefined);
      await bindAt(harness.target(), one);
      expect((await harness.target().look()).default).toBe(one);
      expect(harness.changes()).toBe(1);
    });

    test('a listener that is not there has a name that people can act on', async ({ skip }) => {
      if (!harness.missing) return skip();
      await expect(harness.missing().look()).rejects.toMatchObject({ name: 'ListenerNotFound' });
    });

    test('a mark of ours is read again by another process', async () => {
      await harness.target().mark('certkeep:previous-of:shop', 'arn');
      expect(await harness.target().marks()).toMatchObject({ 'certkeep:previous-of:shop': 'arn' });
    });
  });
}

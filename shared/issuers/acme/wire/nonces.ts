import { type Clock, minuteMs } from '#shared/time/clock.ts';

export type NoncePool = {
  add(nonce: string): void;
  /** Returns the newest nonce that the CA should still know; null where there is none. */
  take(): string | null;
  clear(): void;
};

/** CAs keep nonces for a limited time, and a function that thaws after minutes would only collect badNonce errors. */
const maxAgeMs = 3 * minuteMs;
/** As many as the certificates of one run ask for at the same time. */
const maxKept = 25;

/** RFC 8555 §6.5: every answer brings a nonce, so newNonce is needed only when none is left. */
export function noncePool(clock: Clock): NoncePool {
  let kept: { readonly nonce: string; readonly at: number }[] = [];
  return {
    add(nonce) {
      kept = [...kept, { nonce, at: clock.now().getTime() }].slice(-maxKept);
    },
    take() {
      const newest = kept.pop();
      if (newest && clock.now().getTime() - newest.at <= maxAgeMs) return newest.nonce;
      // The remaining nonces are even older.
      kept = [];
      return null;
    },
    clear() {
      kept = [];
    },
  };
}

/** RFC 8555 §6.5.1 sets no maximum; Node accepts headers of 16 KiB. */
const longestNonce = 8_000;

/** RFC 8555 §6.5.1: a client must ignore a Replay-Nonce that is not base64url. */
export function isNonce(value: string | undefined): value is string {
  return value !== undefined && value.length <= longestNonce && /^[A-Za-z0-9_-]+$/.test(value);
}

import { CertkeepError, errorMessage } from '#shared/errors.ts';
import { fetchText } from '#shared/http/fetch-text.ts';
import type { Secret } from '#shared/secret.ts';
import type { Sign } from './sign.ts';

/**
 * Requests the address of a dead-man's switch, such as healthchecks.io, which alarms its owner when the request stays away.
 * The address is a secret: whoever knows it can give the sign, so no error shows it.
 */
export function heartbeat(readAddress: () => Promise<Secret>): Sign {
  return {
    name: 'heartbeat',
    async give() {
      const address = heartbeatAddress(await readAddress());
      const answer = await fetchText(address, { method: 'GET' }).catch((cause) => {
        throw new CertkeepError('HeartbeatNotTaken', `it cannot be reached: ${codeOf(cause)}`);
      });
      if (!answer.isOk) throw new CertkeepError('HeartbeatNotTaken', `HTTP ${answer.status}`);
    },
  };
}

/** Over the network by https only, which hides the path (https://www.w3.org/TR/secure-contexts/#is-origin-trustworthy). */
export function heartbeatAddress(secret: Secret): URL {
  const url = URL.parse(secret.reveal().trim());
  const isLoopback = url !== null && /^(127\.0\.0\.1|\[::1\]|localhost)$/.test(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback)) return url;
  throw new CertkeepError(
    'HeartbeatNotTaken',
    'the secret does not hold the address of a page, https://…',
  );
}

/** The message of fetch may hold the address; that of what went wrong below it does not. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : null;
  const { code } = Object(cause ?? error);
  return typeof code === 'string' ? code : errorMessage(cause ?? 'no answer');
}

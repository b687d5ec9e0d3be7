import { CertkeepError } from '#shared/errors.ts';
import { parseJson } from '#shared/text/json.ts';
import type { Clock } from '#shared/time/clock.ts';
import { cachedDirectory, type Directory } from './directory.ts';
import { acmeTransport } from './transport.ts';

/**
 * Reads the directory of a CA (RFC 8555 §7.1.1), for which nobody needs an account.
 * @throws CertkeepError IssuerUnreachable, IssuerAnswerInvalid
 */
export function readDirectory(
  {
    caBundle,
    directory: url,
  }: { readonly directory: string; readonly caBundle?: string | undefined },
  clock: Clock,
): Promise<Directory> {
  const transport = acmeTransport({ directoryUrl: url, clock, ...(caBundle && { caBundle }) });
  return cachedDirectory(url, clock, async () => {
    const { body, headers, status } = await transport.send(url);
    if (status === 200) return { status, headers, data: parseJson(body) };
    throw new CertkeepError('IssuerUnreachable', `${url} answers with HTTP ${status}`);
  }).directory();
}

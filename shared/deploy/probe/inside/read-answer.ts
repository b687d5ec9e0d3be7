import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { CertkeepError } from '#shared/errors.ts';
import type { Shown } from '../probe.ts';
import {
  type InsideAnswer,
  type InsideQuestion,
  insideAnswer,
  largestAnswerBytes,
} from './messages.ts';

/**
 * Reads what the function inside of a network has answered, by the nonce of each question. Its words are believed no further
 * than they go: it may say what it was shown, for exactly what it was asked, and verify judges that as its own handshakes.
 * @throws CertkeepError InsideAnswerRefused where an answer is too large, no such answer, or one to something else
 */
export function readAnswer(
  bytes: Uint8Array,
  questions: readonly InsideQuestion[],
): ReadonlyMap<string, readonly Shown[]> {
  if (bytes.byteLength > largestAnswerBytes) throw refused(`it has ${bytes.byteLength} bytes`);
  const { answers, certificates } = parsed(bytes);
  const read = certificates.map(certificateIn);
  const byNonce = new Map(answers.map(({ nonce, shown }) => [nonce, shown]));
  if (byNonce.size !== answers.length) throw refused('it answers a question twice');
  if (answers.length !== questions.length) {
    throw refused(`it has ${answers.length} answers to ${questions.length} questions`);
  }
  return new Map(
    questions.map((question) => {
      const shown = byNonce.get(question.nonce);
      if (!shown) throw refused('it answers another question');
      assertAsked(shown, question);
      return [question.nonce, shown.map((each) => withCertificate(each, read))] as const;
    }),
  );
}

type ShownThere = InsideAnswer['answers'][number]['shown'];

function parsed(bytes: Uint8Array): InsideAnswer {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw refused('it is not JSON');
  }
  const result = insideAnswer.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw refused(`its form is another one at ${issue?.path.map(String).join('.') || 'its top'}`);
}

/** The certificate is read as in a handshake of our own: a few bytes that are none end here. */
function certificateIn(text: string): X509Certificate {
  const der = Buffer.from(text, 'base64');
  try {
    const certificate = new X509Certificate(der);
    if (certificate.raw.equals(der)) return certificate;
  } catch {
    // The same answer as to bytes after its end.
  }
  throw refused('it has a certificate that cannot be read');
}

/** Each of the addresses that were asked once, or as many as DNS may have had; or one line that there is none. */
function assertAsked(shown: ShownThere, { addresses, host }: InsideQuestion): void {
  const found = shown.map(({ address }) => address);
  if (new Set(found).size !== found.length) throw refused('an address answers twice');
  if (addresses) {
    const isAll =
      found.length === addresses.length && addresses.every((one) => found.includes(one));
    if (!isAll) throw refused('it answers for other addresses than were asked');
    return;
  }
  if (found.length === 0) throw refused('no address answers');
  const [only] = shown;
  if (shown.length === 1 && only?.outcome === 'silent' && only.address === host) return;
  if (!found.every((address) => isIP(address)))
    throw refused('it has something else for an address');
}

function withCertificate(
  shown: ShownThere[number],
  certificates: readonly X509Certificate[],
): Shown {
  if (shown.outcome === 'silent') {
    const { address, detail, refused: isRefused } = shown;
    return { address, outcome: 'silent', detail, ...(isRefused && { refused: true }) };
  }
  const certificate = certificates[shown.certificate];
  if (!certificate) throw refused('it names a certificate that it does not have');
  return { address: shown.address, outcome: 'shown', certificate };
}

function refused(why: string): CertkeepError {
  return new CertkeepError('InsideAnswerRefused', `the answer from inside is refused: ${why}`);
}

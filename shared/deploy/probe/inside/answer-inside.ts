import type { ProbeQuestion, Shown } from '../probe.ts';
import {
  type InsideAnswer,
  type InsideQuestion,
  type InsideRequest,
  largestCertificateBytes,
  mostAddresses,
} from './messages.ts';

type ShownHere = InsideAnswer['answers'][number]['shown'][number];

/** Asks what a request asks, side by side, and returns what was shown: it judges nothing. Only the deadline throws. */
export async function answerInside(
  shakeHands: (question: ProbeQuestion) => Promise<readonly Shown[]>,
  { questions }: InsideRequest,
): Promise<InsideAnswer> {
  const certificates: string[] = [];
  const answers = await Promise.all(
    questions.map(async (question) => {
      const shown = await shakeHands(asked(question));
      const { nonce } = question;
      return { nonce, shown: shown.slice(0, mostAddresses).map((each) => inWords(each, keep)) };
    }),
  );
  return { certificates, answers };

  function keep(der: Buffer): number {
    const text = der.toString('base64');
    const known = certificates.indexOf(text);
    return known < 0 ? certificates.push(text) - 1 : known;
  }
}

function asked({ addresses, nonce: _, ...question }: InsideQuestion): ProbeQuestion {
  return { ...question, ...(addresses && { addresses }) };
}

function inWords(shown: Shown, keep: (der: Buffer) => number): ShownHere {
  const { address } = shown;
  if (shown.outcome === 'silent') {
    const { detail, refused } = shown;
    const plain = detail.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').slice(0, 200);
    return { address, outcome: 'silent', detail: plain, ...(refused && { refused }) };
  }
  const { raw } = shown.certificate;
  // One large certificate must not make the whole answer too large.
  if (raw.length > largestCertificateBytes) {
    const detail = `it presents a certificate of ${raw.length} bytes`;
    return { address, outcome: 'silent', detail };
  }
  return { address, outcome: 'shown', certificate: keep(raw) };
}

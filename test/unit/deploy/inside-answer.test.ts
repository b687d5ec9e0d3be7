import { X509Certificate } from 'node:crypto';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { answerInside } from '#shared/deploy/probe/inside/answer-inside.ts';
import { insideProbe } from '#shared/deploy/probe/inside/inside-probe.ts';
import { type InsideAnswer, largestAnswerBytes } from '#shared/deploy/probe/inside/messages.ts';
import { placeProbe } from '#shared/deploy/probe/inside/place-probe.ts';
import { readAnswer } from '#shared/deploy/probe/inside/read-answer.ts';
import type { Probe, ProbeAnswer, Shown } from '#shared/deploy/probe/probe.ts';
import { CertkeepError } from '#shared/errors.ts';

const question = {
  ...{ nonce: 'a-nonce-of-this-question', host: 'internal-shop.example.com', port: 443 },
  ...{ servername: 'shop.example.com', family: null },
};
const other = { ...question, nonce: 'a-nonce-of-the-other-one', servername: 'www.example.com' };

let certificate: X509Certificate;
let der: string;
beforeAll(async () => {
  const made = await makeCertificate({ names: ['shop.example.com'] });
  certificate = new X509Certificate(made.certificatePem);
  der = certificate.raw.toString('base64');
});

function genuine(): InsideAnswer {
  const shown = [{ address: '10.0.0.7', outcome: 'shown' as const, certificate: 0 }];
  return { certificates: [der], answers: [{ nonce: question.nonce, shown }] };
}

function read(answer: unknown, asked = [question]) {
  return readAnswer(Buffer.from(JSON.stringify(answer)), asked);
}

test('a genuine answer is read into the certificate that the endpoint showed', () => {
  const [shown] = read(genuine()).get(question.nonce) ?? [];
  expect(shown).toMatchObject({ address: '10.0.0.7', outcome: 'shown' });
  expect(shown?.outcome === 'shown' && shown.certificate.fingerprint256).toBe(
    certificate.fingerprint256,
  );
});

test('an answer of the function itself is read back as it was shown, each certificate once', async () => {
  const shown: readonly Shown[] = [
    { address: '10.0.0.7', outcome: 'shown', certificate },
    { address: '10.0.0.8', outcome: 'shown', certificate },
    { address: '10.0.0.9', outcome: 'silent', detail: 'ECONNREFUSED:\nno', refused: true },
  ];
  const answer = await answerInside(async () => shown, { questions: [question, other] });
  expect(answer.certificates).toHaveLength(1);
  const back = read(answer, [question, other]).get(other.nonce);
  expect(back?.map(({ address }) => address)).toEqual(shown.map(({ address }) => address));
  expect(back?.[2]).toMatchObject({ detail: 'ECONNREFUSED: no', refused: true });
});

type Forgery = (answer: InsideAnswer) => unknown;

const withShown =
  (...shown: readonly object[]): Forgery =>
  (answer) => ({ ...answer, answers: [{ nonce: question.nonce, shown }] });
const at = (address: string) => ({ address, outcome: 'shown', certificate: 0 });

const forgeries: readonly (readonly [string, Forgery, string])[] = [
  [
    'of an earlier question',
    (one) => ({ ...one, answers: [{ ...one.answers[0], nonce: other.nonce }] }),
    'another question',
  ],
  [
    'twice in one',
    (one) => ({ ...one, answers: [...one.answers, ...one.answers] }),
    'answers a question twice',
  ],
  ['to nothing', (one) => ({ ...one, answers: [] }), '0 answers to 1 questions'],
  ['without an address', withShown(), 'no address answers'],
  ['of one address twice', withShown(at('10.0.0.7'), at('10.0.0.7')), 'answers twice'],
  ['of a name for an address', withShown(at('evil.example.com')), 'something else for an address'],
  [
    'with a certificate that it does not have',
    withShown({ ...at('10.0.0.7'), certificate: 1 }),
    'does not have',
  ],
  ['with bytes for a certificate', (one) => ({ ...one, certificates: ['AAAA'] }), 'cannot be read'],
  [
    'with a certificate and more',
    (one) => ({
      ...one,
      certificates: [Buffer.concat([certificate.raw, Buffer.of(0)]).toString('base64')],
    }),
    'cannot be read',
  ],
  [
    'with a certificate of a megabyte',
    (one) => ({ ...one, certificates: ['A'.repeat(100_000)] }),
    'its form is another one',
  ],
  [
    'with a verdict of its own',
    (one) => ({ ...one, outcome: 'proven' }),
    'its form is another one',
  ],
  [
    'with lines in its words',
    withShown({ address: '10.0.0.7', outcome: 'silent', detail: 'a\nb' }),
    'its form is another one',
  ],
  [
    'of too many addresses',
    withShown(...Array.from({ length: 17 }, (_, index) => at(`10.0.0.${index}`))),
    'its form is another one',
  ],
  ['of nothing', () => null, 'its form is another one'],
];

describe('an answer from inside is refused', () => {
  test.each(forgeries)('%s', (_, forge, why) => {
    expect(() => read(forge(genuine()))).toThrow(why);
  });

  test('for other addresses than were asked', () => {
    const asked = [{ ...question, addresses: ['10.0.0.8'] }];
    expect(() => read(genuine(), asked)).toThrow('other addresses');
  });

  test('before it is read, where it is too large', () => {
    expect(() => readAnswer(Buffer.alloc(largestAnswerBytes + 1, 32), [question])).toThrow('bytes');
  });

  test('where it is cut off, or no text', () => {
    const whole = Buffer.from(JSON.stringify(genuine()));
    expect(() => readAnswer(whole.subarray(0, -1), [question])).toThrow('not JSON');
    expect(() => readAnswer(Buffer.of(0xff, 0xfe), [question])).toThrow('not JSON');
  });
});

const asked = { host: question.host, port: 443, servername: 'shop.example.com', family: null };

test('questions of one moment travel together, and each gets its own answer', async () => {
  const requests: number[] = [];
  const probe = insideProbe({
    async ask({ questions }) {
      requests.push(questions.length);
      const answer = await answerInside(
        async ({ servername }) => [{ address: '10.0.0.7', outcome: 'silent', detail: servername }],
        { questions },
      );
      return Buffer.from(JSON.stringify({ ...answer, answers: answer.answers.toReversed() }));
    },
  });
  const names = Array.from({ length: 30 }, (_, index) => `n${index}.example.com`);
  const answers = await Promise.all(names.map((servername) => probe({ ...asked, servername })));
  expect(requests).toEqual([25, 5]);
  expect(answers.flat().map((one) => one.outcome === 'silent' && one.detail)).toEqual(names);
});

test.each(['InsideProbeFailed', 'InsideAnswerRefused'] as const)(
  'where it ends in %s, the endpoint counts as silent by that name',
  async (name) => {
    const ask = () => Promise.reject(new CertkeepError(name, 'why'));
    expect(await insideProbe({ ask })(asked)).toEqual([
      {
        ...{ address: asked.host, servername: asked.servername, outcome: 'silent' },
        detail: 'why',
        error: name,
        isInside: true,
      },
    ]);
  },
);

test('a mistake of our own fails the run', async () => {
  const ask = () => Promise.reject(new TypeError('a mistake'));
  await expect(insideProbe({ ask })(asked)).rejects.toThrow('a mistake');
});

describe('where a place has a probe', () => {
  const silent = (address: string, refused?: true): ProbeAnswer => ({
    ...{ address, servername: asked.servername, outcome: 'silent', detail: 'no' },
    ...(refused && { refused }),
  });
  const inside: Probe = async (given) => [
    { ...silent((given.addresses ?? ['resolved']).join()), isInside: true },
  ];

  test.each<[string, readonly ProbeAnswer[], boolean, string]>([
    ['an internal endpoint is asked from inside alone', [], true, 'resolved'],
    [
      'one that answers outside is not asked from inside',
      [silent('192.0.2.1', true)],
      false,
      '192.0.2.1',
    ],
    [
      'one that is silent outside is asked at the same addresses',
      [silent('192.0.2.1'), silent('192.0.2.2')],
      false,
      '192.0.2.1,192.0.2.2',
    ],
    [
      'one that has no address outside is resolved inside',
      [silent('shop.internal')],
      false,
      'resolved',
    ],
  ])('%s', async (_, outside, isInside, address) => {
    const probe = placeProbe(async () => {
      if (isInside) throw new Error('it was asked from outside');
      return outside;
    }, inside);
    const answers = await probe({ ...asked, ...(isInside && { isInside }) });
    expect(answers.map((each) => each.address)).toEqual([address]);
  });
});

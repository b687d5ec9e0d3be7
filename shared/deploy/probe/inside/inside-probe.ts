import { randomUUID } from 'node:crypto';
import { type ErrorName, errorMessage, isCertkeepError } from '#shared/errors.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import { answerOf, type Probe, type ProbeAnswer, type ProbeQuestion } from '../probe.ts';
import {
  type InsideQuestion,
  type InsideRequest,
  mostAddresses,
  mostQuestions,
} from './messages.ts';
import { readAnswer } from './read-answer.ts';

/** The function inside of one network. */
export type InsideFunction = {
  /** Returns the bytes of its answer, unread. @throws CertkeepError InsideProbeFailed where there is none */
  ask(request: InsideRequest): Promise<Uint8Array>;
};

type Waiting = {
  readonly question: ProbeQuestion;
  readonly resolve: (answers: readonly ProbeAnswer[]) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Asks through a function inside of a network. Questions of one moment travel together. If the function does not answer, or
 * its answer is refused, nothing is known of the endpoints: they count as silent, with the name of the reason.
 */
export function insideProbe(inside: InsideFunction, nonce: () => string = randomUUID): Probe {
  let waiting: Waiting[] = [];

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (waiting.length === 1) setImmediate(send);
    });

  function send(): void {
    const all = waiting;
    waiting = [];
    for (let first = 0; first < all.length; first += mostQuestions) {
      void settle(all.slice(first, first + mostQuestions));
    }
  }

  async function settle(asked: readonly Waiting[]): Promise<void> {
    const questions = asked.map(({ question }) => inWords(question, nonce()));
    try {
      const shown = readAnswer(await inside.ask({ questions }), questions);
      for (const [index, { question, resolve }] of asked.entries()) {
        const { nonce: own } = questions[index] as InsideQuestion;
        resolve((shown.get(own) ?? []).map((each) => fromInside(answerOf(each, question))));
      }
    } catch (error) {
      const name = nameOf(error);
      for (const { question, reject, resolve } of asked) {
        if (name === null || deadlineSignal()?.aborted) reject(error);
        else resolve([unasked(question, name, errorMessage(error))]);
      }
    }
  }
}

function fromInside(answer: ProbeAnswer): ProbeAnswer {
  return { ...answer, isInside: true };
}

function inWords(
  { addresses, family, host, port, servername }: ProbeQuestion,
  nonce: string,
): InsideQuestion {
  const given = addresses && { addresses: addresses.slice(0, mostAddresses) };
  return { nonce, host, port, servername, family, ...given };
}

function nameOf(error: unknown): ErrorName | null {
  if (isCertkeepError(error, 'InsideProbeFailed')) return 'InsideProbeFailed';
  return isCertkeepError(error, 'InsideAnswerRefused') ? 'InsideAnswerRefused' : null;
}

function unasked({ host, servername }: ProbeQuestion, error: ErrorName, why: string): ProbeAnswer {
  const detail = why.slice(0, 200);
  return { address: host, servername, outcome: 'silent', detail, error, isInside: true };
}

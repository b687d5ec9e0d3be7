import * as z from 'zod';

const logLine = z.looseObject({
  level: z.string(),
  message: z.string(),
  stage: z.string().optional(),
  certificate: z.string().optional(),
  outcome: z.string().optional(),
  reason: z.string().nullish(),
});

/** Words for the fields that the story includes, in this order. */
const toldFields = ['target', 'place', 'region', 'serial', 'until'] as const;

export type Narrator = {
  /** Receives a line of a function's log. */
  onLog(functionName: string, line: string): void;
  onStep(step: string): void;
};

/** Turns the functions' structured logs into a story: when, stage, certificate, what happened and why. */
export function narrator(startedAt: number, tell: (line: string) => void): Narrator {
  return {
    onStep: (step) => tell(told(startedAt, 'local', '', step)),
    onLog(functionName, line) {
      const parsed = logLine.safeParse(asJson(line));
      if (!parsed.success) return tell(told(startedAt, functionName, '', line));
      const { level, stage, certificate = '', message, outcome, reason } = parsed.data;
      const details = toldFields.map((field) => parsed.data[field]).filter(Boolean);
      const words = [
        message,
        outcome && outcome !== message ? outcome : '',
        ...details,
        reason ?? '',
      ];
      const mark = level === 'INFO' ? '' : `${level}: `;
      tell(
        told(
          startedAt,
          stage ?? functionName,
          certificate,
          mark + words.filter(Boolean).join(' · '),
        ),
      );
    },
  };
}

function asJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function told(startedAt: number, stage: string, certificate: string, words: string): string {
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5);
  return `${seconds} s  ${stage.padEnd(7)}  ${certificate.padEnd(8)}  ${words}`;
}

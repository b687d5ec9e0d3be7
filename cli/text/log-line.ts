import * as z from 'zod/mini';
import { parseJson } from '#shared/text/json.ts';
import { oneLine } from '#shared/text/plain-text.ts';

const schema = z.looseObject({
  level: z.string(),
  message: z.string(),
  stage: z.optional(z.nullable(z.string())),
  certificate: z.optional(z.string()),
  outcome: z.optional(z.string()),
  reason: z.optional(z.nullable(z.string())),
});

/** Words for the fields that the story includes, in this order. */
const toldFields = ['target', 'place', 'region', 'serial', 'until'] as const;

export type ToldLine = {
  readonly stage: string;
  /** Empty where it is about none, or about many. */
  readonly certificate: string;
  readonly level: string;
  /** What happened and why, safe to print. */
  readonly words: string;
};

const longest = { name: 100, words: 2_000 };

/** Turns a structured line of a function's log into words; what is no such line is told as it stands. */
export function toldLine(functionName: string, line: string): ToldLine {
  const { data } = schema.safeParse(parseJson(line));
  if (!data) {
    const words = oneLine(line.trim(), longest.words);
    return { stage: functionName, certificate: '', level: 'INFO', words };
  }
  const { certificate = '', level, message, outcome, reason, stage } = data;
  const words = [
    message,
    outcome && outcome !== message ? outcome : '',
    ...toldFields.map((field) => data[field]),
    reason ?? '',
  ];
  const mark = level === 'INFO' ? '' : `${level}: `;
  return {
    stage: oneLine(stage ?? functionName, longest.name),
    certificate: oneLine(certificate, longest.name),
    level,
    words: oneLine(mark + words.filter(Boolean).join(' · '), longest.words),
  };
}

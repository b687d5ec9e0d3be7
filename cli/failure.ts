import { errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { wrapped } from './text/width.ts';

/** A command says with it why it cannot go on, and which command helps. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly next: string;

  constructor(message: string, next: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.next = next;
  }
}

const longestMessage = 600;

export type FailureLook = {
  /** Breaks the message at so many columns; the command stays on one line, so that people can copy it. */
  readonly width?: number;
  readonly nextHere?: (next: string) => string;
};

/** Returns what is wrong, with the next command on the last line. Texts of others in it cannot steer a terminal. */
export function failureText(error: unknown, look: FailureLook = {}): string {
  const { nextHere = (next: string) => next, width = Infinity } = look;
  const lines = wrapped(`certkeep: ${oneLine(messageOf(error), longestMessage)}`, width);
  return [...lines, `Next: ${oneLine(nextHere(nextOf(error)), longestMessage)}`].join('\n');
}

/** Returns the line that tells a person something while the command goes on. */
export function noteText(message: string): string {
  return `certkeep: note: ${oneLine(message, longestMessage)}`;
}

function nextOf(error: unknown): string {
  if (error instanceof CommandFailed) return error.next;
  if (isCertkeepError(error, 'CertificateUnknown')) return 'npx certkeep status';
  if (!isCertkeepError(error)) return 'npx certkeep --help';
  return `${error.nextStep} (docs/runbook.md#${error.name.toLowerCase()})`;
}

function messageOf(error: unknown): string {
  if (error instanceof CommandFailed) return error.message;
  const name = errorName(error);
  const message = errorMessage(error);
  return message.startsWith(name) || name === 'Error' ? message : `${name}: ${message}`;
}

import { toldLine } from '#cli/text/log-line.ts';

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
      const { certificate, stage, words } = toldLine(functionName, line);
      tell(told(startedAt, stage, certificate, words));
    },
  };
}

function told(startedAt: number, stage: string, certificate: string, words: string): string {
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5);
  return `${seconds} s  ${stage.padEnd(7)}  ${certificate.padEnd(8)}  ${words}`;
}

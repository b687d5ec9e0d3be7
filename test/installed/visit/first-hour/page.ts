import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const pageFile = fileURLToPath(new URL('../../../../docs/first-hour.md', import.meta.url));

export function pageText(): string {
  return readFileSync(pageFile, 'utf8');
}

/** A command of the transcript, and what the page says that it prints. */
export type Step = { readonly command: string; readonly printed: string };

const transcript = /^```console\n\$ ((?:.*\\\n)*.*)\n([\s\S]*?)^```$/gm;

/** The commands of the page in their order. */
export function stepsOf(page: string): readonly Step[] {
  return [...page.matchAll(transcript)].map(([, command = '', printed = '']) => ({
    command,
    printed: printed.trimEnd(),
  }));
}

/** The page with what its commands have printed this time. */
export function withOutputs(page: string, steps: readonly Step[]): string {
  const left = [...steps];
  return page.replace(transcript, (block) => {
    const step = left.shift();
    return step ? `\`\`\`console\n$ ${step.command}\n${step.printed}\n\`\`\`` : block;
  });
}

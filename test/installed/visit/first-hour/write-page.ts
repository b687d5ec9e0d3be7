import { writeFileSync } from 'node:fs';
import { pageFile, pageText, stepsOf, withOutputs } from './page.ts';
import { newcomer } from './play.ts';

/** Plays the first hour, and writes into its page what the terminal shows. */
const page = pageText();
const { leave, type } = newcomer();
try {
  const steps = [];
  for (const { command } of stepsOf(page)) {
    const step = await type(command);
    console.log(`$ ${step.command}\n${step.printed}\n`);
    steps.push(step);
  }
  writeFileSync(pageFile, withOutputs(page, steps));
} finally {
  await leave();
}

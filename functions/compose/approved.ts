import { s3Approvals } from '#shared/discovery/approvals.ts';
import { withApproved } from '#shared/discovery/with-approved.ts';
import type { Foundation } from '../foundation.ts';
import type { Compose, Run } from '../handler.ts';

/**
 * Reads the approvals at every run, and composes the stage anew with their targets where they have changed since the run
 * before. A run whose approvals cannot be read fails: without them it would take targets for gone.
 */
export function followingApprovals<Event>(
  foundation: Foundation,
  compose: Compose<Event>,
): Run<Event> {
  const book = s3Approvals(foundation.objects);
  let composed: { readonly text: string; readonly run: Promise<Run<Event>> } | null = null;

  async function runBy(text: string, config: Foundation['config']): Promise<Run<Event>> {
    if (composed?.text === text) return composed.run;
    const run = Promise.resolve(compose({ ...foundation, config }));
    composed = { text, run };
    // The next run tries again.
    run.catch(() => {
      if (composed?.run === run) composed = null;
    });
    return run;
  }

  return async (event, invocation) => {
    const approvals = await book.read();
    const run = await runBy(JSON.stringify(approvals), withApproved(foundation.config, approvals));
    return run(event, invocation);
  };
}

import type { Compose } from '../handler.ts';

/**
 * Composes a stage that works on targets, or sends work to those who do: where the configuration looks for tags, it is
 * composed anew whenever an approval has changed.
 */
export function following<Event>(compose: Compose<Event>): Compose<Event> {
  return async (foundation) => {
    if (!foundation.config.discovery) return compose(foundation);
    const { followingApprovals } = await import('./approved.ts');
    return followingApprovals(foundation, compose);
  };
}

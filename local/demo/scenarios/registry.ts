import type { Scenario, ScenarioName } from './scenario.ts';

/** Loaded when it is played. */
export const scenarios: Readonly<Record<ScenarioName, () => Promise<Scenario>>> = {
  drift: async () => (await import('./drift.ts')).drift,
  'secret-deleted': async () => (await import('./secret-deleted.ts')).secretDeleted,
  'listener-gone': async () => (await import('./listener-gone.ts')).listenerGone,
  'ca-down': async () => (await import('./ca-down.ts')).caDown,
  caa: async () => (await import('./caa.ts')).caa,
  'key-leaked': async () => (await import('./key-leaked.ts')).keyLeaked,
};

import { type CertificateAuthority, createCertificateAuthority } from 'local-cloud/ca/x509.ts';
import { usualConsistency } from 'local-cloud/cloud.ts';
import { keepRsaKeys, reuseRsaKeys } from 'local-cloud/kit/determinism.ts';
import { sdkDefaults } from 'local-cloud/kit/sdk-defaults.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { putForeignTxt } from '#local/demo/foreign-txt.ts';
import { seedCertificate } from '#local/demo/history.ts';
import { type Release, startWorld, type World } from '#test/support/world.ts';
import type { StartedRun } from '#test/support/world-functions.ts';
import { countJobs, hurryRetries, whenIdle } from './idle.ts';
import type { Beginning, Setting } from './setting.ts';

let authority: CertificateAuthority | undefined;

/** Called once in a process, before the first world. */
export function prepareProcess(): void {
  Object.assign(process.env, sdkDefaults);
  keepRsaKeys();
  countJobs();
  hurryRetries();
}

/** Starts a setting with its past in this process: the same world each time, call by call. */
export function startSetting(
  setting: Setting,
  onStart: (run: StartedRun) => void,
  release?: Release,
): Promise<World> {
  reuseRsaKeys();
  return startWorld(setting.configText, {
    mayDeny: true,
    ...(release && { release }),
    clock: virtualClock(undefined, whenIdle),
    // Slow enough that everything has to wait, and quick enough that little is asked a third time.
    consistency: { ...usualConsistency, route53InsyncMs: 6_000, balancerSpreadMs: [2_000, 6_000] },
    orderly: { onStart },
    // Lambda counts waiting work as running, and none of it may be throttled for that.
    concurrentExecutions: 1_000,
    prepare: (beginning) => makePast(setting, beginning),
  });
}

async function makePast(setting: Setting, beginning: Beginning): Promise<void> {
  const { cloud, landscape, clock, names } = beginning;
  const { config } = landscape;
  authority ??= await createCertificateAuthority({ name: 'The Past', now: clock.now() });
  const ports = { cloud, clock, config, names, authority };
  for (const past of setting.past) await seedCertificate(ports, past);
  for (const txt of setting.foreignTxt) await putForeignTxt(cloud, config.home.region, txt);
  await setting.prepare?.(beginning);
}

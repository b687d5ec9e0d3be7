import type { Config } from '#shared/config/config.ts';

/** The last commit of the previous release: raised with each release. */
export const releaseBefore = 'eda6593c22cbe211ce6da9a0b3beee1f34d48cd1';

/** Each release reads the file itself; a read configuration had this form in that one, where addresses were plain texts. */
export function readBefore(config: Config): object {
  const email = config.alerts.email.map(({ address }) => address);
  return { ...config, alerts: { ...config.alerts, email } };
}

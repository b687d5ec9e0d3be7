import { type Faults, faultInjection } from '#cloud/faults.ts';
import { type Accounts, accounts } from '#cloud/wire/accounts.ts';
import { type RunningService, startAwsFront } from '#cloud/wire/front.ts';

export type LocalFront = {
  readonly endpoint: string;
  readonly faults: Faults;
  readonly accounts: Accounts;
  /** What every SDK client is built with; one attempt, so that a test sees the first answer. */
  configuration(options?: { region?: string; accessKeyId?: string; maxAttempts?: number }): {
    endpoint: string;
    region: string;
    maxAttempts: number;
    forcePathStyle: true;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };
  close(): Promise<void>;
};

export async function localFront(
  services: readonly RunningService[] | ((accounts: Accounts) => readonly RunningService[]),
): Promise<LocalFront> {
  const faults = faultInjection();
  const known = accounts();
  const running = typeof services === 'function' ? services(known) : services;
  const front = await startAwsFront({ services: running, faults, ...known });
  return {
    endpoint: front.endpoint,
    faults,
    accounts: known,
    close: () => front.close(),
    configuration: ({ region = 'us-east-1', accessKeyId = 'AKIATEST', maxAttempts = 1 } = {}) => ({
      endpoint: front.endpoint,
      region,
      maxAttempts,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey: 'secret' },
    }),
  };
}

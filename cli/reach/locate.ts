import type { Identity } from '#shared/aws/clients.ts';
import { installationPattern } from '#shared/installation.ts';
import { regionPattern } from '#shared/region.ts';
import { CommandFailed } from '../failure.ts';
import type { ConfiguredHome } from './configured-home.ts';
import type { KeptCloud } from './kept-cloud.ts';
import type { ReachOptions } from './options.ts';

/** Where an installation is, and how to call AWS there. */
export type Location = {
  readonly installation: string;
  readonly region: string;
  readonly account: string;
  /** Where the SDK does not find it by itself. */
  readonly endpoint?: string;
  readonly credentials?: Identity;
};

/** Asks the surroundings, each question only where its answer is needed. */
export type LocateAsks = {
  keptCloud(): KeptCloud | null;
  configured(path: string | undefined): Promise<ConfiguredHome | null>;
  /** The region that the environment or the profile names. */
  usualRegion(): Promise<string | null>;
  /** The account of the caller. */
  callerAccount(region: string): Promise<string>;
};

const usualInstallation = 'certkeep';

/**
 * Finds an installation: what an option says comes first, then the configuration file, then what the SDK knows.
 * @throws CommandFailed where nothing says it, or what is said cannot be
 */
export async function locate(options: ReachOptions, asks: LocateAsks): Promise<Location> {
  return checked(options.local ? local(options, asks) : await onAws(options, asks));
}

function local(options: ReachOptions, asks: LocateAsks): Location {
  const kept = asks.keptCloud();
  if (!kept) throw new CommandFailed('no local cloud is kept running here', 'npm start -- --keep');
  const { account, installation, region } = { ...kept, ...given(options) };
  return { ...kept, account, installation, region };
}

async function onAws(options: ReachOptions, asks: LocateAsks): Promise<Location> {
  const said = given(options);
  const isWhole = ['account', 'installation', 'region'].every((name) => name in said);
  const configured = isWhole ? null : await asks.configured(options.config);
  const region = said.region ?? configured?.region ?? (await asks.usualRegion());
  if (!region) {
    throw new CommandFailed(
      'no region is given, and neither certkeep.yaml nor the environment names one',
      'npx certkeep status --region REGION',
    );
  }
  const installation = said.installation ?? configured?.installation ?? usualInstallation;
  const account = said.account ?? configured?.account ?? (await asks.callerAccount(region));
  return { installation, region, account };
}

function given({ account, installation, region }: ReachOptions) {
  return {
    ...(account !== undefined && { account }),
    ...(installation !== undefined && { installation }),
    ...(region !== undefined && { region }),
  };
}

function checked(location: Location): Location {
  const { account, installation, region } = location;
  const wrong = [
    regionPattern.test(region) ? null : `"${region}" is not the name of a region`,
    /^\d{12}$/.test(account) ? null : `"${account}" is not an account: it has twelve digits`,
    installationPattern.test(installation) ? null : `"${installation}" is not an installation`,
  ].filter((each) => each !== null);
  if (wrong.length > 0) throw new CommandFailed(wrong.join('; '), 'npx certkeep status --help');
  return location;
}

import type { Config } from '#shared/config/config.ts';
import { parsePlaceKey, placeKey } from '#shared/place.ts';
import { placesOf } from '#shared/targets/identities.ts';
import { type Check, type Finding, ok, type Subject } from '../check.ts';

/** The defaults of every account and region (https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html). */
const usual = { imported: 2_500, importsAYear: 5_000 };

/** A 90-day certificate is renewed after 60 days, one of the profile `shortlived` (160 hours) after half of its life. */
const importsOf = { usual: 365 / 60, shortlived: 365 / 3.3 };

/** ACM takes so many imported certificates, and so many imports a year, of each account and region. */
export const acmQuota: Check = {
  title: 'Quotas of ACM',
  rights: ['acm:ListCertificates'],
  questions: (subject) => {
    const { certificates, home } = subject.config;
    const keys = new Set(certificates.flatMap((each) => placesOf(each, home)));
    const places = [...keys].map(parsePlaceKey).filter(({ store }) => !store);
    return places.map((place) => ({
      about: placeKey(place),
      account: place.account,
      instead: quotaCommand('list-service-quotas', place.region),
      ask: async () => {
        const { certificateSummaries } = await import('#shared/deploy/import/acm-client.ts');
        const { ACMClient } = await import('@aws-sdk/client-acm');
        let imported = 0;
        for await (const { Type } of certificateSummaries(
          new ACMClient(subject.optionsIn(place)),
        )) {
          if (Type === 'IMPORTED') imported += 1;
        }
        return judged(subject, place, imported);
      },
    }));
  },
};

function judged(
  { config }: Subject,
  place: { readonly account: string; readonly region: string },
  imported: number,
): readonly Finding[] {
  const key = placeKey(place);
  const mine = config.certificates.filter((each) => placesOf(each, config.home).includes(key));
  const perYear = Math.round(mine.reduce((sum, each) => sum + importsAYear(each, config), 0));
  return [held(key, place.region, imported, mine.length), yearly(key, place.region, perYear)];
}

/** Those of the file may be among the imported ones already. */
function held(key: string, region: string, imported: number, mine: number): Finding {
  const text = `${key} holds ${imported} imported certificates; with the ${mine} of this file, at most ${imported + mine} of ${usual.imported}`;
  if (imported + mine <= usual.imported) return ok(text);
  return {
    mark: imported < usual.imported ? 'warning' : 'wrong',
    text: `${text}, unless AWS has raised your quota`,
    say: 'Ask Service Quotas for more of "Imported certificates". Yours are:',
    command: quotaCommand('list-service-quotas', region),
  };
}

/** AWS does not say whether an import onto the same ARN counts. */
function yearly(key: string, region: string, perYear: number): Finding {
  const text = `${key} will see about ${perYear} imports a year, of ${usual.importsAYear}`;
  if (perYear <= usual.importsAYear) return ok(text);
  return {
    mark: 'warning',
    text: `${text}; AWS does not say whether renewals of the same certificate count`,
    say: 'Ask Service Quotas for more of "Imported certificates in last 365 days". Yours are:',
    command: quotaCommand('list-service-quotas', region),
  };
}

function importsAYear({ issuers }: Config['certificates'][number], config: Config): number {
  const profile = config.issuers[issuers[0] ?? '']?.profile;
  return profile === 'shortlived' ? importsOf.shortlived : importsOf.usual;
}

function quotaCommand(verb: string, region: string): string {
  return `aws service-quotas ${verb} --region ${region} --service-code acm`;
}

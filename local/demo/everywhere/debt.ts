import type { CertificateConfig } from '#shared/config/config.ts';
import type { Condition } from '#shared/status/condition.ts';
import { conditionsOf } from '#shared/status/status.ts';
import { statusKey } from '#shared/status/status-object.ts';
import { type Status, statusSchema } from '#shared/status/status-schema.ts';
import { identitiesOf } from '#shared/targets/identities.ts';
import type { TargetIdentity } from '#shared/targets/target-plugin.ts';
import { recordOf } from '../report.ts';
import type { Setting } from '../setting.ts';

export type Debt = Condition & { readonly certificate: string };

/** What `status.json` says in trouble of targets that do not have their certificate yet. */
export function debtsOf(setting: Setting): readonly Debt[] {
  const status = statusIn(setting);
  if (!status) return [];
  return status.certificates.flatMap((certificate) =>
    conditionsOf(status, certificate)
      .filter((condition) => condition.type === 'Deployed' && condition.status === 'false')
      .map((condition) => ({ certificate: certificate.id, ...condition })),
  );
}

/** Whether people can read of no trouble in the region any more. */
export function isOver(setting: Setting, region: string): boolean {
  const status = statusIn(setting);
  if (!status) return false;
  return [status, ...status.certificates]
    .flatMap((each) => conditionsOf(status, each))
    .every((condition) => condition.status !== 'false' || !condition.about?.includes(region));
}

function statusIn({ cloud, names }: Setting): Status | null {
  const stored = cloud.s3.bytesOf(names.bucket, statusKey);
  return stored && statusSchema.parse(JSON.parse(Buffer.from(stored).toString()));
}

/** Whether every target elsewhere is proven, and people can read of every target in the region that it is not. */
export function isDebtOf(setting: Setting, region: string): boolean {
  const { certificates } = setting.config;
  const debts = debtsOf(setting);
  return certificates.every((certificate) => {
    const { refused, others } = targetsBy(setting, certificate, region);
    const { deployments, desired } = recordOf(setting, certificate.id);
    const isProven = ({ key }: TargetIdentity) =>
      deployments[key]?.state === 'proven' && deployments[key].versionId === desired;
    const told = debts.filter((debt) => debt.certificate === certificate.id);
    return desired !== null && others.every(isProven) && told.length === refused.length;
  });
}

/** The targets of a certificate in a region, and all its others. */
export function targetsBy({ config }: Setting, certificate: CertificateConfig, region: string) {
  const all = identitiesOf(certificate, config.home);
  const isThere = ({ place }: TargetIdentity) => place.region === region;
  return { refused: all.filter(isThere), others: all.filter((target) => !isThere(target)) };
}

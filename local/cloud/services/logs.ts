import { arnOf } from '../wire/arn.ts';
import { AwsError } from '../wire/service.ts';

type LogGroup = {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** Null for unlimited. */
  readonly retentionDays: number | null;
};

type Place = Pick<LogGroup, 'account' | 'region'>;

/** The groups of CloudWatch Logs. The runtime reports the functions' output itself. */
export type Logs = {
  createLogGroup(place: Place, name: string, retentionDays: number | null): LogGroup;
  putRetentionPolicy(arn: string, retentionDays: number | null): void;
  deleteLogGroup(arn: string): void;
  find(place: Place, name: string): LogGroup | null;
};

/** PutRetentionPolicy, "retentionInDays". */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

export function logs(): Logs {
  const groups = new Map<string, LogGroup>();
  const groupArn = (place: Place, name: string) => arnOf('logs', place, `log-group:${name}`);
  return {
    createLogGroup({ region, account }, name, retentionDays) {
      const arn = groupArn({ region, account }, name);
      if (groups.has(arn)) {
        throw new AwsError(
          'ResourceAlreadyExistsException',
          `The specified log group already exists: ${name}`,
        );
      }
      const group = { name, arn, account, region, retentionDays: checked(retentionDays) };
      groups.set(arn, group);
      return group;
    },
    putRetentionPolicy(arn, retentionDays) {
      const group = groups.get(arn);
      if (group) groups.set(arn, { ...group, retentionDays: checked(retentionDays) });
    },
    deleteLogGroup: (arn) => void groups.delete(arn),
    find: (place, name) => groups.get(groupArn(place, name)) ?? null,
  };
}

function checked(days: number | null): number | null {
  if (days === null || retentions.includes(days)) return days;
  throw new AwsError('InvalidParameterException', `${days} days are no retention that there is`);
}

import * as z from 'zod';
import { provider } from '../provider.ts';

const properties = z.strictObject({
  LogGroupName: z.string().optional(),
  RetentionInDays: z.number().optional(),
});

export const logGroup = provider<z.output<typeof properties>>({
  properties,
  identity: ['LogGroupName'],
  put({ LogGroupName, RetentionInDays = null }, { call, cloud, madeName }, before) {
    const name = LogGroupName ?? madeName;
    const there = before && cloud.logs.find(call, name);
    if (there) cloud.logs.putRetentionPolicy(there.arn, RetentionInDays);
    const { arn } = there ?? cloud.logs.createLogGroup(call, name, RetentionInDays);
    return { ref: name, attributes: { Arn: `${arn}:*` } };
  },
  remove({ placed }, { cloud }) {
    cloud.logs.deleteLogGroup(placed.attributes?.Arn?.replace(/:\*$/, '') ?? '');
  },
});

import type { Clock } from '#shared/time/clock.ts';
import type { Target } from '../target.ts';
import type { TargetIdentity } from '../target-plugin.ts';
import { checkUnchanged, untilShown } from '../until-known.ts';
import type { TemplateClient } from './client.ts';

type TemplateOptions = {
  readonly identity: TargetIdentity;
  readonly name: string;
  readonly client: TemplateClient;
  readonly clock: Clock;
};

/** The one certificate of a listener. It looks first, changes as little as possible, and looks again. */
export function templateTarget({ client, clock, identity, name }: TemplateOptions): Target {
  const held = async () => ({ default: (await client.listener(name)).certificateArn, list: [] });
  const tags = async () => (await client.listener(name)).tags;
  return {
    key: identity.key,
    place: identity.place,
    listener: identity.listener,
    position: 'default',
    async look() {
      const { certificateArn, host, port } = await client.listener(name);
      // The kind selects the rules by which a client gets its certificate. Here every client gets the same one, as from a
      // Classic Load Balancer.
      const kind = 'single';
      return { name, endpoint: { host, port }, kind, default: certificateArn, list: [] };
    },
    readHeld: held,
    async arrange({ default: arn }, seen) {
      const before = await held();
      if (arn === null || before.default === arn) return before;
      checkUnchanged(name, before.default, seen.default);
      await client.setCertificate(name, arn);
      return untilShown(
        clock,
        `the new certificate of ${name}`,
        held,
        (now) => now.default === arn,
      );
    },
    mark: (mark, value) => client.setTag(name, mark, value),
    marks: tags,
    tags,
  };
}

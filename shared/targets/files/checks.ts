import type { PluginCheck } from '#shared/schema/plugin-check.ts';

type Pushed = {
  readonly push?:
    | {
        readonly instances?: readonly string[] | undefined;
        readonly tag?: object | undefined;
        readonly parameters?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
};

/** What a command says by itself. */
const ownParameters = ['secret', 'version', 'region'] as const;

/** Run Command takes ids or a tag, and not both ("one block"). */
export const hostsAreNamedOnce: PluginCheck<Pushed> = (own) =>
  own.flatMap(({ path, value: { push } }) => {
    if (!push) return [];
    const named = [push.instances, push.tag].filter((each) => each !== undefined);
    if (named.length === 1) return [];
    const message = named.length === 0 ? 'names no hosts' : 'names hosts by their ids and by a tag';
    return [{ path: [...path, 'push'], message, fix: 'Write `instances` or `tag`.' }];
  });

export const parametersAreTheirs: PluginCheck<Pushed> = (own) =>
  own.flatMap(({ path, value: { push } }) =>
    ownParameters
      .filter((name) => Object.hasOwn(push?.parameters ?? {}, name))
      .map((name) => ({
        path: [...path, 'push', 'parameters', name],
        message: 'is a parameter that certkeep gives',
        fix: 'Leave it out, or give yours another name.',
      })),
  );

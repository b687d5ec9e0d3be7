import { placeKey } from '#shared/place.ts';
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

type Placed = Pushed & {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
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

/** certkeep does nothing in a place where it sends no command and has nobody inside: a stack there would be empty. */
export const placesAreUsed: PluginCheck<Placed> = (own, file) =>
  own.flatMap(({ path, value }) => {
    const written = value.account === undefined ? 'region' : 'account';
    const { account = file.account, push, region = file.region } = value;
    if (push || value[written] === undefined || account === null || region === null) return [];
    if (file.places.includes(placeKey({ account, region }))) return [];
    return [
      {
        path: [...path, written],
        isKey: true,
        message:
          'is for hosts that are told by `push`, or asked by a probe inside of their network',
        fix: 'Leave it out: hosts that look by themselves may be anywhere.',
      },
    ];
  });

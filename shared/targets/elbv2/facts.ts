import type { Place } from '#shared/place.ts';
import type { TargetConfig } from '../specs.ts';
import type { Position } from '../target.ts';
import type { ListenerKind } from './listener-kind.ts';
import { loadBalancerOf } from './load-balancer.ts';

/** A target that is a listener with an ARN and an SNI list. */
export type ListenerTarget = TargetConfig & { readonly type: ListenerKind['type'] };

/** The facts of a kind whose targets are listeners with an ARN and an SNI list. */
export function listenerFacts({ type }: Pick<ListenerKind, 'type'>) {
  return {
    identify({ certificate, listener }: ListenerTarget, _home: Place) {
      const [, , , region = '', account = ''] = listener.split(':');
      return {
        key: `${type}:${certificate}:${listener}`,
        place: { account, region },
        listener,
        isExclusive: certificate !== 'sni',
        resourceArn: loadBalancerOf(listener),
      };
    },
  };
}

/** Says whether a target has a listener with an ARN and an SNI list. */
export function hasList(target: TargetConfig): target is ListenerTarget {
  return target.type === 'alb' || target.type === 'nlb';
}

/** The position that the configuration wants; a target without a list has one certificate for everybody. */
export function positionOf(target: TargetConfig): Position {
  return hasList(target) ? target.certificate : 'default';
}

/** The ARN of a listener's load balancer, as ACM's InUseBy names it. */
export function loadBalancerOf(listenerArn: string): string {
  return listenerArn.replace(':listener/', ':loadbalancer/').replace(/\/[^/]+$/, '');
}

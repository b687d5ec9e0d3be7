/** The ARN of the load balancer that a listener belongs to, as ACM's InUseBy has it. */
export function loadBalancerOf(listenerArn: string): string {
  return listenerArn.replace(':listener/', ':loadbalancer/').replace(/\/[^/]+$/, '');
}

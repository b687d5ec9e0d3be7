/**
 * Returns who manages a load balancer, according to the tags that CloudFormation, Elastic Beanstalk and the AWS Load
 * Balancer Controller set (AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html,
 * elasticbeanstalk/latest/dg/applications-tagging-resources.html, kubernetes-sigs/aws-load-balancer-controller,
 * docs/guide/ingress/annotations.md).
 */
export function ownersIn(tags: Readonly<Record<string, string>>): readonly string[] {
  const named = managers.flatMap(([tag, manager]) => {
    const value = tags[tag];
    return value ? [`${manager} ${value}`] : [];
  });
  const clusters = Object.keys(tags)
    .filter((tag) => tag.startsWith(clusterTag))
    .map((tag) => `Kubernetes cluster ${tag.slice(clusterTag.length)}`);
  return [...named, ...clusters];
}

const clusterTag = 'kubernetes.io/cluster/';

const managers = [
  ['aws:cloudformation:stack-name', 'CloudFormation stack'],
  ['elasticbeanstalk:environment-name', 'Elastic Beanstalk environment'],
  ['elbv2.k8s.aws/cluster', 'AWS Load Balancer Controller of cluster'],
  ['ingress.k8s.aws/stack', 'Kubernetes ingress'],
  ['service.k8s.aws/stack', 'Kubernetes service'],
] as const;

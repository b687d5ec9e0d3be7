/** The differences between listeners of Application and of Network Load Balancers. The API is the same. */
export type ListenerKind = {
  readonly type: 'alb' | 'nlb';
  readonly title: string;
  /** In ARNs: `listener/app/…`. */
  readonly form: 'app' | 'net';
  /** ELB's name of the protocol that has certificates. */
  readonly protocol: 'HTTPS' | 'TLS';
  /** How many certificates all listeners of a load balancer may have together. */
  readonly quota: {
    readonly code: string;
    readonly certificates: number;
    readonly countsDefaults: boolean;
  };
};

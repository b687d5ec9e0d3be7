/** A listener, a Classic Load Balancer or a distribution asks by this tag for the certificate of that id. */
export const wantedTag = 'certkeep:certificate';

/** Says where: on a listener `sni` (by default), `default` or `both`, at a Classic Load Balancer the port (by default 443). */
export const positionTag = 'certkeep:position';

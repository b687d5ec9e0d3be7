/**
 * Replaces @aws-sdk/credential-provider-node, the chain of environment, SSO, files, web identity, containers and instances.
 * Functions use the credentials in their environment (functions/handler.ts), and node:http, which the last link imports,
 * costs more than everything else together.
 */
export function defaultProvider() {
  return async () => {
    throw new Error('a client was made without credentials: functions carry no chain of providers');
  };
}

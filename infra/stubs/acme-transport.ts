/** Replaces acme-client/src/axios.js. */
export async function request(): Promise<never> {
  throw new Error('acme-client used its own transport: it is to be given another one');
}

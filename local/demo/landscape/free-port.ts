import { freePort } from 'local-cloud/load-balancers/nodes.ts';

const mostTries = 5;

/** Tries again with another port when a program took it between the look and the listening. */
export async function onFreePorts<T>(
  listen: (freePort: () => Promise<number>) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await listen(freePort);
    } catch (error) {
      if ((error as Error).name !== 'PortTaken' || tries >= mostTries) throw error;
    }
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { addMs, secondMs, systemClock } from '../../clock.ts';
import { freePort } from '../../load-balancers/nodes.ts';

export type Moto = { readonly endpoint: string; close(): Promise<void> };

const startDeadlineMs = 30 * secondMs;
const pollMs = 50;
const keptOutput = 4_000;

/** moto as a server of its own. `binary` is the `moto_server` of `pip install 'moto[server]'`. */
export async function startMoto(binary: string): Promise<Moto> {
  const port = await freePort();
  const child = spawn(binary, ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = lastOutput(child);
  const endpoint = `http://127.0.0.1:${port}`;
  const close = () => stop(child);
  try {
    await answered(child, endpoint);
    return { endpoint, close };
  } catch (cause) {
    await close();
    throw new Error(`moto did not start: ${output()}`, { cause });
  }
}

function lastOutput(child: ChildProcess): () => string {
  let text = '';
  const keep = (chunk: Buffer) => {
    text = (text + chunk).slice(-keptOutput);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('error', (error) => keep(Buffer.from(error.message)));
  return () => text;
}

async function answered(child: ChildProcess, endpoint: string): Promise<void> {
  const deadline = addMs(systemClock.now(), startDeadlineMs);
  for (;;) {
    if (child.pid === undefined || child.exitCode !== null) throw new Error('moto ended');
    try {
      await fetch(`${endpoint}/moto-api/`);
      return;
    } catch (error) {
      if (systemClock.now() > deadline) throw error;
      await systemClock.sleep(pollMs);
    }
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

// Connects the bundle with Lambda's runtime API, as the nodejs24.x runtime does:
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import { subscribe } from 'node:diagnostics_channel';
import { Agent, request } from 'node:http';
import { pathToFileURL } from 'node:url';

const base = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let currentId = null;

// Lambda does not do this: it tells the local cloud which run makes a call (run-header.ts).
subscribe('http.client.request.created', (message) => {
  if (!currentId || message.request.headersSent) return;
  message.request.setHeader('lambda-runtime-aws-request-id', currentId);
});

process.on('uncaughtException', (error) => void die('Runtime.UncaughtException', error));
process.on('unhandledRejection', (error) => void die('Runtime.UnhandledPromiseRejection', error));

const handler = await loadHandler();
for (;;) await serveOne(await ask('GET', 'invocation/next'));

async function loadHandler() {
  try {
    const bundle = await import(pathToFileURL(process.argv[2]).href);
    if (typeof bundle.handler === 'function') return bundle.handler;
    throw new Error('index.handler is undefined or not exported');
  } catch (error) {
    await ask('POST', 'init/error', described(error));
    return process.exit(1);
  }
}

async function serveOne({ headers, body }) {
  const requestId = headers['lambda-runtime-aws-request-id'];
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
  currentId = requestId;
  const answer = await outcome(JSON.parse(body), {
    awsRequestId: requestId,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? '512',
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  });
  currentId = null;
  await ask('POST', `invocation/${requestId}/${answer.path}`, answer.body);
}

async function outcome(event, context) {
  try {
    const payload = await handler(event, context);
    return { path: 'response', body: JSON.stringify(payload ?? null) };
  } catch (error) {
    return { path: 'error', body: described(error) };
  }
}

function described(error) {
  const known = error instanceof Error ? error : new Error(String(error));
  return JSON.stringify({
    errorType: known.name,
    errorMessage: known.message,
    trace: (known.stack ?? '').split('\n'),
  });
}

async function die(name, error) {
  console.error(error);
  const reason = JSON.stringify({ errorType: name, errorMessage: String(error), trace: [] });
  if (currentId) await ask('POST', `invocation/${currentId}/error`, reason);
  process.exit(129);
}

/** Exits when nobody answers: the local cloud that started this process has ended. */
function ask(method, path, body) {
  return new Promise((resolve) => {
    const outgoing = request(`${base}/${path}`, { method, agent }, (incoming) => {
      const chunks = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('error', () => process.exit(0));
      incoming.on('end', () =>
        resolve({ headers: incoming.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    outgoing.on('error', () => process.exit(0));
    outgoing.end(body);
  });
}

import type {
  FilterLogEventsCommandInput,
  FilterLogEventsResponse,
  GetLogEventsCommandInput,
  GetLogEventsResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { pageOf } from '../pages.ts';
import { invalidToken } from './describe.ts';
import { filterPattern } from './filter-pattern.ts';
import { groupAt, type LogEvent, type LogState } from './state.ts';

/** "The default is 10,000 events" of both operations. */
const usualLimit = 10_000;

export function filterLogEvents(
  state: LogState,
  input: FilterLogEventsCommandInput,
  call: Call,
): FilterLogEventsResponse {
  supportOnly('FilterLogEvents', input, [
    'logGroupName',
    'logGroupIdentifier',
    'logStreamNames',
    'logStreamNamePrefix',
    'startTime',
    'endTime',
    'filterPattern',
    'interleaved',
    'limit',
    'nextToken',
  ]);
  const { limit: size = usualLimit, logStreamNamePrefix = '', logStreamNames } = input;
  const matches = filterPattern(input.filterPattern ?? '');
  const found = groupAt(state, input, call).events.filter(
    (event) =>
      (logStreamNames?.includes(event.stream) ?? true) &&
      event.stream.startsWith(logStreamNamePrefix) &&
      event.at.getTime() >= (input.startTime ?? 0) &&
      event.at.getTime() <= (input.endTime ?? Number.POSITIVE_INFINITY) &&
      matches(event.line),
  );
  if (size < 1 || size > usualLimit) {
    throw new AwsError(
      'InvalidParameterException',
      `The limit ${size} is not between 1 and 10000.`,
    );
  }
  const idOf = ({ id }: LogEvent) => id;
  const whole = pageOf(found, { token: input.nextToken, size }, idOf);
  if (!whole) throw invalidToken();
  const page = pageOf(found, { token: input.nextToken, size: fitting(whole.items) }, idOf) ?? whole;
  return {
    events: page.items.map((event) => ({
      eventId: event.id,
      logStreamName: event.stream,
      ...written(event),
    })),
    // "This field is always empty": API_FilterLogEvents.
    searchedLogStreams: [],
    ...(page.next && { nextToken: page.next }),
  };
}

/** "As many log events as can fit in 1 MB" of a page: API_FilterLogEvents. */
const largestPageBytes = 1_048_576;

function fitting(events: readonly LogEvent[]): number {
  let bytes = 0;
  const tooMany = events.findIndex(({ line }, index) => {
    bytes += Buffer.byteLength(line);
    return index > 0 && bytes > largestPageBytes;
  });
  return tooMany < 0 ? events.length : tooMany;
}

/** The latest events unless asked from the head; its tokens never end, and the same one again says that there is no more. */
export function getLogEvents(
  state: LogState,
  input: GetLogEventsCommandInput,
  call: Call,
): GetLogEventsResponse {
  supportOnly('GetLogEvents', input, [
    'logGroupName',
    'logGroupIdentifier',
    'logStreamName',
    'startTime',
    'endTime',
    'startFromHead',
    'limit',
    'nextToken',
  ]);
  const { limit = usualLimit, logStreamName, nextToken, startFromHead = false } = input;
  const group = groupAt(state, input, call);
  if (!group.events.some(({ stream }) => stream === logStreamName)) {
    throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
  }
  const events = group.events.filter(
    ({ at, stream }) =>
      stream === logStreamName &&
      at.getTime() >= (input.startTime ?? 0) &&
      // "Events with a timestamp equal to or later than this time are not included": API_GetLogEvents, "endTime".
      at.getTime() < (input.endTime ?? Number.POSITIVE_INFINITY),
  );
  const [from, to] = rangeOf(events.length, { limit, startFromHead, nextToken });
  return {
    events: events.slice(from, to).map(written),
    nextForwardToken: `f/${to}`,
    nextBackwardToken: `b/${from}`,
  };
}

function rangeOf(
  count: number,
  {
    limit,
    nextToken,
    startFromHead,
  }: { limit: number; nextToken: string | undefined; startFromHead: boolean },
): readonly [number, number] {
  const [, direction = startFromHead ? 'f' : 'b', at = startFromHead ? 0 : count] =
    /^([fb])\/(\d+)$/.exec(nextToken ?? '') ?? [];
  const place = Math.min(Number(at), count);
  return direction === 'f'
    ? [place, Math.min(place + limit, count)]
    : [Math.max(place - limit, 0), place];
}

function written({ at, line }: LogEvent) {
  return { timestamp: at.getTime(), ingestionTime: at.getTime(), message: line };
}

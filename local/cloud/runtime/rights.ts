import type { FunctionRights } from '../iam/function-rights.ts';

const nothing = async () => [];

/** Allows everything, where no policies are evaluated. */
export const everyRight: FunctionRights = {
  missingToPoll: nothing,
  missingToLog: nothing,
  missingToSend: nothing,
  missingToInvokeByRule: nothing,
  missingToInvokeByGroup: nothing,
  missingToSendByRule: nothing,
  missingToInvokeBySchedule: nothing,
  missingToRun: nothing,
  missingToAttach: nothing,
};

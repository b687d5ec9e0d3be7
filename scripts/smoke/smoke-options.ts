export type SmokeOptions = {
  readonly account: string;
  readonly region: string;
  readonly zone: string;
  readonly listener: string;
  readonly installation: string;
  readonly yes: boolean;
  readonly json: boolean;
};

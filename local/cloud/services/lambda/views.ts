import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { DeployedFunction } from './state.ts';

export function describedFunction(deployed: DeployedFunction): FunctionConfiguration {
  return {
    FunctionName: deployed.name,
    FunctionArn: deployed.arn,
    Role: deployed.roleArn,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    PackageType: 'Zip',
    Version: '$LATEST',
    Architectures: [deployed.architecture],
    MemorySize: deployed.memoryMb,
    Timeout: Math.ceil(deployed.timeoutMs / 1_000),
    Environment: { Variables: { ...deployed.environment } },
    LoggingConfig: { LogGroup: deployed.logGroup },
    // A function here is ready as soon as it is deployed.
    State: 'Active',
    LastUpdateStatus: 'Successful',
    ...(deployed.network && {
      VpcConfig: {
        SubnetIds: [...deployed.network.subnets],
        SecurityGroupIds: [...deployed.network.securityGroups],
        VpcId: 'vpc-00000000000000000',
      },
    }),
  };
}

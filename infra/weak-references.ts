import { CrossStackReferences, ReferenceStrength } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * What is inside reads outputs of other stacks (`Fn::GetStackOutput`), without the custom resources that exports
 * across regions need. Before anything is created in the scope.
 */
export function readWeakly(scope: Construct): void {
  CrossStackReferences.of(scope).consume(ReferenceStrength.WEAK);
}

/** Stops a deployment, and names the place in the assembly. */
export class DeployProblem extends Error {
  constructor(where: string, what: string, options?: ErrorOptions) {
    super(`${where}: ${what}`, options);
    this.name = 'DeployProblem';
  }
}

/** What stops a deployment, with the place in the assembly where it stands. */
export class DeployProblem extends Error {
  constructor(where: string, what: string, options?: ErrorOptions) {
    super(`${where}: ${what}`, options);
    this.name = 'DeployProblem';
  }
}

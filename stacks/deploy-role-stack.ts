import { Stack } from 'aws-cdk-lib';
import { OidcProviderNative, PolicyStatement, Role, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { namesOf } from './names.ts';
import type { LogStackProps } from './stage-settings.ts';

/** The branch whose workflows deploy. */
const DEPLOY_BRANCH = 'develop';
const GITHUB_ISSUER = 'token.actions.githubusercontent.com';
/** CDK's default bootstrap qualifier. */
const QUALIFIER = 'hnb659fds';

type DeployRoleStackProps = LogStackProps & { githubRepository: string };

/**
 * The role that GitHub Actions deploys with: short-lived credentials, only for this repository's `develop`. Through
 * the roles of `cdk bootstrap` it may do what CloudFormation may do, which is everything by default.
 */
export class DeployRoleStack extends Stack {
  constructor(scope: Construct, id: string, props: DeployRoleStackProps) {
    super(scope, id, props);
    const { settings, githubRepository } = props;
    const providerArn =
      settings.githubProvider === 'create'
        ? new OidcProviderNative(this, 'GitHub', {
            url: `https://${GITHUB_ISSUER}`,
            clientIds: ['sts.amazonaws.com'],
          }).oidcProviderArn
        : this.formatArn({
            service: 'iam',
            region: '',
            resource: 'oidc-provider',
            resourceName: GITHUB_ISSUER,
          });

    const role = new Role(this, 'Role', {
      roleName: namesOf(settings.stage).deployRole,
      description: `Deploys the log service from ${githubRepository}, branch ${DEPLOY_BRANCH}`,
      // Exactly the subject of the branch: runs of a pull request have another (`repo:...:pull_request`). The
      // repository is written as in GitHub's tokens, some of which contain the ids of owner and repository.
      assumedBy: new WebIdentityPrincipal(providerArn, {
        StringEquals: {
          [`${GITHUB_ISSUER}:aud`]: 'sts.amazonaws.com',
          [`${GITHUB_ISSUER}:sub`]: `repo:${githubRepository}:ref:refs/heads/${DEPLOY_BRANCH}`,
        },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['sts:AssumeRole'],
        resources: this.bootstrapRoles('deploy', 'file-publishing'),
      }),
    );
    // A workflow makes sure that the table exists before it deploys a function.
    role.addToPolicy(
      new PolicyStatement({
        actions: ['dynamodb:DescribeTable'],
        resources: [
          this.formatArn({
            service: 'dynamodb',
            resource: 'table',
            resourceName: namesOf(settings.stage).table,
          }),
        ],
      }),
    );
  }

  /** The roles that `cdk bootstrap` made for the steps of a deployment. */
  private bootstrapRoles(...purposes: string[]): string[] {
    return purposes.map((purpose) =>
      this.formatArn({
        service: 'iam',
        region: '',
        resource: 'role',
        resourceName: `cdk-${QUALIFIER}-${purpose}-role-${this.account}-${this.region}`,
      }),
    );
  }
}

import { App, type Stack, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ApiStack } from './api-stack.ts';
import { DeployRoleStack } from './deploy-role-stack.ts';
import { IngestStack } from './ingest-stack.ts';
import { MonitoringStack } from './monitoring-stack.ts';
import { RetrievalStack } from './retrieval-stack.ts';
import { readStageSettings } from './stage-settings.ts';
import { STAGES } from './stages.ts';
import { StorageStack } from './storage-stack.ts';

// One stage of the log service. The dependencies only set the order of deployment. No stack reads the outputs of
// another, so `cdk deploy dev-log-ingest --exclusively` changes only that function.
const app = new App();
const settings = readStageSettings(app.node, STAGES);
const props = { settings, env: { region: settings.region } };
const id = (part: string) => `${settings.stage}-log-${part}`;

const storage = new StorageStack(app, id('storage'), props);
const ingest = new IngestStack(app, id('ingest'), props);
const retrieval = new RetrievalStack(app, id('retrieval'), props);
const api = new ApiStack(app, id('api'), props);
const monitoring = new MonitoringStack(app, id('monitoring'), props);
deployAfter(ingest, storage);
deployAfter(retrieval, storage);
deployAfter(api, ingest, retrieval);
deployAfter(monitoring, api);

if (settings.githubRepository) {
  new DeployRoleStack(app, id('deploy-role'), { ...props, githubRepository: settings.githubRepository });
}

// Tags on dashboards are so new that cfn-lint does not know them.
const excludeResourceTypes = ['AWS::CloudWatch::Dashboard'];
Tags.of(app).add('service', 'log-service', { excludeResourceTypes });
Tags.of(app).add('stage', settings.stage, { excludeResourceTypes });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

function deployAfter(stack: Stack, ...earlier: Stack[]): void {
  for (const dependency of earlier) stack.addStackDependency(dependency);
}

import { App } from 'aws-cdk-lib';
import { addLogService } from './log-service.ts';
import { readStageSettings } from './stage-settings.ts';

const app = new App();
addLogService(app, readStageSettings(app.node));

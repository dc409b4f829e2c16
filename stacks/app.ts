import { App } from 'aws-cdk-lib';
import { addLogService } from './log-service.ts';
import { readSettings } from './settings.ts';

const app = new App();
addLogService(app, readSettings(app.node));

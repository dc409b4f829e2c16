// Before each test file of the project `properties`: for the properties that do not say how often they run.
import fc from 'fast-check';
import { RUNS } from './arbitraries.ts';

fc.configureGlobal({ numRuns: 100 * RUNS });

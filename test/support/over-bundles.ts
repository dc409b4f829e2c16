// Before each test file of the projects over the bundles that are uploaded.
process.env.FUNCTIONS_UNDER_TEST = 'bundles';

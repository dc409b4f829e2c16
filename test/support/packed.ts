// Before each test file of the project `packed`.
process.env.PACKING = 'all';

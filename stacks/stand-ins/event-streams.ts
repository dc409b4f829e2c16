/** Nothing: the SDK imports event streams when an operation has one, and none of DynamoDB's has. */
export {};

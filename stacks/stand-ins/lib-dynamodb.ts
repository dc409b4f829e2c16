/** Nothing: ElectroDB wants these commands for requests of its own, and the functions send all requests themselves. */
export {};

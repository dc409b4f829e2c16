/** Nothing: ElectroDB wants these commands for requests of its own, and ingest sends all requests itself. */
export {};

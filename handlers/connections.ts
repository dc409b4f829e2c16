import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { createSecureContext } from 'node:tls';

/** Connections to DynamoDB: a read may ask all shards of some days at once, and a write sends 16 batches. */
const SOCKETS = 150;
/** The slowest requests to DynamoDB take a few hundred milliseconds. Beyond this the connection is broken. */
const SILENCE_TIMEOUT_MS = 5_000;
export const CONNECT_TIMEOUT_MS = 1_000;

/**
 * The SDK's options for connections. Times count from when a request has its socket. The SDK's own `connectionTimeout`
 * and `requestTimeout` count the wait for a socket too, so under load they end requests whose turn would have come.
 * All connections share one secure context, so the trusted certificates are read once, and before a client waits.
 */
export function createConnections() {
  const options: AgentOptions = { keepAlive: true, maxSockets: SOCKETS };
  return {
    httpAgent: withConnectTimeout(new HttpAgent(options), 'connect'),
    httpsAgent: withConnectTimeout(
      new HttpsAgent({ ...options, secureContext: createSecureContext() }),
      'secureConnect',
    ),
    socketTimeout: SILENCE_TIMEOUT_MS,
  };
}

/** Gives up a connection that is not made in time. The SDK tries again after an ETIMEDOUT. */
function withConnectTimeout<Agent extends HttpAgent>(agent: Agent, connected: string): Agent {
  const createConnection = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = createConnection(options, callback) as Duplex;
    const error = Object.assign(new Error('No connection could be made in time'), { code: 'ETIMEDOUT' });
    const timer = setTimeout(() => socket.destroy(error), CONNECT_TIMEOUT_MS);
    for (const event of [connected, 'close']) socket.once(event, () => clearTimeout(timer));
    return socket;
  };
  return agent;
}

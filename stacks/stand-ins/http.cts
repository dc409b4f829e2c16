/**
 * Stands in for an import of Node's http. As an ES module that one also loads undici, for the WebSocket that it exports,
 * which takes Node 24 a tenth of the time that a function needs to start.
 */
module.exports = process.getBuiltinModule('node:http');

/**
 * Stands in for an import of Node's http. Imported as an ES module, the original also loads undici for the WebSocket
 * that it exports, which takes a tenth of the time that a function needs to start on Node 24.
 */
module.exports = process.getBuiltinModule('node:http');

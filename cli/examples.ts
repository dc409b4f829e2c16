/** What follows the options in the help. The tests run each example. */
export const EXAMPLES = `
A search is written as in the page: words that a message contains, -words that it does not contain, name=value and
-name=value for attributes, level:error, trace:ID. In one pair of quotes the shell passes it on whole. One word alone
is an id first: where no entry has it, it is searched for. @name is a search of the next .logs.json in this folder or
above it.

Entries are printed newest last, next to the prompt. For programs, --json and --output print them newest first, as
the service does, and all of them where --since or --from says from when on.
Exit codes: 0 done, 1 the service failed, 2 wrong usage.

Examples:
  logs                                        the newest 100 entries of the service on this machine
  logs --severity error --since 2h            errors of the last two hours
  logs 'level:error service.name=checkout -timeout'   a search as in the page
  logs order-4711                             the entries under one id
  logs --contains timeout --local             entries that contain a text, in local time
  logs -c "disk full" -c sda -x debug         entries that contain two texts and not a third
  logs --where service.name=checkout          entries with an attribute
  logs -w service.name!=checkout              entries without it, also those without a service.name
  logs --follow --severity warning,error      what goes wrong, as it happens
  logs --from 2026-03-01T02:50:00Z --to 2026-03-01T03:10:00Z --limit 5000
  logs --word 4bf92f3577b34da6a3ce929d0e0e4736   whatever names this trace, over the whole retention
  logs around order-4711                      what was logged before and after an entry, or a time
  logs counts --since 1d                      how many entries of each severity there are, by time
  logs dead-letters --since 1d                what was refused, and why
  logs open 'http://127.0.0.1:3001/?severity=error&last=1h'   what a link of the page shows
  logs --top service.name --severity error    which services have errors, and how many
  logs --patterns --severity error --since 1d   what these errors are
  logs --fields datetime,service.name,message   these columns alone
  logs --json --limit 10000 | jq .message     NDJSON for other programs (npm run: add --silent)
  logs --output csv --since 1d > day.csv      a table for a spreadsheet
  logs --url https://abc.execute-api.us-east-1.amazonaws.com/dev      a deployment, signed
  logs --web --url https://abc.execute-api.us-east-1.amazonaws.com/dev    the same in a browser`;

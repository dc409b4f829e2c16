#!/bin/sh
# Sends what the journal has received since the last run to POST /v1/json: post-journal.sh CURSORFILE
lines=$(mktemp) || exit 1
trap 'rm -f "$lines"' EXIT
[ -s "$1" ] && set -- "$1" --after-cursor="$(cat "$1")"
cursor_file=$1
shift
journalctl --output=json --no-pager "$@" | head --lines=20000 |
  jq --compact-output '
    def text: if type == "array" then map(if type == "number" then [.] | implode else tostring end) | add
      else . // "" | tostring end;
    { id: .__CURSOR, time: (.__REALTIME_TIMESTAMP | tonumber), priority: .PRIORITY, message: (.MESSAGE | text),
      host: ._HOSTNAME, unit: ._SYSTEMD_UNIT, program: .SYSLOG_IDENTIFIER, pid: ._PID }' > "$lines"
[ -s "$lines" ] || exit 0
post-file "$lines"
case $? in 0 | 2) ;; *) exit 1 ;; esac
tail --lines=1 "$lines" | jq --raw-output .id > "$cursor_file.new" &&
  mv "$cursor_file.new" "$cursor_file"

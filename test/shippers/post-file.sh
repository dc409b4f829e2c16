#!/bin/sh
# Sends a file of entries, one JSON object a line, and prints the answer: post-file.sh FILE
# Succeeds only if the answer is 200, so that `post-file.sh FILE && rm FILE` loses nothing.
# Exits with 2 if no line is an entry: sending it again is useless then, and all lines are dead letters.
[ -r "$1" ] || exit 1
answer=$(gzip --stdout "$1" | curl --silent --show-error --max-time 30 --retry 20 --retry-all-errors \
  --header "x-api-key: $LOGS_API_KEY" --header 'Content-Type: application/x-ndjson' \
  --header 'Content-Encoding: gzip' --data-binary @- --write-out '%{http_code}' "$LOGS_URL")
printf '%s\n' "${answer%???}"
case $answer in
  *200) ;;
  *400) exit 2 ;;
  *) exit 1 ;;
esac

#!/bin/sh
# Sends a file of entries, one JSON object a line, and prints what became of them: post-file.sh FILE
gzip --stdout "$1" | curl --silent --show-error --max-time 30 --retry 20 --retry-all-errors \
  --header "x-api-key: $LOGS_API_KEY" --header 'Content-Type: application/x-ndjson' \
  --header 'Content-Encoding: gzip' --data-binary @- "$LOGS_URL"

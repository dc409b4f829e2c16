#!/bin/sh
# Posts each line that rsyslog hands over, and says OK when the service has stored it, or will never do so.
echo OK
while IFS= read -r line; do
  status=$(printf '%s' "$line" | curl --silent --output /dev/null --write-out '%{http_code}' --max-time 30 \
    --header "x-api-key: $LOGS_API_KEY" --data-binary @- "$LOGS_URL")
  case $status in
    200 | 400 | 413) echo OK ;;
    *) echo "answered $status" ;;
  esac
done

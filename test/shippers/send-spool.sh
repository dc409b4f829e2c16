#!/bin/sh
# Sends what rsyslog writes into a folder, every two seconds: send-spool.sh FOLDER PIDFILE
cd "$1" || exit 1
[ -e closed ] && kill -HUP "$(cat "$2")"   # the last run was killed before it could say so
while sleep 2; do
  if [ -e closed ]; then
    # Pieces that fit into a request. rsyslog has closed the file since the last round.
    split --line-bytes=4000000 closed "piece-$(date +%s)-" && rm closed
  elif [ -s entries ]; then
    mv entries closed
    kill -HUP "$(cat "$2")"   # rsyslog opens a new file
  fi
  for piece in piece-*; do
    [ -e "$piece" ] || continue
    post-file "$piece"
    case $? in
      0 | 2) rm "$piece" ;;
      *) break ;;   # the service is down: again in the next round
    esac
  done
done

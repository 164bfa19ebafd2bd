/**
 * The program of the supervising shell, one for each server. It reads one command a line from its parent:
 *
 * - `run 'program' 'argument'…` starts the server and answers `started PID`, later `exited STATUS`;
 * - `halt INT QUIT KILL` sends the signals in turn, ten seconds apart, until the server is gone.
 *
 * The end of the input means that the parent stopped, crashed or was killed: the shell halts the server,
 * removes the folder of the run and ends. So nothing outlives Godwit, however Godwit dies. It is plain
 * POSIX shell because it must start at once, from sources and from `dist` alike, and cost no memory.
 *
 * Arguments: folder of the run, log file, the signals that stop the server.
 */
export const SUPERVISOR_SCRIPT = `
unset GODWIT_SUPERVISOR
folder=$1 log=$2 signals=$3
pid_file=$folder/server.pid
keeper=

launch() {
  rm -f "$pid_file"
  (
    trap '' PIPE
    "$@" </dev/null >>"$log" 2>&1 &
    echo $! >"$pid_file"
    echo "started $!"
    wait $!
    status=$?
    rm -f "$pid_file"
    echo "exited $status"
  ) 2>/dev/null &
  keeper=$!
}

halt() {
  [ -n "$keeper" ] || return 0
  for signal in "$@"; do
    tries=0
    while kill -0 "$keeper" 2>/dev/null && [ $tries -lt 200 ]; do
      if [ -s "$pid_file" ]; then
        [ $tries -gt 0 ] || kill -s "$signal" "$(cat "$pid_file")" 2>/dev/null
      elif [ $tries -gt 0 ]; then
        break 2
      fi
      tries=$((tries + 1))
      sleep 0.05
    done
  done
  wait "$keeper"
  keeper=
}

finish() {
  trap '' TERM
  halt $signals
  cd /
  tries=0
  until rm -rf -- "$folder" 2>/dev/null || [ $tries -ge 20 ]; do
    tries=$((tries + 1))
    sleep 0.25
  done
  exit 0
}

trap finish TERM
trap '' HUP PIPE
while read -r word rest; do
  case $word in
    run) eval "launch $rest" ;;
    halt) halt $rest ;;
  esac
done
finish
`;

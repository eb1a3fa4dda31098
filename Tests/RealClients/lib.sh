# What all subjects share: running checks, starting and stopping servers, assertions.
# shellcheck shell=bash

challenge=correct-horse-battery-staple-7391
admin_password=only-for-these-tests-5527

passed=0 failed=0 skipped=0 number=0
servers=()
log=

# --- The run ---------------------------------------------------------------------------------------------------------

# prepare [UCM]: finds the program and the tools, makes the working directory.
prepare() {
    ucm=${1:-$repository/.build/debug/ucm}
    [[ -x $ucm ]] || abandon "there is no ucm program at '$ucm'; build it (swift build) or name it"
    ucm=$(realpath "$ucm")

    local tool
    for tool in openssl curl python3 timeout; do
        have "$tool" || abandon "$tool is not installed; Scripts/install-packages test installs it"
    done

    # What a client trusts, and how it reaches the network, is this suite's affair alone.
    unset CURL_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
    unset "${!UCM_@}"
    export LC_ALL=C

    work=$(mktemp -d -t ucm-clients.XXXXXX)
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    mkdir "$work/certificates" "$work/bin"
    export PATH=$work/bin:$PATH
    echo "$challenge" >"$work/challenge"
    echo "$admin_password" >"$work/admin-password"
    : >"$work/generated-secrets"
}

abandon() {
    echo "${0}: $1." >&2
    exit 1
}

finish() {
    stop_servers
    if [[ -n ${KEEP_WORK:-} ]]; then echo "Kept $work"; else rm -rf "$work"; fi
}

section() {
    echo
    echo "# $1"
}

summary() {
    echo
    echo "$passed passed, $failed failed, $skipped skipped"
    ((failed == 0 && passed + skipped > 0))
}

# --- Checks ----------------------------------------------------------------------------------------------------------

# check NAME COMMAND...: runs the command, usually a function, in a shell and an empty directory of its own. It passes if
# no command in it fails. Servers that it starts are stopped.
check() {
    local name=$1 status directory log_before=$log log_length_before=0
    shift
    [[ ! -e $log ]] || log_length_before=$(wc -c <"$log")
    number=$((number + 1))
    directory=$work/checks/$number
    mkdir -p "$directory"
    (
        cd "$directory" || exit
        servers=()
        trap 'status=$?; set +eE; ((status == 0)) || show_log; stop_servers; exit $status' EXIT
        set -eEuo pipefail
        trap 'echo "stopped at ${BASH_SOURCE[0]##*/}, line $LINENO: $BASH_COMMAND"' ERR
        "$@"
    ) >"$directory/output" 2>&1
    status=$?
    if ((status == 0)); then
        passed=$((passed + 1))
        echo "ok   $name"
    else
        fail "$name" "$(tail -n 60 "$directory/output")"
    fi
}

# check_trusting NAME COMMAND...: a check that uses `trusting`, which needs mount namespaces.
check_trusting() {
    if limited "$here/trusting" "$ca" true 2>/dev/null; then
        check "$@"
    else
        skip "$1" "this machine allows no mount namespaces"
    fi
}

# fail NAME [WHAT HAPPENED]
fail() {
    failed=$((failed + 1))
    echo "FAIL $1"
    [[ -z ${2:-} ]] || printf '     | %s\n' "${2//$'\n'/$'\n'     | }"
}

# skip NAME REASON: in CI everything has to be there, elsewhere a missing client is no failure.
skip() {
    if [[ ${CI:-} == true ]]; then
        fail "$1" "$2, which CI must not miss"
    else
        skipped=$((skipped + 1))
        echo "SKIP $1: $2"
    fi
}

have() {
    command -v "$1" >/dev/null
}

# needs SUBJECT PROGRAM...: whether the programs are installed; if not, the subject is skipped.
needs() {
    local subject=$1 program
    shift
    for program in "$@"; do
        if ! have "$program"; then
            skip "$subject" "$program is not installed"
            return 1
        fi
    done
}

# limited COMMAND...: a client gets 30 seconds.
limited() {
    timeout --kill-after=5 30 "$@"
}

# --- Assertions, for use in checks -----------------------------------------------------------------------------------

# same WHAT ACTUAL EXPECTED
same() {
    [[ $2 == "$3" ]] || {
        echo "$1 is '$2', not '$3'"
        return 1
    }
}

# between WHAT ACTUAL LEAST MOST
between() {
    (($2 >= $3 && $2 <= $4)) || {
        echo "$1 is $2, not between $3 and $4"
        return 1
    }
}

# contains FILE TEXT
contains() {
    grep -qF -- "$2" "$1" || {
        printf "%s has no '%s':\n" "${1##*/}" "$2"
        tail -n 20 "$1"
        return 1
    }
}

# lacks FILE TEXT
lacks() {
    ! grep -F -- "$2" "$1" || {
        echo "${1##*/} has '$2' in it"
        return 1
    }
}

# refuses COMMAND...: the command has to fail by itself, not by a time limit or a signal.
refuses() {
    local status=0
    "$@" || status=$?
    ((status > 0 && status < 124)) || {
        echo "exit status $status where a refusal was expected: $*"
        return 1
    }
}

# eventually COMMAND...: within 5 seconds.
eventually() {
    local try
    for ((try = 0; try < 50; try++)); do
        ! "$@" >/dev/null 2>&1 || return 0
        sleep 0.1
    done
    "$@"
}

# in_background NAME COMMAND...: starts a function for which another check waits with `finished`. Its directory is
# $work/SERVER/NAME.
in_background() {
    local directory=$work/$server_name/$1
    mkdir "$directory"
    (
        cd "$directory" || exit
        status=0
        "${@:2}" >output 2>&1 || status=$?
        echo $status >status
    ) &
}

# finished NAME SECONDS: waits that long for a function in the background, and goes where it was. It has to have
# succeeded.
finished() {
    local try
    cd "$work/$server_name/$1"
    for ((try = 0; try < 10 * $2; try++)); do
        [[ ! -s status ]] || break
        sleep 0.1
    done
    cat output
    same "the exit status" "$(cat status)" 0
}

# log_mark remembers how long the server's log is; logged_since_mark writes what came since then to logged.txt and waits
# for a line with all the given texts in it.
log_mark() {
    log_length=$(wc -c <"$log")
}

logged_since_mark() {
    eventually line_with_all "$@"
}

line_with_all() {
    local lines text
    tail -c "+$((log_length + 1))" "$log" >logged.txt
    lines=$(<logged.txt)
    for text in "$@"; do
        lines=$(grep -F -- "$text" <<<"$lines") || {
            echo "no line in the log has '$text' besides the texts before it in: $*"
            cat logged.txt
            return 1
        }
    done
}

# show_log: what the server wrote since the check began.
show_log() {
    local from=1
    [[ $log != "${log_before:-}" ]] || from=$((log_length_before + 1))
    [[ -e $log ]] || return 0
    echo "--- the server's log:"
    tail -c "+$from" "$log" | tail -n 15
}

# --- Servers ---------------------------------------------------------------------------------------------------------

# serve NAME OPTION...: starts ucm with the data directory $work/NAME/data and waits until it is ready. Sets
#   pid, log (its standard error), out (its standard output), data,
#   http_port, https_port, url, https_url (where SCEP is),
#   ca, ra (files with the CA's and the RA's certificate, as GetCACert gives them).
# A second call with the same name starts from the data that is there and continues the log.
serve() {
    new_server "$1"
    shift
    launch "$ucm" serve --data "$data" --http "127.0.0.1:$http_port" --https "127.0.0.1:$https_port" \
        --challenge-file "$work/challenge" --admin-password-file "$work/admin-password" "$@"
    await_server
}

# new_server NAME: chooses the ports and sets the variables, starts nothing.
new_server() {
    local directory=$work/$1
    mkdir -p "$directory"
    data=$directory/data log=$directory/log out=$directory/out
    ca=$directory/ca.pem ra=$directory/ra.pem server_name=$1
    read -r http_port https_port < <(free_ports)
    url=http://127.0.0.1:$http_port/scep
    https_url=https://localhost:$https_port/scep
}

# launch COMMAND...: in the background. `--foreground` lets a signal for the process id reach the program once.
launch() {
    timeout --foreground --kill-after=10 900 "$@" >"$out" 2>>"$log" </dev/null &
    pid=$!
    servers+=("$pid")
}

# await_server: until both listeners say that they are ready; then asks for the CA's certificates.
await_server() {
    local try
    for ((try = 0; try < 600; try++)); do
        kill -0 "$pid" 2>/dev/null || break
        if is_ready "http://127.0.0.1:$http_port" && is_ready "https://127.0.0.1:$https_port"; then
            fetch_certificates && return 0
            break
        fi
        sleep 0.1
    done
    if ((BASH_SUBSHELL == 0)); then
        fail "the server '$server_name' starts" "$(show_log)"
        stop_servers
    else
        echo "the server '$server_name' does not start"
    fi
    return 1
}

is_ready() {
    curl -sfk --max-time 5 -o /dev/null "$1/health/ready"
}

# GetCACert in RA mode: the RA's certificate, then the CA's (RFC 8894 §4.2.1.2). In CA mode the CA's alone, which then is
# in both files.
fetch_certificates() {
    local answer=$work/$server_name/GetCACert
    curl -sf --max-time 10 -o "$answer" "$url?operation=GetCACert" || return
    if openssl x509 -inform DER -in "$answer" -out "$ca" 2>/dev/null; then
        cp "$ca" "$ra"
    else
        openssl pkcs7 -inform DER -in "$answer" -print_certs | split "$ra" "$ca"
    fi
}

fingerprint() {
    openssl x509 -in "$1" -outform DER | openssl dgst -sha256 -r | cut -d' ' -f1
}

# split FIRST SECOND: puts two certificates into two files.
split() {
    awk -v first="$1" -v second="$2" '
        /BEGIN CERTIFICATE/ { n++ }
        /BEGIN CERTIFICATE/, /END CERTIFICATE/ { print > (n == 1 ? first : second) }
        END { exit n != 2 }'
}

# stop_server: SIGTERM; its exit status is the server's, 137 if it had to be killed after 15 seconds.
stop_server() {
    local status=0 waited
    kill -TERM "$pid" 2>/dev/null
    for ((waited = 0; waited < 150; waited++)); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    ! kill -0 "$pid" 2>/dev/null || end_process "$pid"
    wait "$pid" || status=$?
    servers=()
    return $status
}

# end_process PID: kills `timeout` and the server below it.
end_process() {
    local children
    children=$(cat "/proc/$1/task/$1/children" 2>/dev/null)
    # shellcheck disable=SC2086 # the children are separate words
    kill -KILL $children "$1" 2>/dev/null
}

stop_servers() {
    local server
    for server in "${servers[@]}"; do
        kill -TERM "$server" 2>/dev/null
    done
    for server in "${servers[@]}"; do
        timeout 5 tail --pid="$server" -f /dev/null || end_process "$server"
    done
    servers=()
}

free_ports() {
    python3 -c '
import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(each.getsockname()[1] for each in sockets))'
}

# --- The administrator -----------------------------------------------------------------------------------------------

# administer COMMAND...: `ucm COMMAND...` for the server that runs.
administer() {
    limited "$ucm" "$@" --data "$data"
}

# make_profile NAME OPTION...: its generated challenge goes to $work/SERVER/NAME.challenge.
make_profile() {
    local generated
    administer profile create "$@" | tee created
    generated=$(sed -n 's/.*challenge.*: *//p' created)
    [[ -n $generated ]]
    echo "$generated" >>"$work/generated-secrets"
    echo "$generated" >"$work/$server_name/$1.challenge"
}

# at_profile NAME[/TAIL] COMMAND...: runs the command with the url, https_url and challenge of a profile.
at_profile() {
    local profile=${1%%/*} url=$url/$1 https_url=$https_url/$1 challenge
    challenge=$(<"$work/$server_name/$profile.challenge")
    "${@:2}"
}

# decide SUBJECT approve|reject OPTION...: waits for a request with this in its subject, and decides on it.
decide() {
    eventually request_waits "$1"
    administer request "$2" "$(request_waits "$1")" "${@:3}"
}

# request_waits SUBJECT: the number of such a request.
request_waits() {
    administer request list | awk -v subject="$1" '
        /pending/ && index($0, subject) { print $1; found = 1; exit }
        END { exit !found }'
}

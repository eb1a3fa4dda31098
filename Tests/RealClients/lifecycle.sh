# The program as someone runs it: first start, next start, wrong starts, stop.
# shellcheck shell=bash

# For the server that runs: SIGTERM, and nothing else, ends it well.
shutdown_check() {
    local status=0
    stop_server || status=$?
    if ((status == 0)); then
        check "SIGTERM stops it with exit status 0" true
    else
        fail "SIGTERM stops it with exit status 0" "exit status $status; $(show_log)"
    fi
}

lifecycle_checks() {
    check "a first start shows all that is needed, the next one the same CA and no secret" first_and_second_start
    check "the line that the first start prints enrols a first device" printed_line_enrols
    check "settings from UCM_… variables; with --log-format json every line of the log is JSON" json_log
    if needs "SIGTERM: a request in flight is answered" certmonger; then
        check "SIGTERM: a request in flight is answered, then exit status 0" request_in_flight_is_answered
    fi
    check "SIGTERM: an idle connection does not hold it up" idle_connection_does_not_matter
    check "a port in use: one sentence, not 0" port_in_use
    check "a file in the place of the data directory: one sentence, not 0" data_is_a_file
    check "a challenge file that is not there: one sentence, not 0" \
        refuses_to_start no-such-file --challenge-file "$work/no-such-file"
    check "a TLS certificate that is none: one sentence, not 0" \
        refuses_to_start challenge --tls-cert "$work/challenge" --tls-key "$work/challenge"
    check "a kind of key that there is not: a message, not 0" unknown_kind_of_key
}

# Without the files for the secrets, the first start makes and prints them. The challenge is read from the line that
# enrols, the password is the last word of the line that begins with "Admin password".
first_start() {
    new_server first
    launch "$ucm" serve --data "$data" --http "127.0.0.1:$http_port" --https "127.0.0.1:$https_port" \
        --host-name localhost --ca-key p256
    await_server
    generated_challenge=$(sed -nE "s/.*--challenge '([^']+)'.*/\1/p" "$out" | head -n 1)
    generated_password=$(sed -nE 's/^ *Admin password.*[ :]([^ ]+) *$/\1/Ip' "$out" | head -n 1)
    [[ -n $generated_challenge && -n $generated_password ]] || {
        echo "no challenge or no password in what it printed:"
        cat "$out"
        return 1
    }
    printf '%s\n' "$generated_challenge" "$generated_password" >>"$work/generated-secrets"
}

first_and_second_start() {
    local fingerprint
    first_start
    fingerprint=$(fingerprint "$ca")
    contains "$out" "/scep"
    shows_fingerprint "$fingerprint"

    stop_server
    launch "$ucm" serve --data "$data" --http "127.0.0.1:$http_port" --https "127.0.0.1:$https_port"
    await_server
    same "the CA's fingerprint" "$(fingerprint "$ca")" "$fingerprint"
    lacks "$out" "$generated_challenge"
    lacks "$out" "$generated_password"

    stop_server
    rm -r "$data"
}

# shows_fingerprint HEX: with or without colons, in either case.
shows_fingerprint() {
    tr -d ': \n' <"$out" | tr '[:upper:]' '[:lower:]' | grep -qF "$1"
}

# The copy-and-paste line, with the lines that continue it.
printed_line_enrols() {
    first_start
    awk '/ scep enroll / { on = 1 } on { print; on = /\\$/ }' "$out" >line
    cat line
    contains line "scep enroll"
    limited bash -euo pipefail line
    log_length=0
    logged_since_mark SCEP outcome=issued
}

json_log() {
    new_server json
    launch env UCM_DATA="$data" UCM_HTTP="127.0.0.1:$http_port" UCM_HTTPS="127.0.0.1:$https_port" UCM_CA_KEY=p256 \
        UCM_CHALLENGE_FILE="$work/challenge" UCM_ADMIN_PASSWORD_FILE="$work/admin-password" \
        "$ucm" serve --log-format json
    await_server
    answers 400 --data-binary hello "$url?operation=PKIOperation"
    if prepare_strongswan; then
        strongswan_request "$challenge"
        refuses strongswan_request "$wrong_challenge"
    fi
    stop_server
    python3 - "$log" <<'END'
import json, sys
lines = open(sys.argv[1]).read().splitlines()
assert all(isinstance(json.loads(line), dict) for line in lines), "a line is no JSON object"
assert any("SCEP" in line for line in lines), "no line about SCEP"
END
}

# The first half of a real PKCSReq, one that certmonger has made, arrives before SIGTERM, the second half after it.
request_in_flight_is_answered() {
    local half status=0
    [[ -s $work/compatible/request.pem ]] || {
        echo "there is no message, because "certmonger enrols over http" did not pass"
        return 1
    }
    serve compatible
    openssl base64 -d -in <(sed '/^-----/d' "$work/compatible/request.pem") -out message
    half=$(($(wc -c <message) / 2))

    exec 3<>"/dev/tcp/127.0.0.1/$http_port"
    printf 'POST /scep?operation=PKIOperation HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n' >&3
    printf 'Content-Type: application/x-pki-message\r\nContent-Length: %d\r\n\r\n' "$(wc -c <message)" >&3
    head -c "$half" message >&3
    sleep 0.5
    kill -TERM "$pid"
    sleep 0.5
    tail -c "+$((half + 1))" message >&3
    limited cat <&3 >answer

    head -n 1 answer
    head -n 1 answer | grep -q '^HTTP/1.1 200'
    sed '1,/^\r$/d' answer >reply
    openssl cms -verify -inform DER -in reply -CAfile "$ca" -purpose any -out envelope
    [[ -s envelope ]]
    wait "$pid" || status=$?
    same "the exit status" $status 0
}

idle_connection_does_not_matter() {
    local began
    serve compatible
    exec 3<>"/dev/tcp/127.0.0.1/$http_port" 4<>"/dev/tcp/127.0.0.1/$https_port"
    printf 'GET /scep?operation=GetCACaps HTTP/1.1\r\nHost: localhost\r\n\r\n' >&3
    read -r -t 5 answer <&3
    [[ $answer == *" 200 "* ]]
    began=$SECONDS
    stop_server
    between "the seconds it took" $((SECONDS - began)) 0 10
}

# --- Starts that must fail -------------------------------------------------------------------------------------------

# launch_and_wait OPTION...: in a new data directory; what it printed goes to complaint.
launch_and_wait() {
    read -r http_port https_port < <(free_ports)
    limited "$ucm" serve --data "$PWD/data" --http "127.0.0.1:$http_port" --https "127.0.0.1:$https_port" "$@" \
        >printed 2>complaint
}

# refuses_to_start WORD OPTION...: with one sentence that names the thing in question. Lines of the log, which begin with
# the date, are not counted.
refuses_to_start() {
    local word=$1
    shift
    refuses launch_and_wait "$@"
    cat complaint
    same "the number of lines" "$(grep -cvE '^[0-9]{4}-[0-9]{2}-[0-9]{2}T' complaint)" 1
    contains complaint "$word"
    lacks complaint "Fatal error"
}

port_in_use() {
    local taken
    serve compatible
    taken=$http_port
    refuses_to_start "$taken" --http "127.0.0.1:$taken"
    is_ready "http://127.0.0.1:$taken"
}

unknown_kind_of_key() {
    refuses launch_and_wait --ca-key rsa512
    contains complaint rsa512
}

data_is_a_file() {
    local file=$PWD/file
    touch "$file"
    refuses_to_start "$file" --data "$file"
}

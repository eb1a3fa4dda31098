# certmonger's daemon and its helper scep-submit. They send PKIOperation by GET only, sign with an X.509 v1 certificate
# and use a transactionID of up to 78 digits. The daemon renews by a PKCSReq that the old certificate signs, and polls by
# sending its PKCSReq again.
# shellcheck shell=bash

scep_submit=/usr/lib/certmonger/scep-submit

certmonger_checks() {
    needs certmonger certmonger getcert "$scep_submit" || return
    check "scep-submit reads GetCACaps over http" submit_gets_caps "$url"
    check "scep-submit reads GetCACaps over https" submit_gets_caps "$https_url" -R "$ca"
    check "scep-submit reads GetCACert over http" submit_gets_certificates "$url"
    check "scep-submit reads GetCACert over https" submit_gets_certificates "$https_url" -R "$ca"
    check "certmonger enrols over http" certmonger_enrols "$url"
    # scep-submit uses its root only in the first of its two requests, hence `trusting`.
    check_trusting "certmonger enrols over https" certmonger_enrols "$https_url" "$here/trusting" "$ca"
    check "certmonger with a wrong challenge is refused" certmonger_is_refused
    check "certmonger renews over http, with the same key and then with a new one" certmonger_renews "$url"
    check_trusting "certmonger renews over https" certmonger_renews "$https_url" "$here/trusting" "$ca"
    check "scep-submit sends a PKCSReq again over http and gets the same certificate" submit_sends_request "$url"
    check_trusting "scep-submit sends a PKCSReq again over https and gets the same certificate" \
        submit_sends_request "$https_url" "$here/trusting" "$ca"
    check "scep-submit polls and gets the certificate" submit_polls
}

# On a server with the profiles of profiles.sh.
certmonger_profile_checks() {
    needs certmonger certmonger getcert "$scep_submit" || return
    check "certmonger polls until its request is approved, over http" at_profile manual certmonger_polls_for_approval
    check_trusting "certmonger polls until its request is approved, over https" \
        at_profile manual certmonger_polls_for_approval_over_https
    check "certmonger polls and is told that its request is rejected" at_profile manual certmonger_polls_for_rejection
    check "scep-submit polls: PENDING, then the certificate" at_profile manual submit_polls_for_approval
    check "scep-submit gets a reply with the chain, leaf first" at_profile chain submit_gets_chain
}

submit_gets_caps() {
    limited "$scep_submit" -u "$1" "${@:2}" --retrieve-ca-capabilities >caps
    grep -qx SCEPStandard caps
}

submit_gets_certificates() {
    limited "$scep_submit" -u "$1" "${@:2}" --retrieve-ca-certificates >certificates
    openssl x509 -in "$ra" >expected
    openssl x509 -in "$ca" >>expected
    diff expected certificates
}

# --- The daemon ------------------------------------------------------------------------------------------------------

# certmonger_session COMMANDS [COMMAND PREFIX...]: runs the commands beside a daemon of our own, without a bus, which
# ends with them. It is set up to use a challenge once. In the current directory: the daemon's notes in requests/.
certmonger_session() {
    local commands=$1 directory=$PWD
    shift
    mkdir config requests cas local tmp
    printf '[scep]\nchallenge_password_otp = yes\n' >config/certmonger.conf
    cat >session <<END
#!/bin/bash
cd '$directory'
trap 'echo \$? >status; getcert list' EXIT
set -eEuo pipefail
$(declare -f certmonger_becomes)
$commands
END
    chmod +x session
    CERTMONGER_CONFIG_DIR=$directory/config CERTMONGER_REQUESTS_DIR=$directory/requests \
        CERTMONGER_CAS_DIR=$directory/cas CERTMONGER_LOCAL_CA_DIR=$directory/local \
        CERTMONGER_TMPDIR=$directory/tmp CERTMONGER_SYSTEM_LOCK_FILE=$directory/lock \
        timeout --kill-after=5 60 "$@" certmonger -L -n -c "$directory/session" >daemon-log 2>&1
    grep -vE 'Wrote to|Running enrollment' daemon-log
    same "the session's exit status" "$(<status)" 0
}

# certmonger_adds URL CHALLENGE OPTION...: prints the commands that ask for the first certificate. A CA that answers itself
# has to be named as the one that signs.
certmonger_adds() {
    local signing=
    ! cmp -s "$ca" "$ra" || signing="-N '$ca'"
    cat <<END
getcert add-scep-ca -c UCM -u '$1' -R '$ca' $signing
getcert request ${*:3} -c UCM -I first -k "\$PWD/key.pem" -f "\$PWD/certificate.pem" \\
    -N 'CN=host-1,O=UCM Tests' -D host-1.ucm.test -L '$2'
END
}

# certmonger_becomes STATUS: for use in a session. By itself the daemon would poll after hours.
certmonger_becomes() {
    local try
    for ((try = 0; try < 20; try++)); do
        sleep 1
        [[ $(getcert list) != *"status: $1"* ]] || return 0
        getcert refresh -i first
    done
    return 1
}

# certmonger_request URL CHALLENGE [COMMAND PREFIX...]: to key.pem and certificate.pem.
certmonger_request() {
    certmonger_session "$(certmonger_adds "$1" "$2" -w --wait-timeout=20)" "${@:3}"
}

# host_certificate_is_as_promised CERTIFICATE KEY
host_certificate_is_as_promised() {
    certificate_is_as_promised "$1" "$2" "O=UCM Tests,CN=host-1" "DNS:host-1.ucm.test"
}

certmonger_enrols() {
    log_mark
    certmonger_request "$1" "$challenge" "${@:2}"
    host_certificate_is_as_promised certificate.pem key.pem
    logged_since_mark SCEP INFO outcome=issued transactionID= CN=host-1
    # The messages that the daemon made, for scep-submit and for the shutdown's check.
    noted scep_req >"$work/$server_name/request.pem"
    noted scep_gic >"$work/$server_name/poll.pem"
    [[ -s $work/$server_name/request.pem && -s $work/$server_name/poll.pem ]]
    cp key.pem "$work/$server_name/request-key.pem"
}

# noted FIELD: from the daemon's notes about its one request; lines after the first begin with a space. Now and then the
# daemon notes its first messages as those for the next key.
noted() {
    awk -v field="$1=" -v next_field="$1_next=" '
        index($0, field) == 1 { print substr($0, length(field) + 1); on = 1; next }
        index($0, next_field) == 1 { print substr($0, length(next_field) + 1); on = 1; next }
        on && /^ / { print substr($0, 2); next }
        { on = 0 }' requests/*
}

certmonger_is_refused() {
    log_mark
    refuses certmonger_request "$url" "$wrong_challenge"
    [[ ! -e certificate.pem ]]
    logged_since_mark SCEP WARNING outcome=refused failInfo=badRequest reason= challenge
}

# certmonger_renews URL [COMMAND PREFIX...]
certmonger_renews() {
    log_mark
    certmonger_session "$(certmonger_adds "$1" "$challenge" -w --wait-timeout=20)
        cp certificate.pem enrolled.pem
        cp key.pem enrolled-key.pem
        getcert resubmit -w --wait-timeout=20 -i first
        cp certificate.pem renewed.pem
        getcert rekey -w --wait-timeout=20 -i first" "${@:2}"
    host_certificate_is_as_promised renewed.pem enrolled-key.pem
    logged_since_mark SCEP INFO outcome=issued CN=host-1 "serial=$(serial renewed.pem)" "renews=$(serial enrolled.pem)"
    host_certificate_is_as_promised certificate.pem key.pem
    refuses cmp key.pem enrolled-key.pem
    logged_since_mark SCEP INFO outcome=issued CN=host-1 "serial=$(serial certificate.pem)" "renews=$(serial renewed.pem)"
}

# certmonger_polls URL STATUS DECISION...: until it has this status. A caller's array `through` is the command prefix.
certmonger_polls() {
    local client
    log_mark
    certmonger_session "$(certmonger_adds "$1" "$challenge")
        certmonger_becomes $2" "${through[@]}" &
    client=$!
    decide CN=host-1 "${@:3}"
    wait $client
    logged_since_mark outcome=pending messageType=PKCSReq CN=host-1
}

# The profile has the template "Network Equipment".
certmonger_polls_for_approval() {
    local template_days=1095 template_purposes="TLS Web Client Authentication, TLS Web Server Authentication"
    [[ -v through ]] || local through=()
    certmonger_polls "${1:-$url}" MONITORING approve
    host_certificate_is_as_promised certificate.pem key.pem
    logged_since_mark outcome=sent messageType=PKCSReq CN=host-1
}

certmonger_polls_for_approval_over_https() {
    local through=("$here/trusting" "$ca")
    certmonger_polls_for_approval "$https_url"
}

certmonger_polls_for_rejection() {
    local through=()
    certmonger_polls "$url" CA_REJECTED reject --reason "Nobody here knows this host."
    logged_since_mark SCEP WARNING outcome=refused failInfo=badRequest "Nobody here knows this host."
    [[ ! -e certificate.pem ]]
}

# --- scep-submit, with messages that the daemon has made -------------------------------------------------------------

# submit URL MESSAGE OPTION...: scep-submit prints the pkcsPKIEnvelope of a SUCCESS, which goes to envelope.pem. Its exit
# status is 0 then, 1 for PENDING, 2 for FAILURE; all of them mean that the CertRep's signature, nonces and transactionID
# are right. A caller's array `through` is the command that starts it.
submit() {
    [[ -v through ]] || local through=()
    limited "${through[@]}" "$scep_submit" -u "$1" -R "$ca" -N "$ca" -r "$ra" "${@:3}" "$2" >envelope.pem
}

# enveloped KEY: in the envelope is a certs-only SignedData, whose certificates go to certificates.pem.
enveloped() {
    openssl cms -decrypt -inform PEM -in envelope.pem -inkey "$1" -out degenerate.der
    openssl pkcs7 -inform DER -in degenerate.der -print_certs -out certificates.pem
}

# submit_sends_request URL [COMMAND PREFIX...]: the one that was granted to the daemon.
submit_sends_request() {
    local through=("${@:2}") directory=$work/$server_name
    log_mark
    submit "$1" "$directory/request.pem" --pki-message
    enveloped "$directory/request-key.pem"
    host_certificate_is_as_promised certificates.pem "$directory/request-key.pem"
    logged_since_mark outcome=sent messageType=PKCSReq CN=host-1
}

submit_polls() {
    local directory=$work/$server_name
    log_mark
    submit "$url" "$directory/poll.pem" --get-initial-cert
    enveloped "$directory/request-key.pem"
    host_certificate_is_as_promised certificates.pem "$directory/request-key.pem"
    logged_since_mark outcome=sent messageType=CertPoll CN=host-1
}

submit_polls_for_approval() {
    local template_days=1095 template_purposes="TLS Web Client Authentication, TLS Web Server Authentication" status=0
    local key=key.pem
    certmonger_session "$(certmonger_adds "$url" "$challenge")
        certmonger_becomes CA_WORKING"
    noted scep_gic >poll.pem
    log_mark
    submit "$url" poll.pem --get-initial-cert || status=$?
    same "the exit status" $status 1
    logged_since_mark outcome=pending messageType=CertPoll CN=host-1

    # Where the daemon took its messages for those of the next key, that is beside the first one until there is a certificate.
    [[ -e $(echo key.pem.*.key) ]] && key=$(echo key.pem.*.key)

    decide CN=host-1 approve
    submit "$url" poll.pem --get-initial-cert
    enveloped "$key"
    host_certificate_is_as_promised certificates.pem "$key"
    logged_since_mark outcome=sent messageType=CertPoll CN=host-1
}

submit_gets_chain() {
    certmonger_request "$url" "$challenge"
    noted scep_req >request.pem
    submit "$url" request.pem --pki-message
    enveloped key.pem
    split leaf.pem parent.pem <certificates.pem
    diff <(openssl x509 -in certificate.pem) leaf.pem
    diff <(openssl x509 -in "$ca") parent.pem
}

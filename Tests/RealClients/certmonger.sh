# certmonger's daemon and its helper scep-submit. They send PKIOperation by GET only, sign with an X.509 v1 certificate
# and use a transactionID of up to 78 digits.
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
    check "scep-submit sends a PKCSReq over http and gets the certificate" submit_sends_request "$url"
    check_trusting "scep-submit sends a PKCSReq over https and gets the certificate" \
        submit_sends_request "$https_url" "$here/trusting" "$ca"
    check "scep-submit polls and gets an answer that it can verify" submit_polls
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

# certmonger_request URL CHALLENGE [COMMAND PREFIX...]: runs a daemon of our own, without a bus, that asks for one
# certificate and ends. In the current directory: key.pem, certificate.pem, and the daemon's notes in requests/.
certmonger_request() {
    local at=$1 directory=$PWD
    echo "$2" >challenge
    shift 2
    mkdir config requests cas local tmp
    cat >session <<END
#!/bin/sh
getcert add-scep-ca -c UCM -u '$at' -R '$ca' &&
    getcert request -w --wait-timeout=20 -c UCM -I first -k '$directory/key.pem' -f '$directory/certificate.pem' \
        -N 'CN=host-1,O=UCM Tests' -D host-1.ucm.test -l '$directory/challenge'
echo \$? >'$directory/status'
getcert list
END
    chmod +x session
    CERTMONGER_CONFIG_DIR=$directory/config CERTMONGER_REQUESTS_DIR=$directory/requests \
        CERTMONGER_CAS_DIR=$directory/cas CERTMONGER_LOCAL_CA_DIR=$directory/local \
        CERTMONGER_TMPDIR=$directory/tmp CERTMONGER_SYSTEM_LOCK_FILE=$directory/lock \
        timeout --kill-after=5 60 "$@" certmonger -L -n -c "$directory/session" >daemon-log 2>&1
    grep -vE 'Wrote to|Running enrollment' daemon-log
    same "getcert's exit status" "$(<status)" 0
}

certmonger_enrols() {
    log_mark
    certmonger_request "$1" "$challenge" "${@:2}"
    certificate_is_as_promised certificate.pem key.pem "O=UCM Tests,CN=host-1" "DNS:host-1.ucm.test"
    logged_since_mark SCEP INFO outcome=issued transactionID= CN=host-1
    # The messages that the daemon made, for scep-submit and for the shutdown's check.
    noted scep_req >"$work/$server_name/request.pem"
    noted scep_gic >"$work/$server_name/poll.pem"
    cp key.pem "$work/$server_name/request-key.pem"
}

# noted FIELD: from the daemon's notes about its one request; lines after the first begin with a space.
noted() {
    awk -v field="$1=" '
        index($0, field) == 1 { print substr($0, length(field) + 1); on = 1; next }
        on && /^ / { print substr($0, 2); next }
        { on = 0 }' requests/*
}

certmonger_is_refused() {
    log_mark
    refuses certmonger_request "$url" "$wrong_challenge"
    [[ ! -e certificate.pem ]]
    logged_since_mark SCEP WARNING outcome=refused failInfo=badRequest reason= challenge
}

# submit_sends_request URL [COMMAND PREFIX...]: scep-submit prints the pkcsPKIEnvelope; in it is a certs-only SignedData.
submit_sends_request() {
    local key=$work/$server_name/request-key.pem
    limited "${@:2}" "$scep_submit" -u "$1" -R "$ca" -N "$ca" -r "$ra" --pki-message \
        "$work/$server_name/request.pem" >envelope.pem
    openssl cms -decrypt -inform PEM -in envelope.pem -inkey "$key" -out degenerate.der
    openssl pkcs7 -inform DER -in degenerate.der -print_certs -out certificate.pem
    certificate_is_as_promised certificate.pem "$key" "O=UCM Tests,CN=host-1" "DNS:host-1.ucm.test"
}

# Exit status 0: the certificate; 2: refused. Both mean that the CertRep's signature, nonces and transactionID are right.
submit_polls() {
    local status=0
    limited "$scep_submit" -u "$url" -N "$ca" -r "$ra" --get-initial-cert "$work/$server_name/poll.pem" || status=$?
    [[ $status == 0 || $status == 2 ]]
}

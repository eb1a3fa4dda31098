# This program's own client, `ucm scep`, as an administrator plays it: everything that SCEP has.
# shellcheck shell=bash

ucm_scep_checks() {
    check "ucm scep shows capabilities and certificates over http" scep_shows "$url"
    check "ucm scep shows capabilities and certificates over https" scep_shows "$https_url" --tls-ca "$ca"
    check "ucm scep enrols and renews over http, RSA" scep_enrols_and_renews rsa2048 "$url"
    check "ucm scep enrols and renews over https, RSA" scep_enrols_and_renews rsa2048 "$https_url" --tls-ca "$ca"
    check "ucm scep enrols with an ECDSA key, answered under the challenge" scep_enrols_elliptic_curve
    check "ucm scep with a wrong challenge is refused, with status 2" scep_is_refused
    check "ucm scep believes no CA with another fingerprint" scep_believes_nobody_else
    check "ucm scep waits for approval: pending, polled, issued" scep_is_approved
    check "ucm scep waits for approval: pending, polled, rejected" scep_is_rejected
    check "ucm scep gets a certificate by its serial number, and the CRL" scep_queries
    check "ucm scep decodes what it has sent, and keeps the challenge to itself" scep_decodes
}

# scep COMMAND URL OPTION...
scep() {
    local command=$1
    shift
    limited "$ucm" scep "$command" "$@"
}

# scep_enrol URL SUBJECT KEY_FILE CERTIFICATE_FILE OPTION...
scep_enrol() {
    local at=$1 subject=$2 key=$3 certificate=$4
    shift 4
    scep enroll "$at" --fingerprint "$(fingerprint "$ca")" --challenge-file "$work/challenge" --subject "$subject" \
        --key-out "$key" --out "$certificate" "$@"
}

scep_shows() {
    scep caps "$@" >caps
    grep -qx SCEPStandard caps
    grep -qx Renewal caps
    scep ca "$@" 2>said >certificates
    openssl x509 -in "$ra" >expected
    openssl x509 -in "$ca" >>expected
    diff expected certificates
    tr -d : <said | grep -qi "$(fingerprint "$ca")"
    # There is none yet.
    refuses scep next-ca "$@" --fingerprint "$(fingerprint "$ca")"
}

# scep_enrols_and_renews KIND_OF_KEY URL OPTION...
scep_enrols_and_renews() {
    local kind=$1 at=$2
    shift 2
    log_mark
    scep_enrol "$at" "CN=laptop-1,O=UCM Tests" key.pem certificate.pem --san dns:laptop-1.ucm.test --key-type "$kind" "$@"
    certificate_is_as_promised certificate.pem key.pem "O=UCM Tests,CN=laptop-1" "DNS:laptop-1.ucm.test"
    logged_since_mark SCEP outcome=issued messageType=PKCSReq client=127.0.0.1
    log_mark
    scep renew "$at" --fingerprint "$(fingerprint "$ca")" --certificate certificate.pem --key key.pem \
        --new-key-out new-key.pem --out new-certificate.pem "$@"
    certificate_is_as_promised new-certificate.pem new-key.pem "O=UCM Tests,CN=laptop-1" "DNS:laptop-1.ucm.test"
    logged_since_mark SCEP outcome=issued messageType=RenewalReq renews=
}

scep_enrols_elliptic_curve() {
    scep_enrol "$url" "CN=curve-1" key.pem certificate.pem --key-type p256
    openssl verify -x509_strict -CAfile "$ca" certificate.pem
    same "the public key" "$(openssl x509 -in certificate.pem -noout -pubkey)" "$(openssl pkey -in key.pem -pubout)"
    same "key usage" "$(extension certificate.pem keyUsage)" "Digital Signature"
    keep certificate.pem "$server_name, CN=curve-1"
}

# exits STATUS COMMAND...
exits() {
    local expected=$1 status=0
    shift
    "$@" || status=$?
    same "the exit status of $*" $status "$expected"
}

scep_is_refused() {
    log_mark
    echo not-the-challenge-3319 >wrong
    exits 2 scep enroll "$url" --fingerprint "$(fingerprint "$ca")" --challenge-file wrong --subject CN=x \
        --key-out key.pem --out certificate.pem 2>said
    contains said badRequest
    [[ ! -e certificate.pem ]]
    logged_since_mark outcome=refused failInfo=badRequest "wrong challenge"
}

scep_believes_nobody_else() {
    exits 1 scep enroll "$url" --fingerprint "$(fingerprint "$ra")" --challenge-file "$work/challenge" --subject CN=x \
        --key-out key.pem --out certificate.pem 2>said
    contains said "is not believed"
}

# manual_profile: a profile whose requests wait, with the challenge that all have; sets `manual_url`.
manual_profile() {
    manual_url=$url/manual
    [[ -z $("$ucm" profile list --data "$data" | awk '$1 == "manual"') ]] || return 0
    "$ucm" profile create manual --data "$data" --approval manual --challenge-file "$work/challenge"
    eventually curl -sf -o caps "$manual_url?operation=GetCACaps"
}

# pending_request SUBJECT: sets `request`.
pending_request() {
    request=$("$ucm" request list --data "$data" | awk -v subject="$1" 'index($0, subject) { print $1; exit }')
    [[ -n $request ]]
}

scep_is_approved() {
    local request manual_url
    manual_profile
    exits 3 scep_enrol "$manual_url" "CN=waiting-1" key.pem certificate.pem --state state
    exits 3 scep poll --state state
    pending_request "CN=waiting-1"
    "$ucm" request show "$request" --data "$data" >shown
    contains shown pending
    "$ucm" request approve "$request" --data "$data"
    log_mark
    exits 0 scep poll --state state
    certificate_is_as_promised certificate.pem key.pem "CN=waiting-1"
    logged_since_mark outcome=sent messageType=CertPoll profile=manual
    "$ucm" request show "$request" --data "$data" >shown
    contains shown issued
    contains shown "BEGIN CERTIFICATE-----"
    # What is decided is decided.
    refuses "$ucm" request reject "$request" --reason late --data "$data"
}

scep_is_rejected() {
    local request manual_url
    manual_profile
    exits 3 scep_enrol "$manual_url" "CN=waiting-2" key.pem certificate.pem --state state
    pending_request "CN=waiting-2"
    "$ucm" request reject "$request" --reason "sold last year" --data "$data"
    exits 2 scep poll --state state 2>said
    contains said "sold last year"
    [[ ! -e certificate.pem ]]
}

scep_queries() {
    local serial
    scep_enrol "$url" "CN=query-1" key.pem certificate.pem
    serial=$(openssl x509 -in certificate.pem -noout -serial | cut -d= -f2)
    log_mark
    scep cert "$url" --fingerprint "$(fingerprint "$ca")" --serial "$serial" --certificate certificate.pem --key key.pem \
        --out same.pem
    same "the certificate" "$(openssl x509 -in same.pem)" "$(openssl x509 -in certificate.pem)"
    logged_since_mark outcome=sent messageType=GetCert
    exits 2 scep cert "$url" --fingerprint "$(fingerprint "$ca")" --serial 0123 --certificate certificate.pem --key key.pem
    # From the distribution point in the certificate, as SCEP wants it, where that name leads anywhere; then by GetCRL.
    scep crl "$url" --fingerprint "$(fingerprint "$ca")" --certificate certificate.pem --key key.pem --out crl.pem
    openssl crl -in crl.pem -CAfile "$ca" -noout
    log_mark
    scep crl "$url" --fingerprint "$(fingerprint "$ca")" --certificate certificate.pem --key key.pem --out asked.pem \
        --no-distribution-point
    openssl crl -in asked.pem -CAfile "$ca" -noout
    logged_since_mark outcome=crl messageType=GetCRL
}

scep_decodes() {
    scep_enrol "$url" "CN=verbose-1" key.pem certificate.pem -v 2>said
    contains said "PKCSReq"
    contains said "recipientNonce"
    contains said "CN=verbose-1"
    lacks said "$challenge"
    openssl crl2pkcs7 -nocrl -certfile "$ra" -certfile "$ca" -outform DER -out certificates.der
    scep decode certificates.der >decoded
    contains decoded "CN="
    scep decode certificate.pem >decoded
    contains decoded "CN=verbose-1"
}

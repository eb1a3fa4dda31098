# micromdm's scepclient: single DES, SHA-1 and a constructed encryptedContent, whatever GetCACaps says. On PENDING it sends
# its request again every 30 seconds; with a certificate it sends a RenewalReq.
# shellcheck shell=bash

micromdm_checks() {
    needs "micromdm's scepclient" scepclient || return
    check "scepclient enrols, one recipient for each certificate of GetCACert" scepclient_enrols
    check "scepclient enrols, the RA chosen by its fingerprint" scepclient_enrols -ca-fingerprint "$(fingerprint "$ra")"
    check "scepclient with a wrong challenge is refused" scepclient_is_refused badRequest "$wrong_challenge" challenge
    check "scepclient's renewal is refused, because SHA-1 authorizes none" scepclient_renewal_is_refused
}

micromdm_refused() {
    needs "micromdm's scepclient" scepclient || return
    check "scepclient's single DES is refused, and the log has the cause and the cure" \
        scepclient_is_refused badAlg "$challenge" DES legacy
}

# On a server with the profiles of profiles.sh. The second function waits for what the first one starts; between them is
# time for other checks.
micromdm_waits() {
    needs "micromdm's scepclient" scepclient || return
    check "scepclient's request waits for approval" at_profile phones scepclient_waits
}

micromdm_has_waited() {
    have scepclient || return
    check "scepclient sends its request again after 30 seconds and gets the certificate" \
        at_profile phones scepclient_has_waited
}

# scepclient_request CHALLENGE OPTION...: in the current directory, key.pem and certificate.pem.
scepclient_request() {
    timeout --kill-after=5 60 scepclient -server-url "$url" -private-key key.pem -certificate certificate.pem \
        -country DE -organization "UCM Tests" -ou Phones -cn phone-1 -challenge "$@"
}

phone_certificate_is_as_promised() {
    certificate_is_as_promised certificate.pem key.pem "CN=phone-1,OU=Phones,O=UCM Tests,C=DE"
}

scepclient_enrols() {
    log_mark
    scepclient_request "$challenge" "$@"
    phone_certificate_is_as_promised
    logged_since_mark SCEP outcome=issued CN=phone-1
}

# scepclient_is_refused FAILINFO CHALLENGE TEXT-IN-THE-LOG...
scepclient_is_refused() {
    local reason=$1
    log_mark
    refuses scepclient_request "$2" 2>&1 | tee printed
    contains printed "failInfo: $reason"
    [[ ! -e certificate.pem ]]
    logged_since_mark SCEP WARNING outcome=refused "failInfo=$reason" "${@:3}"
}

scepclient_renewal_is_refused() {
    scepclient_request "$challenge"
    log_mark
    refuses scepclient_request "$challenge" 2>&1 | tee printed
    contains printed "failInfo: badAlg"
    logged_since_mark SCEP WARNING outcome=refused failInfo=badAlg messageType=RenewalReq SHA-1
}

scepclient_waits() {
    log_mark
    in_background waiting-phone scepclient_request "$challenge"
    logged_since_mark SCEP INFO outcome=pending messageType=PKCSReq CN=phone-1
    decide CN=phone-1 approve
}

scepclient_has_waited() {
    finished waiting-phone 45
    phone_certificate_is_as_promised
    log_length=0
    logged_since_mark SCEP INFO outcome=sent messageType=PKCSReq CN=phone-1
}

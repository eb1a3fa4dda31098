# micromdm's scepclient: single DES, SHA-1 and a constructed encryptedContent, whatever GetCACaps says.
# shellcheck shell=bash

micromdm_checks() {
    needs "micromdm's scepclient" scepclient || return
    check "scepclient enrols, one recipient for each certificate of GetCACert" scepclient_enrols
    check "scepclient enrols, the RA chosen by its fingerprint" scepclient_enrols -ca-fingerprint "$(fingerprint "$ra")"
    check "scepclient with a wrong challenge is refused" scepclient_is_refused badRequest "$wrong_challenge" challenge
}

micromdm_refused() {
    needs "micromdm's scepclient" scepclient || return
    check "scepclient's single DES is refused, and the log has the cause and the cure" \
        scepclient_is_refused badAlg "$challenge" DES legacy
}

# scepclient_request CHALLENGE OPTION...: in the current directory, key.pem and certificate.pem.
scepclient_request() {
    limited scepclient -server-url "$url" -private-key key.pem -certificate certificate.pem \
        -country DE -organization "UCM Tests" -ou Phones -cn phone-1 -challenge "$@"
}

scepclient_enrols() {
    log_mark
    scepclient_request "$challenge" "$@"
    certificate_is_as_promised certificate.pem key.pem "CN=phone-1,OU=Phones,O=UCM Tests,C=DE"
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

fingerprint() {
    openssl x509 -in "$1" -outform DER | openssl dgst -sha256 -r | cut -d' ' -f1
}

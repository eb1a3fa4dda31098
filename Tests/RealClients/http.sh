# The SCEP endpoint as curl, a bare TCP connection and openssl s_client see it.
# shellcheck shell=bash

http_checks() {
    check "GetCACaps is plain text and names AES, POST, SHA-256, SHA-384, SCEPStandard" caps_are_plain_text
    check "GetCACert is a PKCS #7 of the RA's certificate and the CA's" ca_certificates_in_order
    check "GetCACaps over HTTP/1.0 without a Host" http_1_0_without_host
    check "a 3 MiB message: 413" answers 413 --data-binary "@$(three_mebibytes)" "$url?operation=PKIOperation"
    check "a 3 MiB message sent without waiting: 413" \
        answers 413 -H Expect: --data-binary "@$(three_mebibytes)" "$url?operation=PKIOperation"
    check "an empty message: 400" answers 400 --data-binary "" "$url?operation=PKIOperation"
    check "not CMS: 400" answers 400 --data-binary "hello" "$url?operation=PKIOperation"
    check "an unknown operation: 400 that names the operations there are" unknown_operation
    check "an unknown profile: 404" answers 404 "$url/nosuch?operation=GetCACaps"
    check "SCEP over https with the CA as the only root" \
        answers 200 --cacert "$ca" "$https_url?operation=GetCACaps"
    check "it still serves after all that" is_ready "http://127.0.0.1:$http_port"
}

# answers STATUS CURL-ARGUMENT...: the answer goes to the files head and body. The server may answer before it has read
# everything and hang up, so only the answer counts, not whether curl could send all.
answers() {
    local status=$1 actual
    shift
    actual=$(curl -s --max-time 20 -D head -o body -w '%{http_code}' "$@") || true
    cat body
    same "the HTTP status" "$actual" "$status"
}

three_mebibytes() {
    head -c $((3 * 1024 * 1024)) /dev/zero >"$work/three-mebibytes"
    echo "$work/three-mebibytes"
}

caps_are_plain_text() {
    local capability
    limited curl -sf -D head -o body "$url?operation=GetCACaps"
    grep -qi '^content-type: *text/plain' head
    for capability in AES POSTPKIOperation SHA-256 SHA-384 SCEPStandard; do
        grep -qx "$capability" body
    done
}

ca_certificates_in_order() {
    limited curl -sf -D head -o body "$url?operation=GetCACert"
    grep -qi '^content-type: *application/x-x509-ca-ra-cert' head
    openssl verify -x509_strict -CAfile "$ca" "$ra"
    openssl verify -x509_strict -CAfile "$ca" "$ca"
    same "the RA's key usage" "$(extension "$ra" keyUsage)" "Digital Signature, Key Encipherment"
    same "the RA's extended key usage" "$(extension "$ra" extendedKeyUsage)" ""
    same "the CA's basic constraints" "$(extension "$ca" basicConstraints | cut -d, -f1)" "CA:TRUE"
}

# As Cisco IOS asks.
http_1_0_without_host() {
    exec 3<>"/dev/tcp/127.0.0.1/$http_port"
    printf 'GET /scep?operation=GetCACaps HTTP/1.0\r\n\r\n' >&3
    limited cat <&3 >answer
    head -n 1 answer | grep -E '^HTTP/1\.[01] 200'
    contains answer SCEPStandard
}

unknown_operation() {
    answers 400 "$url?operation=GetCoffee"
    contains body GetCACaps
    contains body PKIOperation
    grep -qi '^content-type: *text/plain' head
}

tls_checks() {
    local name
    for name in localhost ca.ucm.test; do
        check "the TLS certificate is good for $name" tls_verifies -servername "$name" -verify_hostname "$name"
    done
    check "the TLS certificate is good for 127.0.0.1" tls_verifies -verify_ip 127.0.0.1
    check "TLS asks for no client certificate" tls_asks_for_no_client_certificate
}

tls_verifies() {
    limited openssl s_client -connect "127.0.0.1:$https_port" -CAfile "$ca" -x509_strict -purpose sslserver \
        -verify_return_error "$@" </dev/null >session
    contains session "Verify return code: 0 (ok)"
}

tls_asks_for_no_client_certificate() {
    limited openssl s_client -connect "127.0.0.1:$https_port" -CAfile "$ca" -msg </dev/null >session
    contains session CertificateVerify
    lacks session CertificateRequest
}

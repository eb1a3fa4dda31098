# What every issued certificate must be, and what pkilint says about it.
# shellcheck shell=bash

# What the template "Default" promises; checks of other templates have their own.
template_days=365
template_purposes="TLS Web Client Authentication"

# certificate_is_as_promised CERTIFICATE KEY SUBJECT [SUBJECT ALTERNATIVE NAME]: the subject is written as RFC 4514 does,
# last attribute first. Certificates that pass are kept for pkilint.
certificate_is_as_promised() {
    local certificate=$1 key=$2 subject=$3 name=${4:-} begins ends now serial
    openssl verify -x509_strict -purpose sslclient -CAfile "$ca" "$certificate"

    same "the subject" "$(openssl x509 -in "$certificate" -noout -subject -nameopt RFC2253)" "subject=$subject"
    same "the public key" "$(openssl x509 -in "$certificate" -noout -pubkey)" "$(openssl pkey -in "$key" -pubout)"
    same "key usage" "$(extension "$certificate" keyUsage)" "Digital Signature, Key Encipherment"
    same "extended key usage" "$(extension "$certificate" extendedKeyUsage)" "$template_purposes"
    [[ -n $(extension "$certificate" subjectKeyIdentifier) ]]
    same "the authority key identifier" \
        "$(extension "$certificate" authorityKeyIdentifier)" "$(extension "$ca" subjectKeyIdentifier)"
    [[ -z $name ]] || same "the subject alternative name" "$(extension "$certificate" subjectAltName)" "$name"
    openssl x509 -in "$certificate" -noout -text >text
    lacks text "CA:TRUE"

    # So many days from now, and five minutes back for clocks that are slow.
    begins=$(date -d "$(openssl x509 -in "$certificate" -noout -startdate | cut -d= -f2)" +%s)
    ends=$(date -d "$(openssl x509 -in "$certificate" -noout -enddate | cut -d= -f2)" +%s)
    now=$(date +%s)
    between "the age in seconds of notBefore" $((now - begins)) 295 480
    between "the validity in seconds" $((ends - begins)) $((template_days * 86400 - 1)) $((template_days * 86400 + 301))

    # 159 random bits: positive and at most 20 octets.
    serial=$(openssl x509 -in "$certificate" -noout -serial | cut -d= -f2)
    between "the length of the serial number $serial" ${#serial} 30 40
    [[ ${#serial} -lt 40 || $serial == [0-7]* ]]

    keep "$certificate" "$server_name${profile:+ $profile}, ${subject%%,*}"
}

# serial CERTIFICATE: its serial number as the log writes it, which like openssl leaves out the octet that only keeps it
# positive.
serial() {
    openssl x509 -in "$1" -noout -serial | cut -d= -f2 | tr '[:upper:]' '[:lower:]'
}

# extension CERTIFICATE NAME: its value as openssl prints it, without the line with its name.
extension() {
    openssl x509 -in "$1" -noout -ext "$2" 2>/dev/null | sed -e 1d -e 's/^ *//' -e 's/^keyid://'
}

# keep CERTIFICATE NAME: for pkilint, beside its issuer.
keep() {
    openssl x509 -in "$1" -out "$work/certificates/$2.pem"
    cp "$ca" "$work/certificates/$2.issuer"
}

keep_own_certificates() {
    keep "$ca" "$server_name, CA"
    keep "$ra" "$server_name, RA"
    limited openssl s_client -connect "127.0.0.1:$https_port" </dev/null 2>/dev/null >"$work/tls.pem"
    keep "$work/tls.pem" "$server_name, TLS"
}

pkilint_checks() {
    local certificate name
    if [[ ! -x $repository/.build/test-tools/pkilint/bin/lint_pkix_cert ]]; then
        skip "pkilint finds no error" "pkilint is not installed"
        return
    fi
    for certificate in "$work"/certificates/*.pem; do
        [[ -e $certificate ]] || break
        name=$(basename "$certificate" .pem)
        check "pkilint finds nothing wrong: $name" pkilint_finds_nothing "$certificate"
    done
    for certificate in "$work"/certificates/*.crl "$work"/certificates/*.ocsp; do
        [[ -e $certificate ]] || continue
        name=$(basename "${certificate%.*}")
        check "pkilint finds nothing wrong: $name" pkilint_finds_nothing_in_statement "$certificate"
    done
}

# The exit status of pkilint's programs is the number of findings, whatever their severity, so the output decides. It
# takes the name localhost for an error because it has no dot; RFC 5280 §4.2.1.6 does not.
pkilint_finds_nothing() {
    local tools=$repository/.build/test-tools/pkilint/bin
    limited "$tools/lint_pkix_cert" lint --severity WARNING "$1" >findings || true
    limited "$tools/lint_pkix_signer_signee_cert_chain" lint --severity WARNING "${1%.pem}.issuer" "$1" >>findings || true
    no_findings
}

# A CRL or an OCSP response.
pkilint_finds_nothing_in_statement() {
    local tools=$repository/.build/test-tools/pkilint/bin
    case $1 in
    *.crl) limited "$tools/lint_crl" lint --profile PKIX --type CRL --severity WARNING "$1" >findings || true ;;
    *) limited "$tools/lint_ocsp_response" lint --severity WARNING --document-format DER "$1" >findings || true ;;
    esac
    no_findings
}

no_findings() {
    cat findings
    ! grep -E '\((WARNING|ERROR|FATAL)\)|Traceback|error:' findings | grep -v 'Invalid domain name syntax: "[^".]*"'
}

# Neither a challenge nor the admin's password may be in any log, whether it was right or wrong.
no_secret_in_any_log() {
    check "no challenge and no password in any log" logs_have_no_secret
}

logs_have_no_secret() {
    local file secret secrets
    mapfile -t secrets <"$work/generated-secrets"
    for file in "$work"/*/log; do
        [[ -s $file ]]
        for secret in "$challenge" "$admin_password" "$wrong_challenge" "${secrets[@]}"; do
            lacks "$file" "$secret"
        done
    done
}

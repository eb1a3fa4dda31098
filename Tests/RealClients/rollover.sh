# The next CA: before, at and after the switch (RFC 8894 §4.7, §5.1). The old one has an RSA key, the next one P-256.
# shellcheck shell=bash

rollover_checks() {
    next_ca=$work/$server_name/next-ca.pem next_ra=$work/$server_name/next-ra.pem
    check "without a next CA: GetNextCACert is 404, GetCACaps does not offer it" no_next_authority
    if prepare_strongswan; then
        check "strongSwan enrols at the CA of today" router_enrols
    fi
    check "a rollover of what there is not, or at no time: one sentence, not 0" rollover_is_refused
    check "ucm ca rollover: GetNextCACert gives the next CA and RA, signed by those of today" next_authority_is_published
    check "GetCACert still gives those of today" ca_certificates_in_order
    if prepare_strongswan; then
        check "strongSwan encrypts for the next RA: the next CA issues, before the switch" \
            with_next strongswan_enrols_without_asking
        check "strongSwan renews an old certificate at the next CA before the switch" with_next router_renews
        check "strongSwan still enrols at the CA of today" strongswan_enrols
        check "a request waits for approval while the switch happens" router_waits
    fi
    check "ucm ca switch: GetCACert gives the next CA and RA, GetNextCACert is 404" switch_happens
    if prepare_strongswan; then
        check "strongSwan enrols at the new CA" with_next strongswan_enrols
        check "strongSwan with the old RA's certificate still enrols at the old CA" strongswan_enrols_without_asking
        check "strongSwan renews an old certificate at the new CA" with_next router_renews
        check "strongSwan renews an old certificate, encrypted for the old RA" router_renews
        check "the request that waited, approved now, is issued by the CA that it was meant for" router_has_waited
    fi
    if needs certmonger certmonger getcert "$scep_submit"; then
        check "certmonger enrols at the new CA" with_next certmonger_enrols "$url"
    fi
    keep "$ca" "$server_name, CA"
    with_next keep "$next_ca" "$server_name, next CA"
    with_next keep "$next_ra" "$server_name, next RA"
}

# In CA mode the CA answers itself, before and after.
ca_mode_checks() {
    next_ca=$work/$server_name/next-ca.pem next_ra=$next_ca
    check "GetCACert is the CA's certificate alone" ca_alone
    if prepare_strongswan; then
        check "strongSwan enrols at the CA itself" strongswan_enrols
        check "strongSwan renews at the CA itself" strongswan_renews
    fi
    if needs certmonger certmonger getcert "$scep_submit"; then
        check "certmonger enrols at the CA itself" certmonger_enrols "$url"
    fi
    check "ucm ca rollover: GetNextCACert gives the next CA alone, and the switch happens when it was said" next_ca_alone
    if prepare_strongswan; then
        check "strongSwan enrols at the new CA itself" with_next strongswan_enrols
        check "strongSwan with the old CA's certificate still enrols at the old CA" strongswan_enrols_without_asking
    fi
    keep "$ca" "$server_name, CA"
    with_next keep "$next_ca" "$server_name, next CA"
}

# For a server that is stopped.
rollover_while_stopped() {
    check "a switch whose time comes while the server is stopped: the third CA answers, the first one still issues" switch_is_made_up_for
}

# with_next COMMAND...: with the next CA and RA in the place of those that the server began with.
with_next() {
    local ca=$next_ca ra=$next_ra
    "$@"
}

no_next_authority() {
    answers 404 "$url?operation=GetNextCACert"
    answers 200 "$url?operation=GetCACaps"
    lacks body GetNextCACert
}

rollover_is_refused() {
    fails_in_one_sentence administer ca rollover --ca "No CA" --in 1h
    contains complaint "No CA"
    fails_in_one_sentence administer ca switch --in 1h
    fails_in_one_sentence administer ca rollover --at 2126-01-01T00:00:00Z
    refuses administer ca rollover --in soon
    refuses administer ca rollover
    administer ca list >listed
    same "the number of lines" "$(wc -l <listed)" 2
}

next_authority_is_published() {
    administer ca rollover --in 1h --key p256 --next-name "New CA"
    eventually answers 200 "$url?operation=GetNextCACert"
    grep -qi '^content-type: *application/x-x509-next-ca-cert' head
    openssl cms -verify -inform DER -in body -CAfile "$ca" -purpose any -signer signers.pem -out next.p7
    split signer-1.pem signer-2.pem <signers.pem
    same "the signers" "$(for each in signer-*.pem; do openssl x509 -in "$each"; done | sort)" \
        "$(for each in "$ca" "$ra"; do openssl x509 -in "$each"; done | sort)"
    openssl pkcs7 -inform DER -in next.p7 -print_certs | split "$next_ra" "$next_ca"
    openssl verify -x509_strict -CAfile "$next_ca" "$next_ca"
    openssl verify -x509_strict -CAfile "$next_ca" "$next_ra"
    same "its name" "$(openssl x509 -in "$next_ca" -noout -subject -nameopt RFC2253)" "subject=CN=New CA"

    answers 200 "$url?operation=GetCACaps"
    grep -qx GetNextCACert body
    administer ca list >listed
    grep -E '^Old CA .* New CA from ' listed
    contains listed "$(fingerprint "$next_ca")"
    fails_in_one_sentence administer ca rollover --ca "Old CA" --in 1h
}

switch_happens() {
    log_mark
    administer ca switch --in 1s
    eventually answers 404 "$url?operation=GetNextCACert"
    logged_since_mark NOTICE rollover profile=default
    logged_since_mark NOTICE rollover profile=manual
    with_next ca_certificates_in_order
    openssl pkcs7 -inform DER -in body -print_certs | split ra.pem ca.pem
    diff <(openssl x509 -in "$next_ca") ca.pem
    diff <(openssl x509 -in "$next_ra") ra.pem
    answers 200 "$url?operation=GetCACaps"
    lacks body GetNextCACert
    administer ca list >listed
    grep -E '^New CA .* default,manual ' listed
}

# With the certificates at hand, whatever GetCACert would say.
strongswan_enrols_without_asking() {
    log_mark
    openssl genrsa -out key.pem 2048
    strongswan_scep --password "$challenge"
    router_certificate_is_as_promised
    logged_since_mark SCEP INFO outcome=issued messageType=PKCSReq CN=router-1
}

# The certificate of this check is for the ones after it.
router_enrols() {
    strongswan_enrols
    cp certificate.pem key.pem "$work/$server_name"
}

router_renews() {
    cp "$work/$server_name"/{certificate,key}.pem .
    log_mark
    strongswan_renewal
    router_certificate_is_as_promised
    logged_since_mark SCEP INFO outcome=issued messageType=RenewalReq "renews=$(serial old.pem)"
}

router_waits() {
    make_profile manual --approval manual
    eventually answers 200 "$url/manual?operation=GetCACaps"
    log_mark
    at_profile manual in_background waiting-router router_polls
    logged_since_mark SCEP INFO outcome=pending messageType=CertPoll CN=router-1
}

router_polls() {
    strongswan_request "$challenge" --interval 1 --maxpolltime 25
}

router_has_waited() {
    decide CN=router-1 approve
    finished waiting-router 10
    router_certificate_is_as_promised
}

switch_is_made_up_for() {
    cp "$ca" first-ca.pem
    cp "$ra" first-ra.pem
    administer ca rollover --in 1s --next-name "Last CA"
    sleep 1
    serve rollover
    same "the CA" "$(openssl x509 -in "$ca" -noout -subject -nameopt RFC2253)" "subject=CN=Last CA"
    answers 404 "$url?operation=GetNextCACert"
    if prepare_strongswan; then
        strongswan_enrols
        router_renews
        ca=first-ca.pem ra=first-ra.pem strongswan_enrols_without_asking
    fi
}

ca_alone() {
    answers 200 "$url?operation=GetCACert"
    grep -qi '^content-type: *application/x-x509-ca-cert' head
    openssl x509 -inform DER -in body -out given.pem
    openssl verify -x509_strict -CAfile given.pem given.pem
    same "the CA's key usage" "$(extension given.pem keyUsage)" \
        "Digital Signature, Key Encipherment, Certificate Sign, CRL Sign"
}

next_ca_alone() {
    administer ca rollover --in 4s
    eventually answers 200 "$url?operation=GetNextCACert"
    openssl cms -verify -inform DER -in body -CAfile "$ca" -purpose any -signer signer.pem -out next.p7
    diff <(openssl x509 -in "$ca") signer.pem
    openssl pkcs7 -inform DER -in next.p7 -print_certs | openssl x509 -out "$next_ca"
    same "the number of certificates" "$(openssl pkcs7 -inform DER -in next.p7 -print_certs | grep -c BEGIN)" 1
    eventually answers 404 "$url?operation=GetNextCACert"
    ca=$next_ca ca_alone
    diff <(openssl x509 -in "$next_ca") given.pem
}

# strongSwan's `pki --scepca` and `pki --scep`.
# shellcheck shell=bash

wrong_challenge=not-the-challenge-8264

strongswan_checks() {
    prepare_strongswan || return
    check "strongSwan enrols over http, AES-128 and SHA-256 by default" strongswan_enrols
    check_trusting "strongSwan enrols over https" over_https strongswan_enrols
    check "strongSwan enrols with RSA-PSS signatures" strongswan_enrols --rsa-padding pss
    check "strongSwan with a wrong challenge is refused, and the log says why" strongswan_is_refused
    check "strongSwan renews over http with its old certificate, a new key and no challenge" strongswan_renews
    check_trusting "strongSwan renews over https" over_https strongswan_renews
}

strongswan_old_algorithms_accepted() {
    prepare_strongswan || return
    check "strongSwan enrols with 3DES and SHA-1" strongswan_enrols --cipher des3 --digest sha1
    check "strongSwan enrols with SHA-512" strongswan_enrols --digest sha512
}

strongswan_old_algorithms_refused() {
    prepare_strongswan || return
    check "strongSwan with 3DES is refused" strongswan_old_algorithm_is_refused 3DES --cipher des3
    check "strongSwan with SHA-1 is refused" strongswan_old_algorithm_is_refused SHA-1 --digest sha1
}

# On a server with the profiles of profiles.sh.
strongswan_profile_checks() {
    prepare_strongswan || return
    check "level modern refuses strongSwan's 3DES, at /scep/<name>/pkiclient.exe" \
        at_profile modern/pkiclient.exe strongswan_old_algorithm_is_refused 3DES --cipher des3
    check "level modern refuses strongSwan's SHA-1" \
        at_profile modern strongswan_old_algorithm_is_refused SHA-1 --digest sha1
    check "level compatible takes both on the same server, at /scep/<name>/cgi-bin/pkiclient.exe" \
        at_profile compatible/cgi-bin/pkiclient.exe strongswan_enrols --cipher des3 --digest sha1
    check "a profile's challenge is no good at another one" at_profile compatible strongswan_with_foreign_challenge
    check "an open profile takes a request without a challenge" strongswan_enrols_at_open_profile
    check "strongSwan takes its certificate from a reply with the chain" at_profile chain strongswan_enrols
    check "strongSwan polls until its request is approved, and then renews at once" \
        at_profile manual strongswan_polls_for_approval
    check "strongSwan polls and is told that its request is rejected" at_profile manual strongswan_polls_for_rejection
    check "a certificate that was revoked by its renewal gets the same reply again, and no other" \
        at_profile once strongswan_renews_once
    check "a self-signed certificate renews nothing" strongswan_renews_self_signed
    check "a certificate of another CA with the same name renews nothing" strongswan_renews_foreign
    check "a certificate of another profile renews nothing" at_profile once strongswan_renews_elsewhere
    check "a renewal with one more name is refused" strongswan_renews_other_name
    check "a renewal with SHA-1 is refused, whatever the level" strongswan_renews_with_sha1
    check "where a renewal needs a challenge, one without is refused" at_profile strict strongswan_renews_with_challenge
    check "a renewal too early is refused; after ucm profile set all are, and GetCACaps offers none" \
        at_profile late strongswan_renews_too_early
}

# Puts a `pki` first in PATH that finds the curl plugin and loads only the plugins it needs: all that Debian's own
# configuration names and does not install would be reported at each start. The plugin is the one of the package
# libstrongswan-extra-plugins, or the one that Scripts/install-packages has unpacked, to be preloaded (by `env`, because
# no other program than pki can load it).
prepare_strongswan() {
    local unpacked=$repository/.build/test-tools/strongswan/libstrongswan-curl.so preload=
    [[ ! -e $work/bin/pki ]] || return 0
    needs strongSwan pki || return
    if [[ ! -e /usr/lib/ipsec/plugins/libstrongswan-curl.so ]]; then
        if [[ ! -e $unpacked ]]; then
            skip strongSwan "its curl plugin is not installed"
            return 1
        fi
        preload="LD_PRELOAD='$unpacked'"
    fi
    cat >"$work/strongswan.conf" <<END
pki {
    load = random drbg nonce x509 pubkey pkcs1 pkcs7 pkcs8 pem openssl gmp sha1 sha2 aes hmac curl
}
END
    cat >"$work/bin/pki" <<END
#!/bin/sh
exec env STRONGSWAN_CONF='$work/strongswan.conf' $preload '$(command -v pki)' "\$@"
END
    chmod +x "$work/bin/pki"
}

# over_https COMMAND...: runs a function of this file with https in the place of http.
over_https() {
    local url=$https_url through=("$here/trusting" "$ca")
    "$@"
}

# strongswan_request CHALLENGE OPTION...: in the current directory, with a new key.pem to certificate.pem.
strongswan_request() {
    local password=$1
    shift
    [[ -v through ]] || local through=()
    openssl genrsa -out key.pem 2048
    limited "${through[@]}" pki --scepca --url "$url" --caout ca.pem --raout ra.pem --outform pem --force
    same "the CA" "$(openssl x509 -in ca.pem)" "$(openssl x509 -in "$ca")"
    cmp "$ca" "$ra" || same "the RA" "$(openssl x509 -in ra.pem)" "$(openssl x509 -in "$ra")"
    strongswan_scep --password "$password" "$@"
}

# strongswan_renewal [OPTION...]: the old certificate and key become old.pem and old-key.pem.
strongswan_renewal() {
    mv certificate.pem old.pem
    mv key.pem old-key.pem
    openssl genrsa -out key.pem 2048
    strongswan_scep --cert old.pem --key old-key.pem "$@"
}

# strongswan_scep OPTION...: for key.pem, to certificate.pem. A caller's array `through` is the command that starts pki.
strongswan_scep() {
    [[ -v through ]] || local through=()
    limited "${through[@]}" pki --scep --url "$url" --in key.pem --dn "C=DE, O=UCM Tests, CN=router-1" \
        --san router-1.ucm.test --cacert-enc "$ra" --cacert-sig "$ra" --cacert "$ca" --outform pem "$@" >certificate.pem
}

router_certificate_is_as_promised() {
    certificate_is_as_promised certificate.pem key.pem "CN=router-1,O=UCM Tests,C=DE" "DNS:router-1.ucm.test"
}

# --- Enrolment -------------------------------------------------------------------------------------------------------

strongswan_enrols() {
    log_mark
    strongswan_request "$challenge" "$@"
    router_certificate_is_as_promised
    logged_since_mark SCEP INFO outcome=issued messageType=PKCSReq transactionID= client=127.0.0.1 CN=router-1
}

strongswan_is_refused() {
    log_mark
    refuses strongswan_request "$wrong_challenge" 2>&1 | tee printed
    contains printed "badRequest"
    logged_since_mark SCEP WARNING outcome=refused failInfo=badRequest reason= challenge
    lacks logged.txt "outcome=issued"
}

strongswan_with_foreign_challenge() {
    log_mark
    refuses strongswan_request "$(<"$work/$server_name/modern.challenge")" 2>&1 | tee printed
    contains printed "badRequest"
    logged_since_mark SCEP WARNING outcome=refused failInfo=badRequest profile=compatible "wrong challenge"
}

strongswan_enrols_at_open_profile() {
    url=$url/open
    administer profile create open --open yes
    eventually answers 200 "$url?operation=GetCACaps"
    openssl genrsa -out key.pem 2048
    strongswan_scep
    router_certificate_is_as_promised
}

# strongswan_old_algorithm_is_refused NAME OPTION...
strongswan_old_algorithm_is_refused() {
    local name=$1
    shift
    log_mark
    refuses strongswan_request "$challenge" "$@" 2>&1 | tee printed
    contains printed "badAlg"
    logged_since_mark SCEP WARNING outcome=refused failInfo=badAlg "$name"
}

# --- Renewal ---------------------------------------------------------------------------------------------------------

strongswan_renews() {
    strongswan_request "$challenge"
    log_mark
    strongswan_renewal
    router_certificate_is_as_promised
    logged_since_mark SCEP INFO outcome=issued messageType=RenewalReq "renews=$(serial old.pem)"
}

# strongswan_renewal_is_refused FAILINFO TEXT-IN-THE-LOG OPTION...
strongswan_renewal_is_refused() {
    local info=$1 reason=$2
    shift 2
    log_mark
    refuses strongswan_renewal "$@" 2>&1 | tee printed
    contains printed "$info"
    logged_since_mark SCEP WARNING outcome=refused "failInfo=$info" messageType=RenewalReq "$reason"
    lacks logged.txt "outcome=issued"
}

strongswan_renews_once() {
    local first
    strongswan_request "$challenge"
    cp certificate.pem enrolled.pem
    cp key.pem enrolled-key.pem
    strongswan_renewal
    router_certificate_is_as_promised
    first=$(serial certificate.pem)

    log_mark
    strongswan_scep --cert old.pem --key old-key.pem
    same "the serial number" "$(serial certificate.pem)" "$first"
    logged_since_mark SCEP INFO outcome=sent messageType=RenewalReq

    mv enrolled.pem certificate.pem
    mv enrolled-key.pem key.pem
    strongswan_renewal_is_refused badRequest superseded
}

strongswan_renews_self_signed() {
    openssl genrsa -out key.pem 2048
    openssl req -new -x509 -key key.pem -days 30 -subj "/C=DE/O=UCM Tests/CN=router-1" -out certificate.pem
    strongswan_renewal_is_refused badRequest self-signed
}

# The CA's name, the same serial number, the same subject: everything but the CA's key.
strongswan_renews_foreign() {
    local name
    strongswan_request "$challenge"
    name=$(openssl x509 -in "$ca" -noout -subject -nameopt RFC2253)
    openssl req -new -x509 -newkey rsa:2048 -nodes -keyout false-key.pem -days 30 -subj "/${name#subject=}" -out false.pem
    openssl genrsa -out key.pem 2048
    openssl req -new -key key.pem -subj "/C=DE/O=UCM Tests/CN=router-1" -out request.pem
    openssl x509 -req -in request.pem -CA false.pem -CAkey false-key.pem -days 30 \
        -set_serial "0x$(serial certificate.pem)" -out forged.pem
    same "the issuer" "$(openssl x509 -in forged.pem -noout -issuer)" "$(openssl x509 -in certificate.pem -noout -issuer)"
    mv forged.pem certificate.pem
    strongswan_renewal_is_refused badRequest "was not issued by it"
}

# Issued by the default profile, renewed at another one.
strongswan_renews_elsewhere() {
    url=${url%/*} strongswan_request "$(<"$work/challenge")"
    strongswan_renewal_is_refused badRequest "through the profile default"
}

strongswan_renews_other_name() {
    strongswan_request "$challenge"
    strongswan_renewal_is_refused badRequest router-2.ucm.test --san router-2.ucm.test
}

strongswan_renews_with_sha1() {
    strongswan_request "$challenge"
    strongswan_renewal_is_refused badAlg "SHA-1 does not authorize a renewal" --digest sha1
}

strongswan_renews_with_challenge() {
    strongswan_request "$challenge"
    cp certificate.pem enrolled.pem
    cp key.pem enrolled-key.pem
    strongswan_renewal_is_refused badRequest challenge
    mv enrolled.pem certificate.pem
    mv enrolled-key.pem key.pem
    strongswan_renewal --password "$challenge"
    router_certificate_is_as_promised
    logged_since_mark outcome=issued messageType=RenewalReq "renews=$(serial old.pem)"
}

strongswan_renews_too_early() {
    strongswan_request "$challenge"
    cp certificate.pem enrolled.pem
    cp key.pem enrolled-key.pem
    strongswan_renewal_is_refused badRequest "may not be renewed before"

    administer profile set late --renewal no --renewal-window off
    eventually no_renewal_is_offered
    mv enrolled.pem certificate.pem
    mv enrolled-key.pem key.pem
    strongswan_renewal_is_refused badRequest "allows no renewals"
}

no_renewal_is_offered() {
    answers 200 "$url?operation=GetCACaps"
    contains body SCEPStandard
    lacks body Renewal
}

# --- Approval --------------------------------------------------------------------------------------------------------

# The profile has the template "Network Equipment".
strongswan_polls_for_approval() {
    local client template_days=1095 template_purposes="TLS Web Client Authentication, TLS Web Server Authentication"
    log_mark
    strongswan_request "$challenge" --interval 1 --maxpolltime 20 &
    client=$!
    logged_since_mark SCEP INFO outcome=pending messageType=PKCSReq CN=router-1
    logged_since_mark SCEP INFO outcome=pending messageType=CertPoll CN=router-1
    request_is_shown
    decide CN=router-1 approve
    wait $client
    router_certificate_is_as_promised
    logged_since_mark SCEP INFO outcome=sent messageType=CertPoll CN=router-1

    log_mark
    strongswan_renewal
    router_certificate_is_as_promised
    logged_since_mark SCEP INFO outcome=issued messageType=RenewalReq "renews=$(serial old.pem)"
}

# What an administrator compares with the device before approving.
request_is_shown() {
    administer request show "$(request_waits CN=router-1)" >shown
    contains shown pending
    contains shown "$(openssl pkey -in key.pem -pubout -outform DER | openssl dgst -sha256 -r | cut -d' ' -f1)"
    contains shown "DNS:router-1.ucm.test"
    # The request has the challenge in it, so it is not shown.
    lacks shown "BEGIN CERTIFICATE REQUEST"
}

strongswan_polls_for_rejection() {
    local client reason="Nobody here knows this router."
    log_mark
    strongswan_request "$challenge" --interval 1 --maxpolltime 20 >printed 2>&1 &
    client=$!
    decide CN=router-1 reject --reason "$reason"
    refuses wait $client
    cat printed
    contains printed badRequest
    logged_since_mark SCEP WARNING outcome=refused failInfo=badRequest messageType=CertPoll "$reason"

    # The same request again does not wait again.
    log_mark
    refuses strongswan_scep --password "$challenge"
    logged_since_mark SCEP WARNING outcome=refused failInfo=badRequest messageType=PKCSReq "$reason"
    refuses request_waits CN=router-1
}

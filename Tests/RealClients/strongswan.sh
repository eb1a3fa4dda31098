# strongSwan's `pki --scepca` and `pki --scep`.
# shellcheck shell=bash

wrong_challenge=not-the-challenge-8264

strongswan_checks() {
    prepare_strongswan || return
    check "strongSwan enrols over http, AES-128 and SHA-256 by default" strongswan_enrols "$url"
    check_trusting "strongSwan enrols over https" strongswan_enrols_over_https
    check "strongSwan with a wrong challenge is refused, and the log says why" strongswan_is_refused
}

strongswan_old_algorithms_accepted() {
    prepare_strongswan || return
    check "strongSwan enrols with 3DES and SHA-1" strongswan_enrols "$url" --cipher des3 --digest sha1
    check "strongSwan enrols with SHA-512" strongswan_enrols "$url" --digest sha512
}

strongswan_old_algorithms_refused() {
    prepare_strongswan || return
    check "strongSwan with 3DES is refused" strongswan_old_algorithm_is_refused 3DES --cipher des3
    check "strongSwan with SHA-1 is refused" strongswan_old_algorithm_is_refused SHA-1 --digest sha1
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

# strongswan_request URL CHALLENGE OPTION...: in the current directory, to certificate.pem. A caller's array `through`
# is the command that starts pki.
strongswan_request() {
    local at=$1 password=$2
    shift 2
    [[ -v through ]] || local through=()
    openssl genrsa -out key.pem 2048
    limited "${through[@]}" pki --scepca --url "$at" --caout ca.pem --raout ra.pem --outform pem --force
    same "the CA" "$(openssl x509 -in ca.pem)" "$(openssl x509 -in "$ca")"
    same "the RA" "$(openssl x509 -in ra.pem)" "$(openssl x509 -in "$ra")"
    limited "${through[@]}" pki --scep --url "$at" --in key.pem --dn "C=DE, O=UCM Tests, CN=router-1" --san router-1.ucm.test \
        --password "$password" --cacert-enc ra.pem --cacert-sig ra.pem --cacert ca.pem --outform pem "$@" \
        >certificate.pem
}

strongswan_enrols() {
    local at=$1
    shift
    log_mark
    strongswan_request "$at" "$challenge" "$@"
    certificate_is_as_promised certificate.pem key.pem "CN=router-1,O=UCM Tests,C=DE" "DNS:router-1.ucm.test"
    logged_since_mark SCEP INFO outcome=issued transactionID= client=127.0.0.1 CN=router-1
}

strongswan_enrols_over_https() {
    local through=("$here/trusting" "$ca")
    strongswan_enrols "$https_url"
}

strongswan_is_refused() {
    log_mark
    refuses strongswan_request "$url" "$wrong_challenge" 2>&1 | tee printed
    contains printed "badRequest"
    logged_since_mark SCEP WARNING outcome=refused failInfo=badRequest reason= challenge
    lacks logged.txt "outcome=issued"
}

# strongswan_old_algorithm_is_refused NAME OPTION...
strongswan_old_algorithm_is_refused() {
    local name=$1
    shift
    log_mark
    refuses strongswan_request "$url" "$challenge" "$@" 2>&1 | tee printed
    contains printed "badAlg"
    logged_since_mark SCEP WARNING outcome=refused failInfo=badAlg "$name"
}

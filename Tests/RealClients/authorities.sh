# Several CAs, templates, revocation, CRLs and OCSP, certificates by hand; checked by openssl.
# shellcheck shell=bash

authority_checks() {
    make_foreign_authorities
    check "ucm ca create: a chain of three, RSA below ECDSA, as openssl has it" chain_is_made
    check "a profile at the bottom of the chain: GetCACert has the RA and all three" chain_is_given
    if prepare_strongswan; then
        check "strongSwan enrols at the bottom of the chain" at_profile chain strongswan_enrols_below
    fi
    check "ucm scep enrols there; openssl verifies the chain of three, with CRLs" chain_verifies
    check "name constraints and purposes of a CA are kept" constraints_are_kept
    check "/ca and ucm ca export give the same, as PEM, DER and p7c" authority_is_exported
    check "ucm ca import: PEM and PKCS#12, of any age" authorities_are_imported
    check "what cannot be imported: one sentence each" imports_are_refused
    check "ucm ca request and install: openssl is the other CA" authority_is_signed_elsewhere
    check "ucm ca sign: a CA that is elsewhere" other_authority_is_signed
    check "CAs that cannot be: one sentence each" authorities_are_refused
    check "ucm ca default, retire, reinstate" authority_is_retired
    check "ucm ca rollover --to: a CA that is there follows" existing_authority_follows
    check "ucm template: a copy decides on everything" template_decides
    check "templates that cannot be: one sentence each" templates_are_refused
    check "ucm certificate issue: from a request, and with a key as PEM and PKCS#12" certificates_are_issued
    check "ucm certificate list, show, export and renew" certificates_are_found
    keep_authority_certificates
}

revocation_checks() {
    check "the CRL: DER and PEM, ETag, Last-Modified, 304, HEAD" list_is_served
    check "a revocation is on the CRL and in OCSP, with its reason, and openssl refuses the certificate" \
        certificate_is_revoked
    check "a hold, its release, and a revocation for good" certificate_is_held
    check "in bulk: by a file, by a device, by a profile; nothing without --yes" many_are_revoked
    check "revocations that cannot be: one sentence each" revocations_are_refused
    check "OCSP: good, revoked, unknown; nonce; several at once; GET; malformed" status_is_answered
    check "OCSP of a CA certificate, by the CA above" authority_status_is_answered
    check "who signs OCSP may: delegated by the CA, nocheck" status_signer_is_delegated
}

# For a server that is stopped.
master_key_checks() {
    check "ucm key rotate-master: in place; devices, challenges and CAs go on" master_key_is_changed
    check "a passphrase for a master key, and a wrong one" passphrase_opens
}

# authority NAME: the file with a CA's certificate.
authority() { echo "$work/$server_name/$1.pem"; }

# strongSwan puts the CAs that it is given into one file each.
strongswan_enrols_below() {
    openssl genrsa -out key.pem 2048
    pki --scepca --url "$url" --caout ca.pem --raout ra.pem --outform pem --force
    same "the RA" "$(openssl x509 -in ra.pem -noout -subject)" "subject=CN = Example Devices RA"
    limited pki --scep --url "$url" --in key.pem --dn "CN=below" --san below.example.com --password "$challenge" \
        --cacert-enc ra.pem --cacert-sig ra.pem --cacert ca.pem --cacert ca-1.pem --cacert ca-2.pem --interval 1 \
        --outform pem >certificate.pem
    cat "$(authority Policy)" "$(authority Devices)" >between
    openssl verify -x509_strict -CAfile "$(authority Root)" -untrusted between certificate.pem
}

# make_foreign_authorities: CAs of openssl's, to be imported.
make_foreign_authorities() {
    (
        cd "$work/$server_name" || exit
        openssl req -x509 -newkey rsa:2048 -nodes -keyout foreign.key -out foreign.pem -days 900 \
            -subj "/O=Foreign/CN=Foreign CA" -addext keyUsage=critical,keyCertSign,cRLSign
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout foreign-ec.key \
            -out foreign-ec.pem -days 900 -subj "/CN=Foreign EC CA" -addext keyUsage=critical,keyCertSign,cRLSign
        openssl req -x509 -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.pem -days 900 -subj "/CN=No CA" \
            -addext basicConstraints=critical,CA:FALSE
        openssl pkcs12 -export -inkey foreign-ec.key -in foreign-ec.pem -passout pass:secret-1 -out foreign-ec.p12
        openssl pkcs12 -export -legacy -inkey foreign.key -in foreign.pem -passout pass:secret-1 -out foreign-old.p12
        openssl x509 -in foreign.pem -signkey foreign.key -days -1 -out expired.pem
        echo secret-1 >p12-password
        echo wrong >wrong-password
    ) >"$work/$server_name/foreign.log" 2>&1
}

chain_is_made() {
    administer ca create "Example Root" --key p384 --subject "C=DE, O=Example, CN=Example Root"
    administer ca create "Example Policy" --parent "Example Root" --key p256 --path-length 1
    administer ca create "Example Devices" --parent example-policy --key rsa2048 --purpose clientAuth \
        --purpose serverAuth --validity-days 900
    administer ca create "Example Constrained" --parent example-policy --key p256 --permit DNS:example.com \
        --permit IP:10.0.0.0/8 --exclude DNS:secret.example.com
    local name
    for name in Root Policy Devices Constrained; do
        administer ca export "Example $name" --out "$(authority "$name")"
    done
    openssl verify -x509_strict -CAfile "$(authority Root)" "$(authority Root)"
    openssl verify -x509_strict -CAfile "$(authority Root)" -untrusted "$(authority Policy)" "$(authority Devices)"
    openssl x509 -in "$(authority Constrained)" -noout -text >text
    grep -q 'Name Constraints: critical' text
    grep -q 'Permitted:' text
    grep -q 'DNS:example.com' text
    grep -q 'Excluded:' text
    openssl x509 -in "$(authority Devices)" -noout -text >text
    grep -q 'CA:TRUE, pathlen:0' text
    grep -q 'TLS Web Client Authentication' text
    grep -q "URI:http://127.0.0.1:$http_port/crl/example-policy.crl" text
    administer ca list >listed
    grep -qE '^Example Devices +example-devices +active +CN=Example Policy +rsa2048' listed
}

chain_is_given() {
    make_profile chain --ca "Example Devices"
    eventually answers 200 "$url/chain?operation=GetCACert"
    grep -qi '^content-type: *application/x-x509-ca-ra-cert' head
    openssl pkcs7 -inform DER -in body -print_certs | grep ^subject >subjects
    same "the subjects" "$(tr -d ' ' <subjects | tr '\n' ';')" \
        "subject=CN=ExampleDevicesRA;subject=CN=ExampleDevices;subject=CN=ExamplePolicy;subject=C=DE,O=Example,CN=ExampleRoot;"
}

# chain_device NAME OPTION...: enrols at the bottom of the chain.
chain_device() {
    rm -f "$1.key"
    "$ucm" scep enroll "$url/chain" --fingerprint "$(fingerprint "$(authority Devices)")" --subject "CN=$1" \
        --challenge-file "$work/$server_name/chain.challenge" --key-out "$1.key" --out "$1.pem" "${@:2}"
}

# crls: the CRLs of the chain in one file.
crls() {
    local name
    for name in root policy devices; do
        curl -sf "http://127.0.0.1:$http_port/crl/example-$name.pem"
    done >crls.pem
}

chain_verifies() {
    chain_device d1 --san DNS:d1.example.com
    cat "$(authority Root)" >roots
    cat "$(authority Policy)" "$(authority Devices)" >between
    openssl verify -x509_strict -CAfile roots -untrusted between d1.pem
    eventually crls
    openssl verify -x509_strict -CAfile roots -untrusted between -crl_check_all -CRLfile crls.pem d1.pem
    openssl x509 -in d1.pem -noout -text >text
    grep -q "URI:http://127.0.0.1:$http_port/crl/example-devices.crl" text
    grep -q "OCSP - URI:http://127.0.0.1:$http_port/ocsp" text
    grep -q "CA Issuers - URI:http://127.0.0.1:$http_port/ca/example-devices.cer" text
    cp d1.pem d1.key "$work/$server_name"
}

constraints_are_kept() {
    administer certificate issue --ca "Example Constrained" --key p256 --subject CN=inside --san DNS:inside.example.com \
        --san IP:10.1.2.3 --key-out inside.key --out inside.pem
    cat "$(authority Policy)" "$(authority Constrained)" >between
    openssl verify -x509_strict -CAfile "$(authority Root)" -untrusted between inside.pem
    local name
    for name in DNS:host.example.org DNS:x.secret.example.com IP:192.0.2.1; do
        fails_in_one_sentence administer certificate issue --ca "Example Constrained" --key p256 --subject CN=outside \
            --san "$name" --key-out outside.key --out outside.pem
        contains complaint "${name#*:}"
    done
    fails_in_one_sentence administer certificate issue --ca "Example Devices" --key p256 --subject CN=x \
        --template "Mobile Devices" --pkcs12 x.p12
    contains complaint "Example Devices"
    fails_in_one_sentence administer profile create mobile --ca "Example Devices" --template "Mobile Devices"
    contains complaint "Mobile Devices"
}

authority_is_exported() {
    local at=http://127.0.0.1:$http_port/ca
    curl -sf -o one.cer "$at/example-devices.cer"
    curl -sf -o all.pem "$at/example-devices.pem"
    curl -sf -o all.p7c "$at/example-devices.p7c"
    openssl x509 -inform DER -in one.cer -out one.pem
    cmp one.pem "$(authority Devices)"
    administer ca export example-devices --format der --out exported.cer
    cmp one.cer exported.cer
    administer ca export example-devices --chain --out exported.pem
    cmp all.pem exported.pem
    same "certificates" "$(grep -c BEGIN all.pem)" 3
    administer ca export example-devices --format p7c --out exported.p7c
    cmp all.p7c exported.p7c
    same "in the p7c" "$(openssl pkcs7 -inform DER -in all.p7c -print_certs | grep -c BEGIN)" 3
    answers 404 "$at/nobody.cer"
    answers 404 "$at/example-devices.txt"
    refuses administer ca export example-devices --format der --chain
}

authorities_are_imported() {
    cd "$work/$server_name" || return
    administer ca import --file foreign.key --file foreign.pem
    administer ca import --file foreign-ec.p12 --password-file p12-password --name "Imported EC"
    administer ca list | tee listed
    grep -qE '^Foreign CA +foreign-ca +active' listed
    grep -qE '^Imported EC +imported-ec +active .*p256' listed
    administer certificate issue --ca "Imported EC" --key p256 --subject CN=imported --key-out imported.key \
        --out imported.pem
    openssl verify -x509_strict -CAfile foreign-ec.pem imported.pem
}

imports_are_refused() {
    cd "$work/$server_name" || return
    fails_in_one_sentence administer ca import --file foreign-old.p12 --password-file wrong-password
    contains complaint foreign-old.p12
    contains complaint password
    fails_in_one_sentence administer ca import --file foreign-old.p12
    fails_in_one_sentence administer ca import --file foreign.key --file foreign-ec.pem
    fails_in_one_sentence administer ca import --file leaf.key --file leaf.pem
    contains complaint "CA"
    fails_in_one_sentence administer ca import --file foreign.key --file expired.pem
    fails_in_one_sentence administer ca import --file foreign.pem
    contains complaint "private key"
    sed 5d foreign.pem >broken.pem
    fails_in_one_sentence administer ca import --file foreign.key --file broken.pem
    contains complaint broken.pem
    # One that is here already.
    fails_in_one_sentence administer ca import --file foreign-old.p12 --password-file p12-password --name Again
    contains complaint "Foreign CA"
}

authority_is_signed_elsewhere() {
    cd "$work/$server_name" || return
    administer ca request "Signed Elsewhere" --key p256 --out elsewhere.csr
    administer ca list 2>&1 | grep -q "Signed Elsewhere"
    fails_in_one_sentence administer ca create "Signed Elsewhere"
    printf 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign,digitalSignature\n' \
        >sub.ext
    printf 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' >>sub.ext
    openssl x509 -req -in elsewhere.csr -CA foreign.pem -CAkey foreign.key -CAcreateserial -days 800 -extfile sub.ext \
        -out elsewhere.pem
    fails_in_one_sentence administer ca install "Signed Elsewhere" --file foreign.pem
    openssl x509 -req -in elsewhere.csr -CA foreign.pem -CAkey foreign.key -CAcreateserial -days 800 -out no-ca.pem
    fails_in_one_sentence administer ca install "Signed Elsewhere" --file no-ca.pem --file foreign.pem
    administer ca install "Signed Elsewhere" --file elsewhere.pem --file foreign.pem
    administer certificate issue --ca signed-elsewhere --key p256 --subject CN=below --key-out below.key --out below.pem
    openssl verify -x509_strict -CAfile foreign.pem -untrusted elsewhere.pem below.pem
    administer ca request "Given Up" --out given-up.csr
    administer ca cancel "Given Up"
    fails_in_one_sentence administer ca cancel "Given Up"
}

other_authority_is_signed() {
    cd "$work/$server_name" || return
    openssl req -new -newkey rsa:2048 -nodes -keyout other.key -out other.csr -subj "/CN=Other CA"
    administer ca sign --request other.csr --ca "Example Root" --path-length 0 --out other.pem
    openssl verify -x509_strict -CAfile "$(authority Root)" other.pem
    openssl x509 -in other.pem -noout -text | grep -q 'CA:TRUE, pathlen:0'
    administer certificate list --origin authority | grep -q "CN=Other CA"
    fails_in_one_sentence administer ca sign --request other.csr --ca "Example Devices"
    contains complaint "Example Devices"
}

authorities_are_refused() {
    fails_in_one_sentence administer ca create "Example Root"
    fails_in_one_sentence administer ca create "example-root"
    fails_in_one_sentence administer ca create "Too Long" --parent "Example Root" --validity-days 9999
    contains complaint days
    fails_in_one_sentence administer ca create "Below" --parent "Example Devices"
    fails_in_one_sentence administer ca create "Bad" --subject "CN"
    fails_in_one_sentence administer ca create "Nobody's" --parent Nobody
    refuses administer ca create "Bad Name" --permit "host.example.com"
    refuses administer ca create "Bad Key" --key rsa1024
}

authority_is_retired() {
    fails_in_one_sentence administer ca retire "Example Devices"
    contains complaint chain
    administer ca create "Short Lived" --key p256
    administer ca default "Short Lived"
    fails_in_one_sentence administer ca retire "Short Lived"
    administer ca default "UCM CA"
    administer ca retire "Short Lived"
    fails_in_one_sentence administer ca retire "Short Lived"
    fails_in_one_sentence administer ca default "Short Lived"
    fails_in_one_sentence administer certificate issue --ca "Short Lived" --key p256 --subject CN=x --pkcs12 retired.p12
    fails_in_one_sentence administer profile create retired --ca "Short Lived"
    eventually curl -sf -o short.crl "http://127.0.0.1:$http_port/crl/short-lived.crl"
    administer ca reinstate "Short Lived"
    administer certificate issue --ca "Short Lived" --key p256 --subject CN=x --pkcs12 back.p12
}

existing_authority_follows() {
    administer ca create "First" --key p256
    administer ca create "Second" --key p256
    make_profile follows --ca First
    administer ca rollover --ca First --to Second --in 1s
    eventually follows_second
    fails_in_one_sentence administer ca rollover --ca First --to Second --in 1h
    fails_in_one_sentence administer ca rollover --ca Second --to First --in 1h
}

follows_second() {
    administer profile list | grep -E '^follows +Second'
}

template_decides() {
    administer template create "VPN gateways" --from "Network Equipment" --validity-days 397 --backdating 1h \
        --key-usage digitalSignature --purpose ipsecIKE --purpose serverAuth \
        --subject "CN={DNS}, OU=Gateways, O=Example" --san "DNS:*.example.com" --other-sans drop --key p256 --key rsa3072 \
        --pass-extension ms-sid --policy 1.3.6.1.4.1.99999.1=https://example.com/cps
    administer template show "vpn-gateways" | tee shown
    grep -qE '^validity-days +397' shown
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout gw.key -out gw.csr -subj "/CN=whatever" \
        -addext "subjectAltName=DNS:gw.example.com,DNS:gw.example.org" \
        -addext "1.3.6.1.4.1.311.25.2=DER:040141" -addext "1.2.3.4=DER:040142"
    administer certificate issue --request gw.csr --template "VPN gateways" --out gw.pem
    openssl x509 -in gw.pem -noout -text >text
    grep -q "Subject: O = Example, OU = Gateways, CN = gw.example.com\|Subject: CN = gw.example.com, OU = Gateways, O = Example" text
    grep -q "DNS:gw.example.com" text
    lacks text "gw.example.org"
    grep -q "ipsec Internet Key Exchange" text
    grep -q "1.3.6.1.4.1.311.25.2" text
    lacks text "1.2.3.4"
    grep -q "CPS: https://example.com/cps" text
    # What it does not allow.
    openssl req -new -newkey rsa:2048 -nodes -keyout small.key -out small.csr -subj "/CN=x" \
        -addext "subjectAltName=DNS:gw.example.com"
    fails_in_one_sentence administer certificate issue --request small.csr --template "VPN gateways"
    openssl req -new -key gw.key -out ca.csr -subj "/CN=x" -addext "basicConstraints=critical,CA:TRUE" \
        -addext "subjectAltName=DNS:gw.example.com"
    fails_in_one_sentence administer certificate issue --request ca.csr --template "VPN gateways"
    administer template set "VPN gateways" --authority-requests drop
    administer certificate issue --request ca.csr --template "VPN gateways" --out dropped.pem
    openssl x509 -in dropped.pem -noout -text >text
    lacks text "CA:TRUE"
    make_profile gateways --template "VPN gateways"
    fails_in_one_sentence administer template delete "VPN gateways"
    contains complaint gateways
    administer profile delete gateways
    administer template delete "VPN gateways"
}

templates_are_refused() {
    fails_in_one_sentence administer template set Default --validity-days 10
    fails_in_one_sentence administer template create Default
    fails_in_one_sentence administer template create Bad --validity-days 0
    fails_in_one_sentence administer template create Bad --key-usage keyEncipherment --key p256
    fails_in_one_sentence administer template create Bad --purpose 1.3.6.1.5.5.7.3.9
    fails_in_one_sentence administer template create Bad --pass-extension 2.5.29.19
    fails_in_one_sentence administer template create Bad --crl-url ftp://example.com
    refuses administer template create Bad --subject "CN={"
    fails_in_one_sentence administer template create Bad --from Nothing
    administer template list >listed
    same "the lines" "$(wc -l <listed)" 4
}

certificates_are_issued() {
    openssl req -new -newkey rsa:2048 -nodes -keyout host.key -out host.csr -subj "/CN=host" \
        -addext "subjectAltName=DNS:host.example.com"
    administer certificate issue --request host.csr --template "Network Equipment" --chain --out host.pem
    openssl verify -x509_strict -CAfile "$ca" host.pem
    administer certificate issue --key rsa2048 --subject "CN=made,O=Example" --san DNS:made.example.com \
        --key-out made.key --out made.pem
    same "the key" "$(openssl pkey -in made.key -pubout)" "$(openssl x509 -in made.pem -noout -pubkey)"
    same "its mode" "$(stat -c %a made.key)" 600
    echo a-password >password
    administer certificate issue --key p256 --subject CN=p12 --pkcs12 new.p12 --password-file password
    openssl pkcs12 -in new.p12 -passin pass:a-password -nodes -info >contents 2>&1
    grep -q "AES-256-CBC" contents
    openssl pkcs12 -in new.p12 -passin pass:a-password -nodes -clcerts -nokeys -out p12.pem
    same "certificates" "$(grep -c 'BEGIN CERTIFICATE' contents)" 2
    administer certificate issue --key rsa2048 --subject CN=old-p12 --pkcs12 old.p12 --compatible 2>said
    openssl pkcs12 -legacy -in old.p12 -passin "pass:$(sed -n 's/.*only now: //p' said)" -nodes -info >contents 2>&1
    grep -q "3-KeyTripleDES" contents
    fails_in_one_sentence administer certificate issue --key p256 --subject CN=p12 --pkcs12 new.p12
    contains complaint "new.p12"
    refuses administer certificate issue --key p256 --subject CN=p12
    fails_in_one_sentence administer certificate issue --key p256 --subject CN=x --pkcs12 x.p12 --validity-days 9999
    fails_in_one_sentence administer certificate issue --key p256 --subject "CN=UCM CA" --pkcs12 y.p12
    [[ ! -e x.p12 && ! -e y.p12 ]]
    administer certificate issue --key p256 --subject "CN=phone,E=phone@example.com" --san email:phone@example.com \
        --template "Mobile Devices" --key-out phone.key --out phone.pem
    keep host.pem "$server_name, Network Equipment"
    keep phone.pem "$server_name, Mobile Devices"
    keep p12.pem "$server_name, Default"
    cp host.pem host.key "$work/$server_name"
}

certificates_are_found() {
    local number
    number=$(serial "$work/$server_name/host.pem")
    administer certificate list --search EXAMPLE.com | grep -q CN=host
    administer certificate list --name HOST.example.com --origin manual | grep -q CN=host
    same "the number" "$(administer certificate list --name host.example.com --count)" 1
    same "none" "$(administer certificate list --name host.example --count)" 0
    same "no pattern" "$(administer certificate list --search 'host%' --count)" 0
    administer certificate show "$number" | tee shown
    grep -q "Network Equipment" shown
    grep -q "certificateIssued" shown
    administer certificate export "$number" --format der --out host.cer
    openssl x509 -inform DER -in host.cer | cmp - <(openssl x509 -in "$work/$server_name/host.pem")
    administer certificate export "$number" --format p7c --out host.p7b
    same "in the p7b" "$(openssl pkcs7 -inform DER -in host.p7b -print_certs | grep -c BEGIN)" 2
    administer certificate renew "$number" --out renewed.pem
    same "the key" "$(openssl x509 -in renewed.pem -noout -pubkey)" \
        "$(openssl x509 -in "$work/$server_name/host.pem" -noout -pubkey)"
    same "the names" "$(openssl x509 -in renewed.pem -noout -subject -ext subjectAltName,extendedKeyUsage)" \
        "$(openssl x509 -in "$work/$server_name/host.pem" -noout -subject -ext subjectAltName,extendedKeyUsage)"
    administer certificate renew "$number" --key p256 --pkcs12 renewed.p12
    fails_in_one_sentence administer certificate show 00ff00
    fails_in_one_sentence administer certificate show nonsense
}

keep_authority_certificates() {
    local ca
    ca=$(authority Root)
    keep "$ca" "$server_name, root"
    keep "$(authority Policy)" "$server_name, intermediate"
    ca=$(authority Policy)
    keep "$(authority Devices)" "$server_name, issuing CA"
    keep "$(authority Constrained)" "$server_name, constrained CA"
}

list_is_served() {
    local at=http://127.0.0.1:$http_port/crl/example-devices
    curl -sf -D head -o list.crl "$at.crl"
    grep -qi '^content-type: *application/pkix-crl' head
    grep -qi '^cache-control: *public, max-age=' head
    grep -qi '^last-modified: ' head
    local tag
    tag=$(sed -n 's/^etag: *//Ip' head | tr -d '\r')
    same "unchanged" "$(curl -s -o /dev/null -w '%{http_code}' -H "If-None-Match: $tag" "$at.crl")" 304
    same "changed" "$(curl -s -o /dev/null -w '%{http_code}' -H 'If-None-Match: "0"' "$at.crl")" 200
    same "not since" "$(curl -s -o /dev/null -w '%{http_code}' \
        -H "If-Modified-Since: $(sed -n 's/^last-modified: *//Ip' head | tr -d '\r')" "$at.crl")" 304
    curl -sfI "$at.crl" | grep -qi "^content-length: *$(stat -c %s list.crl)"
    curl -sf -o list.pem "$at.pem"
    openssl crl -in list.pem -outform DER | cmp - list.crl
    openssl crl -in list.pem -noout -text -CAfile "$(authority Devices)" >text 2>verified
    grep -q "verify OK" verified
    grep -q "Version 2" text
    grep -q "X509v3 CRL Number" text
    grep -q "X509v3 Authority Key Identifier" text
    administer ca crl "Example Devices" --out by-command.pem
    openssl crl -in by-command.pem -noout -CAfile "$(authority Devices)"
    answers 404 "http://127.0.0.1:$http_port/crl/nobody.crl"
    keep_list list.pem "$server_name, CRL"
}

# listed SERIAL: the lines of the CRL about a certificate.
listed() {
    curl -sf "http://127.0.0.1:$http_port/crl/example-devices.crl" | openssl crl -inform DER -noout -text >list.txt
    grep -A6 "Serial Number: ${1^^}" list.txt
}

unlisted() { ! listed "$1"; }

# status CERTIFICATE WORD OPTION...: what OCSP says.
status() {
    openssl ocsp "${@:3}" -issuer "$(authority Devices)" -cert "$1" -url "http://127.0.0.1:$http_port/ocsp" \
        -CAfile "$work/$server_name/chain-file" >answer 2>&1 || true
    cat answer
    grep -q "Response verify OK" answer
    grep -q "$1: $2" answer
}

certificate_is_revoked() {
    cat "$(authority Devices)" "$(authority Policy)" "$(authority Root)" >"$work/$server_name/chain-file"
    chain_device lost
    local number
    number=$(serial lost.pem)
    status lost.pem good
    administer certificate revoke "$number" --reason keyCompromise --invalid-since 2026-01-02T03:04:05Z --note "found open" |
        grep -q "is revoked"
    eventually listed "$number"
    listed "$number" | grep -q "Key Compromise"
    grep -q "Jan  2 03:04:05 2026" list.txt
    eventually status lost.pem revoked
    grep -q "keyCompromise" answer
    crls
    cat "$(authority Root)" >roots
    cat "$(authority Policy)" "$(authority Devices)" >between
    refuses openssl verify -CAfile roots -untrusted between -crl_check_all -CRLfile crls.pem lost.pem
    openssl verify -CAfile roots -untrusted between -crl_check_all -CRLfile crls.pem "$work/$server_name/d1.pem"
    administer audit list --kind certificateRevoked | grep -q "found open"
    # The device's renewal is over.
    refuses "$ucm" scep renew "$url/chain" --fingerprint "$(fingerprint "$(authority Devices)")" --cert lost.pem \
        --key lost.key --new-key-out lost2.key --out lost2.pem
}

certificate_is_held() {
    chain_device held
    local number
    number=$(serial held.pem)
    administer certificate hold "$number" --note "where is it?"
    eventually listed "$number"
    listed "$number" | grep -q "Certificate Hold"
    eventually status held.pem revoked
    administer certificate release "$number" --note "in the drawer"
    eventually unlisted "$number"
    eventually status held.pem good
    administer certificate hold "$number"
    administer certificate revoke "$number" --reason superseded
    fails_in_one_sentence administer certificate release "$number"
    eventually listed "$number"
    listed "$number" | grep -q "Superseded"
    fails_in_one_sentence administer certificate revoke "$number" --reason keyCompromise
    contains complaint "already"
}

many_are_revoked() {
    local number
    for number in 1 2 3; do
        chain_device "many-$number"
        serial "many-$number.pem"
    done >numbers
    administer certificate revoke --file numbers --reason cessationOfOperation >said
    same "revoked" "$(grep -c 'is revoked' said)" 3
    administer challenge create --profile chain --device phone-17 >made
    sed -n 's/.*: *//p' made | tail -1 >phone.challenge
    rm -f phone.key
    "$ucm" scep enroll "$url/chain" --fingerprint "$(fingerprint "$(authority Devices)")" --subject CN=phone \
        --challenge-file phone.challenge --key-out phone.key --out phone.pem
    refuses administer certificate revoke --device phone-17
    status phone.pem good
    administer certificate revoke --device phone-17 --reason cessationOfOperation --yes | grep -q "CN=phone"
    eventually status phone.pem revoked
    administer certificate list --profile chain --state valid >before
    grep -q CN=d1 before
    fails_in_one_sentence administer certificate revoke --profile nothing --yes
}

revocations_are_refused() {
    fails_in_one_sentence administer certificate revoke 00ff00
    fails_in_one_sentence administer certificate revoke "$(serial "$work/$server_name/d1.pem")" \
        --invalid-since 2126-01-01T00:00:00Z
    refuses administer certificate revoke
    refuses administer certificate revoke 01 --device x
    refuses administer certificate revoke 01 --reason certificateHold
    refuses administer certificate revoke 01 --reason nonsense
}

status_is_answered() {
    local at=http://127.0.0.1:$http_port/ocsp
    cp "$work/$server_name/d1.pem" .
    status d1.pem good
    status d1.pem good -no_nonce
    status d1.pem good -sha256
    openssl ocsp -issuer "$(authority Devices)" -serial 0x1234 -url "$at" -CAfile "$work/$server_name/chain-file" \
        >answer 2>&1
    grep -q "0x1234: unknown" answer
    # By GET, as RFC 6960 §A.1 has it, the base64 with and without escapes.
    openssl ocsp -issuer "$(authority Devices)" -cert d1.pem -no_nonce -reqout request.der
    local form
    form=$(base64 -w0 request.der)
    curl -sf -D head -o response.der "$at/$form"
    grep -qi '^content-type: *application/ocsp-response' head
    grep -qi '^cache-control: *max-age=' head
    openssl ocsp -respin response.der -issuer "$(authority Devices)" -cert d1.pem \
        -CAfile "$work/$server_name/chain-file" >answer 2>&1
    grep -q "d1.pem: good" answer
    form=${form//+/%2B} form=${form//\//%2F} form=${form//=/%3D}
    curl -sf -o again.der "$at/$form"
    cmp response.der again.der
    keep_response response.der "$server_name, OCSP response"
    # A nonce is answered with itself and by nothing kept.
    openssl ocsp -issuer "$(authority Devices)" -cert d1.pem -reqout nonce.der
    curl -sf -o nonce-1.der --data-binary @nonce.der -H 'Content-Type: application/ocsp-request' "$at"
    openssl ocsp -reqin nonce.der -respin nonce-1.der -issuer "$(authority Devices)" \
        -CAfile "$work/$server_name/chain-file" -noverify -resp_text >answer 2>&1
    grep -q "OCSP Nonce" answer
    # Several at once, one of them from elsewhere.
    # openssl believes no signer about certificates of two CAs, whatever they say.
    openssl ocsp -issuer "$(authority Devices)" -cert d1.pem -serial 0x99 -issuer "$(authority Root)" -serial 0x5 \
        -url "$at" -noverify >answer 2>&1 || true
    cat answer
    grep -q "d1.pem: good" answer
    grep -q "0x99: unknown" answer
    grep -q "0x5: unknown" answer
    # Nothing that could be answered: malformedRequest, which is OCSPResponse { 1 }.
    same "malformed" "$(curl -sf --data-binary nonsense "$at" | xxd -p)" 30030a0101
    same "malformed" "$(curl -sf "$at/bm9uc2Vuc2U=" | xxd -p)" 30030a0101
    python3 - nonce.der long.der <<'P'
import sys
request = open(sys.argv[1], "rb").read()
def tlv(tag, content):
    n = len(content)
    length = bytes([n]) if n < 128 else bytes([0x81, n]) if n < 256 else bytes([0x82, n >> 8, n & 255])
    return bytes([tag]) + length + content
nonce = tlv(0x30, bytes.fromhex("06092b0601050507300102") + tlv(4, tlv(4, bytes(129))))
start = request.index(bytes.fromhex("06092b0601050507300102"))
def first(data):
    n = data[1]; head = 2
    if n & 0x80: head += n & 0x7f; n = int.from_bytes(data[2:head], "big")
    return data[head:head + n], data[head + n:]
tbs, _ = first(first(request)[0])
content, rest = tbs, b""
items = []
while content:
    inner, after = first(content)
    items.append(content[:len(content) - len(after)])
    content = after
items[-1] = tlv(0xa2, tlv(0x30, nonce))
open(sys.argv[2], "wb").write(tlv(0x30, tlv(0x30, b"".join(items))))
P
    same "a nonce of 129 bytes" "$(curl -sf --data-binary @long.der "$at" | xxd -p)" 30030a0101
}

authority_status_is_answered() {
    openssl ocsp -issuer "$(authority Policy)" -cert "$(authority Devices)" -url "http://127.0.0.1:$http_port/ocsp" \
        -CAfile "$work/$server_name/chain-file" >answer 2>&1
    grep -q "Response verify OK" answer
    grep -q ": good" answer
}

status_signer_is_delegated() {
    openssl ocsp -issuer "$(authority Devices)" -cert "$work/$server_name/d1.pem" -resp_text \
        -url "http://127.0.0.1:$http_port/ocsp" -CAfile "$work/$server_name/chain-file" >answer 2>&1
    sed -n '/BEGIN CERTIFICATE/,/END CERTIFICATE/p' answer >signer.pem
    openssl verify -x509_strict -CAfile "$work/$server_name/chain-file" signer.pem
    openssl x509 -in signer.pem -noout -text >text
    grep -q "OCSP Signing" text
    grep -q "OCSP No Check" text
    ca=$(authority Devices) keep signer.pem "$server_name, OCSP signer"
}

master_key_is_changed() {
    local before
    before=$(<"$data/master.key")
    administer key rotate-master | tee said
    [[ $(<"$data/master.key") != "$before" ]]
    same "its mode" "$(stat -c %a "$data/master.key")" 600
    [[ ! -e $data/master.key.new ]]
    # The old one does not open any more, and says so in one sentence.
    echo "$before" >old.key
    chmod 600 old.key
    fails_in_one_sentence "$ucm" ca list --data "$data" --master-key-file old.key
    contains complaint "nothing was changed"
    administer ca list >listed
    grep -q "Example Devices" listed
}

passphrase_opens() {
    echo "correct horse battery" >passphrase
    chmod 600 passphrase
    administer key rotate-master --new-passphrase-file passphrase
    fails_in_one_sentence administer ca list
    "$ucm" ca list --data "$data" --master-passphrase-file passphrase | grep -q "Example Devices"
    UCM_MASTER_PASSPHRASE="correct horse battery" "$ucm" ca list --data "$data" >listed
    echo "wrong horse battery" >passphrase
    fails_in_one_sentence "$ucm" ca list --data "$data" --master-passphrase-file passphrase
    echo "correct horse battery" >passphrase
    "$ucm" key rotate-master --data "$data" --master-passphrase-file passphrase --new-key-file new.key
    "$ucm" ca list --data "$data" --master-key-file new.key >listed
    cp new.key "$data/master.key"
}

# keep_list FILE NAME, keep_response FILE NAME: for pkilint.
keep_list() { cp "$1" "$work/certificates/$2.crl"; }
keep_response() { cp "$1" "$work/certificates/$2.ocsp"; }

# Who may have what: challenges for one device, rules, the queue, limits; by the commands of an administrator and real
# clients, while the server runs.
# shellcheck shell=bash

approval_checks() {
    prepare_strongswan || return
    check "ucm challenge create: strongSwan enrols with it once, and nobody else does" challenge_is_for_one
    check "a one-time challenge that is bound to a name buys no other name" challenge_is_bound
    check "a challenge that ended, and one that was revoked" challenge_is_over
    check "ucm challenge import: many challenges from a CSV file, shown once" challenges_are_imported
    check "static challenges: two at once, so that the old one can go later" challenge_is_rotated
    check "known addresses, patterns and keys: refused, queued or granted, as the profile says" rules_decide
    check "ucm policy explain: each rule's verdict, and nothing happens" policy_is_explained
    check "bad rules are refused when they are saved, with the place of the error" rules_are_refused
    check "a profile that accepts anyone says so, and is warned of everywhere" open_profile_is_warned_of
    check "strongSwan waits, and is granted another template, validity and subject" approved_on_terms
    check "two people have to approve the same" two_people_approve
    check "a request that nobody approves in time" nobody_approves
    check "a one-time challenge: PENDING, rejected, free again; PENDING, approved, used" challenge_is_held
    check "ucm request show: everything about a request, except its challenge" whole_request_is_shown
    check "who guesses challenges is slowed down and locked out, until an admin ends it" guessing_is_stopped
}

# remembered SECRET: one that must be in no log.
remembered() {
    [[ -n $1 ]]
    echo "$1" >>"$work/generated-secrets"
}

# make_challenge OPTION...: sets `made` to the secret and `made_id` to the number.
make_challenge() {
    administer challenge create "$@" | tee created
    made_id=$(sed -n 's/^Challenge \([0-9]*\) .*/\1/p' created)
    made=$(sed -n 's/^It is shown only now: //p' created)
    remembered "$made"
}

# device NAME COMMAND...: in a directory of its own, so that each device has its key.
device() {
    mkdir -p "$1"
    (cd "$1" && "${@:2}")
}

# device_request NAME CHALLENGE OPTION...: strongSwan's request for CN=NAME.example.com.
device_request() {
    device "$1" named_request "$@"
}

named_request() {
    local name=$1 password=$2
    shift 2
    [[ -e key.pem ]] || openssl genrsa -out key.pem 2048
    limited pki --scep --url "$url" --in key.pem --dn "CN=$name.example.com" --cacert-enc "$ra" --cacert-sig "$ra" \
        --cacert "$ca" --outform pem --interval 1 ${password:+--password "$password"} "$@" >certificate.pem
}

# is_issued NAME [SUBJECT]
is_issued() {
    openssl verify -x509_strict -CAfile "$ca" "$1/certificate.pem"
    same "the subject" "$(openssl x509 -in "$1/certificate.pem" -noout -subject -nameopt RFC2253)" \
        "subject=${2:-CN=$1.example.com}"
}

challenge_is_for_one() {
    local made made_id
    make_challenge --device pump-4 --user anna
    log_mark
    device_request first "$made"
    is_issued first
    logged_since_mark outcome=issued CN=first.example.com
    refuses device_request second "$made" 2>&1 | tee printed
    contains printed badRequest
    logged_since_mark outcome=refused "is used up"
    administer challenge list --all >listed
    grep -E "^$made_id +default +spent +1 of 1 .* pump-4 +anna" listed
    administer challenge show "$made_id" >shown
    contains shown "first.example.com"
    contains shown "from 127.0.0.1"
    lacks shown "$made"
}

challenge_is_bound() {
    local made made_id
    make_challenge --subject CN=pump-4.example.com --address 127.0.0.0/8 --template "Network Equipment"
    log_mark
    refuses device_request pump-5 "$made" 2>&1 | tee printed
    logged_since_mark outcome=refused pump-5.example.com
    device_request pump-4 "$made"
    is_issued pump-4
    same "extended key usage" "$(extension pump-4/certificate.pem extendedKeyUsage)" \
        "TLS Web Client Authentication, TLS Web Server Authentication"
}

challenge_is_over() {
    local made made_id
    make_challenge --valid 1s
    sleep 1.1
    log_mark
    refuses device_request late "$made"
    logged_since_mark outcome=refused "ended on"
    make_challenge
    administer challenge revoke "$made_id"
    refuses device_request late "$made"
    logged_since_mark outcome=refused "was revoked"
    fails_in_one_sentence administer challenge revoke "$made_id"
}

challenges_are_imported() {
    local secret
    printf 'device,subject,valid\r\npump-7,"CN=pump-7.example.com",12h\r\n"pump, 8",,\r\n' >in.csv
    administer challenge import in.csv --out out.csv
    same "the mode of the result" "$(stat -c %a out.csv)" 600
    cat out.csv
    same "the header" "$(head -n 1 out.csv | tr -d '\r')" id,challenge,device,subject,valid
    while IFS=, read -r _ secret _; do remembered "$secret"; done < <(tail -n +2 out.csv)
    secret=$(sed -n 2p out.csv | cut -d, -f2)
    device_request pump-7 "$secret"
    is_issued pump-7
    printf 'device,subject\npump-9,CN=**x***\n' >bad.csv
    fails_in_one_sentence administer challenge import bad.csv --out bad-out.csv
    contains complaint "at character"
    [[ ! -e bad-out.csv ]]
}

challenge_is_rotated() {
    local made made_id old_id
    make_profile rotating
    at_profile rotating eventually answers 200 "$url/rotating?operation=GetCACaps"
    old_id=$(administer challenge list --profile rotating | awk 'NR == 2 { print $1 }')
    make_challenge --static --label "next year" --profile rotating
    sleep 1.5
    at_profile rotating device_request old "$(<"$work/$server_name/rotating.challenge")"
    at_profile rotating device_request new "$made"
    administer challenge revoke "$old_id"
    eventually at_profile rotating refuses device_request older "$(<"$work/$server_name/rotating.challenge")"
    at_profile rotating device_request newer "$made"
    administer challenge list --profile rotating >listed
    grep -E "^$made_id +rotating +usable +2 " listed
}

rules_decide() {
    make_profile rules --subject 'CN=*.example.com' --key rsa2048 --address 10.0.0.0/8
    eventually answers 200 "$url/rules?operation=GetCACaps"
    log_mark
    # The address is another one.
    refuses at_profile rules device_request a "$(<"$work/$server_name/rules.challenge")"
    logged_since_mark outcome=refused profile=rules 127.0.0.1
    administer profile set rules --address 127.0.0.1 --credentials any
    eventually at_profile rules device_request a ""
    is_issued a
    # A pattern is no credential, and a wildcard crosses no dot.
    log_mark
    refuses at_profile rules device_request b.c ""
    logged_since_mark outcome=refused profile=rules b.c.example.com
    administer profile set rules --otherwise queue
    sleep 1.5
    device b.c in_profile_background rules waiting-b named_request b.c ""
    decide CN=b.c.example.com approve
    finished waiting-b 45
    cat output
}

# in_profile_background PROFILE NAME COMMAND...
in_profile_background() {
    local profile=$1
    shift
    url=$url/$profile in_background "$@"
}

policy_is_explained() {
    local made made_id
    openssl req -new -newkey rsa:2048 -nodes -keyout key.pem -subj /CN=a.example.com -out a.csr
    make_challenge --subject CN=a.example.com
    administer policy explain --csr a.csr --ip 192.0.2.7 --challenge "$made" | tee explained
    grep -E '^challenge +holds ' explained
    contains explained "It would be granted at once."
    openssl req -new -key key.pem -subj /CN=b.example.com -outform DER -out b.csr
    administer policy explain --csr b.csr --ip 192.0.2.7 --challenge "$made" | tee explained
    grep -E '^challenge +fails ' explained
    contains explained "It would be refused"
    administer policy explain --profile rules --csr b.csr --ip 192.0.2.7 | tee explained
    grep -E '^address +fails ' explained
    grep -E '^subject +holds ' explained
    contains explained "It would wait for approval"
    same "the uses" "$(administer challenge show "$made_id" | sed -n 's/^Uses *//p')" "0 of 1"
    fails_in_one_sentence administer policy explain --csr "$work/challenge" --ip 192.0.2.7
}

rules_are_refused() {
    local option
    for option in "--address 10.0.0.0/33" "--address 10.0.0.1/8" "--subject =x" "--subject CN=a***b" "--san DNS" \
        "--key rsa1" "--credentials both"; do
        # shellcheck disable=SC2086 # two words
        refuses administer profile set rules $option >printed 2>complaint
        cat complaint
        lacks complaint "Fatal error"
    done
    refuses administer profile set rules --address 10.0.0.0/33 2>complaint
    contains complaint "at character 10"
    administer profile show rules >shown
    grep -Ex 'address +127.0.0.1' shown
}

open_profile_is_warned_of() {
    fails_in_one_sentence administer profile set rules --address 0.0.0.0/1 --address 128.0.0.0/1 --credentials any
    contains complaint "--open yes"
    log_mark
    administer profile create everybody --open yes 2>warning
    contains warning "Warning about the profile everybody: it is open"
    logged_since_mark WARNING profile=everybody "open"
    administer profile list >listed
    grep -E '^everybody .* it is open' listed
    administer profile show everybody 2>warning
    contains warning "it is open"
    administer profile delete everybody
}

# waits_at PROFILE NAME: strongSwan asks for CN=NAME.example.com in the background.
waits_at() {
    device "$2" in_profile_background "$1" "waiting-$2" named_request "$2" "$(<"$work/$server_name/$1.challenge")"
    eventually request_waits "CN=$2.example.com"
}

# was_granted NAME: goes where the client was.
was_granted() {
    finished "waiting-$1" 45
    openssl verify -x509_strict -CAfile "$ca" certificate.pem
}

approved_on_terms() {
    local days
    make_profile office --approval manual
    eventually answers 200 "$url/office?operation=GetCACaps"
    waits_at office laptop
    fails_in_one_sentence administer request approve "$(request_waits CN=laptop.example.com)" --days 4000
    administer request approve "$(request_waits CN=laptop.example.com)" --template "Mobile Devices" --days 30 \
        --subject "CN=laptop-0815,O=UCM Tests"
    was_granted laptop
    same "the subject" "$(openssl x509 -in certificate.pem -noout -subject -nameopt RFC2253)" \
        "subject=O=UCM Tests,CN=laptop-0815"
    same "extended key usage" "$(extension certificate.pem extendedKeyUsage)" \
        "TLS Web Client Authentication, E-mail Protection"
    days=$((($(date -d "$(openssl x509 -in certificate.pem -noout -enddate | cut -d= -f2)" +%s) - $(date +%s)) / 86400))
    between "the days that are left" "$days" 29 30
}

two_people_approve() {
    local id
    administer profile set office --approvals 2
    sleep 1.5
    waits_at office vault
    id=$(request_waits CN=vault.example.com)
    SUDO_USER=anna administer request approve "$id" | tee first
    contains first "1 of 2"
    SUDO_USER=anna administer request approve "$id" | tee second
    contains second "1 of 2"
    administer request show "$id" >shown
    contains shown "by anna"
    SUDO_USER=berta administer request approve "$id" | tee third
    contains third "serial number"
    was_granted vault
    administer profile set "office" --approvals 1
}

nobody_approves() {
    # The server looks every ten seconds; the shortest time is a day, so the clock of the request is put back.
    local id
    waits_at office forgotten
    id=$(request_waits CN=forgotten.example.com)
    sqlite3 "$data/ucm.sqlite" "UPDATE request SET expires_at = 1 WHERE id = $id" 2>/dev/null ||
        python3 -c 'import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=10)
database.execute("UPDATE request SET expires_at = 1 WHERE id = ?", [sys.argv[2]])
database.commit()' "$data/ucm.sqlite" "$id"
    fails_in_one_sentence administer request approve "$id"
    contains complaint "not approved in time"
    within 15 is_expired "$id"
}

is_expired() {
    administer request show "$1" | grep -E '^Status +expired'
}

# within SECONDS COMMAND...
within() {
    local try
    for ((try = 0; try < 2 * $1; try++)); do
        ! "${@:2}" >/dev/null 2>&1 || return 0
        sleep 0.5
    done
    "${@:2}"
}

challenge_is_held() {
    local made made_id
    make_challenge --profile office
    echo "$made" >"$work/$server_name/held.challenge"
    device kiosk in_profile_background office waiting-kiosk named_request kiosk "$made"
    eventually request_waits CN=kiosk.example.com
    administer challenge list --profile office --all | grep -E "^$made_id +office +reserved "
    log_mark
    refuses at_profile office device_request thief "$made"
    logged_since_mark outcome=refused "waits for approval"
    decide CN=kiosk.example.com reject --reason "Ask Berta."
    (! finished waiting-kiosk 45)
    administer challenge list --profile office | grep -E "^$made_id +office +usable "
    device kiosk2 in_profile_background office waiting-kiosk2 named_request kiosk2 "$made"
    decide CN=kiosk2.example.com approve
    was_granted kiosk2
    administer challenge list --profile office --all | grep -E "^$made_id +office +spent "
}

whole_request_is_shown() {
    local id secret
    secret=$(<"$work/$server_name/office.challenge")
    waits_at office shown
    id=$(request_waits CN=shown.example.com)
    administer request show "$id" >shown.txt
    cat shown.txt
    contains shown.txt "CN=shown.example.com"
    contains shown.txt "RSA"
    contains shown.txt "challengePassword"
    contains shown.txt "static challenge"
    lacks shown.txt "$secret"
    administer request reject "$id" --reason "Only to be looked at."
}

guessing_is_stopped() {
    local number
    make_profile guessed
    eventually answers 200 "$url/guessed?operation=GetCACaps"
    administer limits set --guesses-until-slowed 2 --guesses-until-locked 3
    administer limits clear 127.0.0.1 || true
    sleep 1.5
    log_mark
    for number in 1 2 3; do
        refuses at_profile guessed device_request guesser "guess-$number-8851"
        sleep $((number > 1 ? 1 : 0))
    done
    refuses at_profile guessed device_request guesser "$(<"$work/$server_name/guessed.challenge")"
    logged_since_mark status=429 "different wrong challenges" "ucm limits clear 127.0.0.1"
    administer limits addresses | tee addresses
    grep -E '^127.0.0.1 +[0-9]+ ' addresses
    administer limits clear 127.0.0.1
    sleep 1.5
    at_profile guessed device_request guesser "$(<"$work/$server_name/guessed.challenge")"
    is_issued guesser
    administer limits set --guesses-until-slowed 5 --guesses-until-locked 20
}

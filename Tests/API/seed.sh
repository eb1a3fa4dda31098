# What the server has when schemathesis begins, so that hardly a path leads nowhere: users, a role, templates, profiles,
# CAs, certificates, challenges, devices that wait.
# shellcheck shell=bash

# call METHOD PATH [JSON]: calls the API with the token; an answer that is no success is a failure.
call() {
    curl -sS --fail-with-body --insecure --max-time 60 --oauth2-bearer "$TOKEN" --request "$1" \
        ${3:+--header "Content-Type: application/json" --data "$3"} "$api$2"
}

# member NAME...: that member, and of that the next, of the JSON on standard input.
member() {
    python3 -c '
import json, sys
value = json.load(sys.stdin)
for name in sys.argv[1:]:
    value = value[int(name) if isinstance(value, list) else name]
print(value)' "$@"
}

# every_permission: their names, as the description has them.
every_permission() {
    curl -sSf --insecure "$api/openapi.json" |
        member paths /tokens post requestBody content application/json schema properties scopes items enum |
        tr -d "[]',"
}

# seed: makes all of it, and writes what only the server knows to $work/seeded, as variables for token.toml and
# session.toml, which also have the numbers of what is made here.
seed() {
    local TOKEN SESSION CSRF_TOKEN SERIAL REVOKED_SERIAL HELD_SERIAL
    make_users
    make_things
    make_certificates
    declare -p TOKEN SESSION CSRF_TOKEN SERIAL REVOKED_SERIAL HELD_SERIAL | sed 's/^declare --/export/' >"$work/seeded"
}

# Two users with every permission, which the administrator has not: one with a token, one who has signed in.
make_users() {
    local name names permission permissions=() scopes=()
    names=$(every_permission)
    for permission in $names; do
        permissions+=(--permission "$permission")
        scopes+=(--scope "$permission")
    done
    administer role create everything "${permissions[@]}"
    administer role create helpdesk --permission requests:read
    administer role create leaving --permission requests:read
    administer user create tester --role everything
    for name in carol dave leaver; do administer user create "$name" --role viewer; done
    TOKEN=$(administer token create --user tester --name schemathesis "${scopes[@]}" | sed -n 's/^It is shown only now: //p')
    echo "$TOKEN" >>"$work/generated-secrets"
    administer token create --user dave --name spare --scope requests:read | grep "^Token 2 "

    echo first-password-of-selma >selma
    administer user create selma --role everything --password-file selma
    sign_in first-password-of-selma >session
    CSRF_TOKEN=$(member csrfToken <session)
    SESSION=$(awk '$6 == "__Host-ucm" { print $7 }' cookies)
    curl -sSf --insecure --cookie "__Host-ucm=$SESSION" --header "X-CSRF-Token: $CSRF_TOKEN" --request PUT \
        --header "Content-Type: application/json" "$api/session/password" \
        --data '{"oldPassword": "first-password-of-selma", "newPassword": "second-password-of-selma"}'
    sign_in second-password-of-selma
    same "the spare session" "$(call GET "/sessions?user=selma" | member items 0 id)" 2
}

# sign_in PASSWORD: as selma; the cookie goes to the file cookies.
sign_in() {
    rm -f cookies
    curl -sSf --insecure --cookie-jar cookies --header "Content-Type: application/json" \
        --data "{\"name\": \"selma\", \"password\": \"$1\"}" "$api/session"
}

make_things() {
    call POST /templates '{"name": "Gateways", "from": "Network Equipment"}'
    call POST /templates '{"name": "Unused"}'
    call POST /profiles '{"name": "office", "approval": "manual"}'
    call POST /profiles '{"name": "unused"}'
    call POST /cas '{"name": "Devices", "parent": "UCM CA", "key": "p256"}'
    call POST /ca-requests '{"name": "Elsewhere", "key": "p256"}'
    call POST /ca-requests '{"name": "Given up", "key": "p256"}'
    call POST /cas '{"name": "Old", "key": "p256"}'
    same "a challenge" "$(call POST /challenges '{"profile": "default", "device": "pump-4"}' | member id)" 4
    same "another" "$(call POST /challenges '{"profile": "default", "device": "pump-5"}' | member id)" 5
}

make_certificates() {
    local secret device
    SERIAL=$(call POST /certificates '{"key": "p256", "subject": "CN=pump-1"}' | member serialNumber)
    REVOKED_SERIAL=$(call POST /certificates '{"key": "p256", "subject": "CN=pump-2"}' | member serialNumber)
    HELD_SERIAL=$(call POST /certificates '{"key": "p256", "subject": "CN=pump-3"}' | member serialNumber)
    secret=$(call POST /challenges '{"profile": "office", "uses": null}' | member secret)
    echo "$secret" | tee secret >>"$work/generated-secrets"
    for device in pump-5 pump-6; do waits "$device" "$url/office" secret; done
    same "the latest request that waits" "$(call GET "/requests?status=pending" | member items 0 id)" 2
    # An address from which somebody guesses.
    echo wrong >wrong
    refuses waits guesser "$url" wrong
}

# waits DEVICE URL CHALLENGE_FILE: its request, which waits.
waits() {
    limited "$ucm" scep enroll "$2" --fingerprint "$(fingerprint "$ca")" --challenge-file "$3" --subject "CN=$1" \
        --key-out "$1.key" --out "$1.pem" || (($? == 3))
}

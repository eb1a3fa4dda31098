# The administrator's whole day: signing in, everything that can be administered through a server and at the machine,
# codes and locks, the audit log, backup, `ucm doctor`.
# shellcheck shell=bash

# Starts as somebody would who tries it: everything is generated and printed once. Sets `administration_url`, where the API
# is, and `metrics_port`.
administration_start() {
    local file
    new_server administration
    read -r metrics_port _ < <(free_ports)
    administration_launch --host-name localhost --ca-key p256 --metrics "127.0.0.1:$metrics_port"
    administration_url=https://localhost:$https_port
    await_server || return
    administration_printed Challenge >"$work/administration/challenge"
    administration_printed "Admin password" >"$work/administration/password"
    echo mauve-otter-lamp-2291 >"$work/administration/admin.password"
    echo "backup of the tests 6620" >"$work/administration/passphrase"
    for file in challenge password admin.password passphrase; do cat "$work/administration/$file"; done \
        >>"$work/generated-secrets"
}

# administration_launch OPTION...
administration_launch() {
    launch "$ucm" serve --data "$data" --http "127.0.0.1:$http_port" --https "127.0.0.1:$https_port" "$@"
}

# administration_printed NAME: what the first start printed under it.
administration_printed() {
    sed -nE "s/^ *$1  +([^ ]+).*/\1/p" "$out" | head -n 1
}

administration_checks() {
    check "ucm login: the printed password, once; another one takes its place" administration_signs_in
    check "ucm whoami and a server without a login" administration_knows_who
    check "ucm profile over https: create, set, show; exit status 2, 4 and 1" administration_of_profiles
    check "ucm challenge over https, and a device that enrols with it" administration_of_challenges
    check "ucm request over https: list, approve, reject" administration_of_requests
    check "ucm certificate over https: list, show, export, issue, revoke; ucm crl export as openssl verifies it" \
        administration_of_certificates
    check "ucm ca, template, publication, limits, policy, stats over https" administration_of_the_rest
    check "over https and on the data directory: the same answers" administration_is_the_same_both_ways
    check "--output json is JSON and nothing else" administration_as_json
    check "an operator approves and changes no profile: exit status 5" administration_by_an_operator
    check "ucm role: a role of one's own permits what it says, and nothing else" administration_by_a_role
    check "ucm token: scopes, and nothing once it is revoked" administration_by_a_token
    check "an authenticator: set up, asked for, each code and each recovery code once" administration_with_codes
    check "wrong passwords lock; ucm user unlock on the machine" administration_is_locked
    check "ucm user reset-password on the data directory is the way back in" administration_is_reset
    check "ucm audit through the server: verify, export; an altered event is named, exit status 3" \
        administration_is_recorded
    check "/metrics: a listener of its own, and an API token of the scope metrics:read; /health/ready" \
        administration_is_measured
    check "ucm backup while devices enrol, ucm restore, and the devices renew at what was restored" \
        administration_is_restored
    check "what cannot be backed up or restored: one sentence each, and nothing left behind" \
        administration_is_not_restored
    check "ucm doctor: all in order; then what is not, exit status 3" administration_is_examined
    check "ucm logout: the token is worth nothing any more" administration_signs_out
}

# as USER COMMAND...: `ucm COMMAND...` of somebody who has signed in.
as() {
    UCM_LOGIN_FILE=$work/administration/$1.login limited "$ucm" "${@:2}"
}

# fails STATUS COMMAND...: with one sentence in the file complaint.
fails() {
    local status=0
    "${@:2}" >printed 2>complaint || status=$?
    cat complaint
    same "the exit status of ${*:2}" "$status" "$1"
    same "the number of lines" "$(wc -l <complaint)" 1
    lacks complaint "Fatal error"
}

# administration_login USER PASSWORD_FILE OPTION...
administration_login() {
    as "$1" login "$administration_url" --user "$1" --fingerprint "$(fingerprint "$ca")" --password-file "$2" "${@:3}" ||
        return
    administration_field "$work/administration/$1.login" token >>"$work/generated-secrets"
}

# administration_user NAME ROLE: makes a user with a password of his own, who then signs in.
administration_user() {
    local initial
    as admin user create "$1" --role "$2" | tee made
    initial=$(sed -n 's/^It is shown only now: //p' made)
    remembered "$initial"
    echo "$initial" >initial
    echo "heron-basalt-$1-4107" | tee -a "$work/generated-secrets" >"$work/administration/$1.password"
    administration_login "$1" initial --new-password-file "$work/administration/$1.password"
}

# administration_field FILE NAME: a member of an object.
administration_field() {
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$@"
}

# administration_asks STATUS METHOD PATH [JSON]: as a browser with its session; the answer goes to the file answer.
administration_asks() {
    local token=
    [[ ! -e csrf ]] || token=$(<csrf)
    same "the status of $2 $3" "$(curl -s --max-time 20 --cacert "$ca" -b cookies -c cookies -X "$2" \
        -H "X-CSRF-Token: $token" -H "Content-Type: application/json" ${4:+--data "$4"} -o answer -w '%{http_code}' \
        "$administration_url/api/v1$3")" "$1"
}

# administration_session STATUS USER PASSWORD_FILE [CODE]: signs in as a browser does.
administration_session() {
    rm -f cookies csrf
    administration_asks "$1" POST /session \
        "{\"name\":\"$2\",\"password\":\"$(<"$3")\"${4:+,\"code\":\"$4\"}}"
    (($1 != 201)) || administration_field answer csrfToken >csrf
}

# administration_enrols URL SUBJECT CHALLENGE_FILE: the key and the certificate go to files with the subject's name.
administration_enrols() {
    scep enroll "$1" --tls-ca "$ca" --fingerprint "$(fingerprint "$ca")" --subject "CN=$2" --challenge-file "$3" \
        --key-out "$2.key" --out "$2.pem"
}

# administration_sql DATABASE STATEMENT: what it answers, and then it is committed.
administration_sql() {
    python3 - "$@" <<'P'
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=10)
for row in database.execute(sys.argv[2]):
    print(*row)
database.commit()
P
}

# administration_copy: a copy of the data directory, in the directory copy.
administration_copy() {
    mkdir -m 700 copy
    cp "$data/master.key" copy/
    python3 - "$data/ucm.sqlite" copy/ucm.sqlite <<'P'
import sqlite3, sys
source, copy = (sqlite3.connect(path) for path in sys.argv[1:])
source.backup(copy)
P
}

administration_signs_in() {
    local password=$work/administration/password new=$work/administration/admin.password
    fails 64 as admin login "http://127.0.0.1:$http_port" --password-file "$password"
    contains complaint "https"
    fails 1 as admin login "$administration_url" --fingerprint "$(fingerprint "$ra")" --password-file "$password"
    fails 5 administration_login admin "$new" --new-password-file "$new"
    # Without an own CA's fingerprint nobody knows who answers.
    fails 6 as admin login "$administration_url" --password-file "$password"
    contains complaint "--fingerprint"
    [[ ! -e $work/administration/admin.login ]]
    log_mark
    administration_login admin "$password" --new-password-file "$new" | tee said
    contains said "Signed in to $administration_url as admin"
    same "its mode" "$(stat -c %a "$work/administration/admin.login")" 600
    lacks "$work/administration/admin.login" "$(<"$new")"
    fails 5 administration_login admin "$password"
    # Signing in again takes the place of the login that was kept; one that is kept elsewhere goes on.
    cp "$work/administration/admin.login" "$work/administration/second.login"
    rm "$work/administration/admin.login"
    administration_login admin "$new"
    administration_login admin "$new"
    as second whoami >/dev/null
    as second logout
    as admin token list >tokens
    same "the tokens that are good" "$(grep -c ' good ' tokens)" 1
}

administration_knows_who() {
    as admin whoami | tee said
    grep -Ex 'User +admin' said
    grep -Ex 'Role +administrator' said
    grep -F "$administration_url" said
    # A data directory that is named goes before the login.
    as admin whoami --data "$data" | grep -Ex 'Where +the data directory'
    fails 5 as nobody whoami --server "$administration_url"
    contains complaint "ucm login"
    fails 64 as nobody whoami --server "$administration_url" --data "$data"
    fails 6 env UCM_TOKEN=ucm_nothing UCM_LOGIN_FILE=none "$ucm" whoami --server "$administration_url"
    fails 5 env UCM_TOKEN=ucm_nothing UCM_LOGIN_FILE=none "$ucm" whoami --server "$administration_url" --tls-ca "$ca"
    fails 6 env UCM_TOKEN=ucm_nothing UCM_LOGIN_FILE=none "$ucm" whoami --server https://localhost:1
}

administration_of_profiles() {
    as admin profile create phones --approval manual --template "Mobile Devices" | tee created
    remembered "$(sed -n 's/^Its challenge, shown only now: //p' created)"
    sed -n 's/^Its challenge, shown only now: //p' created >"$work/administration/phones.challenge"
    as admin profile set phones --renewal-window 33 --subject 'CN=*' --address 127.0.0.0/8
    as admin profile show phones | tee shown
    grep -Ex 'approval +manual' shown
    grep -Ex 'renewal-window +33' shown
    grep -Ex 'address +127.0.0.0/8' shown
    as admin profile list | grep -E '^phones +UCM CA '
    fails 4 as admin profile create phones
    fails 2 as admin profile show nobody
    fails 2 as admin profile set nobody --open yes
    fails 2 as admin profile delete nobody
    fails 1 as admin profile create "Not A Name"
    as admin profile create short --no-challenge
    as admin profile delete short
    fails 2 as admin profile show short
}

administration_of_challenges() {
    local id
    as admin challenge create --device pump-1 --subject CN=pump-1 | tee created
    id=$(sed -n 's/^Challenge \([0-9]*\) .*/\1/p' created)
    sed -n 's/^It is shown only now: //p' created >challenge
    remembered "$(<challenge)"
    refuses administration_enrols "$https_url" pump-2 challenge
    administration_enrols "$https_url" pump-1 challenge
    openssl verify -x509_strict -CAfile "$ca" pump-1.pem
    cp pump-1.key pump-1.pem "$work/administration"
    as admin challenge show "$id" | tee shown
    contains shown pump-1
    lacks shown "$(<challenge)"
    as admin challenge list --all | grep -E "^$id +default +spent "
    fails 2 as admin challenge show 99999
    as admin challenge revoke "$id"
    fails 4 as admin challenge revoke "$id"
    printf 'device,subject\npump-3,CN=pump-3\npump-4,CN=pump-4\n' >in.csv
    as admin challenge import in.csv --out out.csv
    same "lines" "$(wc -l <out.csv)" 3
    tail -n +2 out.csv | cut -d, -f2 >>"$work/generated-secrets"
}

# administration_waits NAME: a device that waits at the profile phones; sets `waiting` to the number of its request.
administration_waits() {
    exits 3 scep enroll "$https_url/phones" --tls-ca "$ca" --fingerprint "$(fingerprint "$ca")" --subject "CN=$1" \
        --challenge-file "$work/administration/phones.challenge" --key-out "$1.key" --out "$1.pem" --state "$1.state"
    waiting=$(as admin request list | awk -v subject="CN=$1" 'index($0, subject) { print $1; exit }')
    [[ -n $waiting ]]
}

# administration_tells_of REQUEST TEXT: whether the request's timeline has a text.
administration_tells_of() {
    as admin request timeline "$1" | grep -F "$2"
}

administration_of_requests() {
    local waiting
    eventually answers 200 --cacert "$ca" "$https_url/phones?operation=GetCACaps"
    administration_waits phone-1
    as admin request show "$waiting" | tee shown
    contains shown "static challenge"
    as admin request approve "$waiting" --days 30 | tee said
    contains said "serial number"
    scep poll --state phone-1.state
    openssl verify -x509_strict -CAfile "$ca" phone-1.pem
    fails 4 as admin request approve "$waiting"
    eventually administration_tells_of "$waiting" "CertPoll: SUCCESS"
    as admin request timeline "$waiting" | tee shown
    contains shown "PKCSReq: PENDING (RSA SHA-"
    contains shown "admin approved, and the certificate was issued"
    as admin log --last 1h --profile phones | grep -E ' pending +PKCSReq .* CN=phone-1'
    administration_waits phone-2
    as admin request reject "$waiting" --reason "sold last year"
    exits 2 scep poll --state phone-2.state 2>said
    contains said "sold last year"
    fails 4 as admin request reject "$waiting" --reason "twice"
    fails 2 as admin request approve 99999
    as admin request list --all | grep -E "^$waiting .* rejected "
    same "what waits" "$(as admin request list)" "No request waits for approval."
}

administration_of_certificates() {
    local number
    number=$(serial "$work/administration/pump-1.pem")
    as admin certificate list --search pump-1 | grep -E "^$number +valid "
    as admin certificate show "$number" | grep -E '^Subject +CN=pump-1$'
    as admin certificate export "$number" --out exported.pem
    cmp <(openssl x509 -in exported.pem) <(openssl x509 -in "$work/administration/pump-1.pem")
    as admin certificate issue --key p256 --subject CN=by-hand --key-out by-hand.key --out by-hand.pem
    same "the key" "$(openssl pkey -in by-hand.key -pubout)" "$(openssl x509 -in by-hand.pem -noout -pubkey)"
    same "its mode" "$(stat -c %a by-hand.key)" 600
    fails 2 as admin certificate show 00ff00
    fails 2 as admin certificate revoke 00ff00
    number=$(serial by-hand.pem)
    as admin certificate revoke "$number" --reason keyCompromise --note "found open"
    fails 4 as admin certificate revoke "$number" --reason keyCompromise
    eventually administration_lists "$number"
    as admin crl list | grep -E '^UCM CA +[0-9]+ .* yes '
    as admin crl export "UCM CA" --format der --out list.crl
    openssl crl -inform DER -in list.crl -noout -CAfile "$ca"
    fails 2 as admin crl export Nobody
}

# administration_lists SERIAL: whether the CRL has it and is the CA's.
administration_lists() {
    as admin crl export "UCM CA" --out list.pem
    openssl crl -in list.pem -noout -CAfile "$ca" 2>verified
    grep -q "verify OK" verified
    openssl crl -in list.pem -noout -text >list.txt
    grep -qi "Serial Number: $1" list.txt
}

administration_of_the_rest() {
    as admin ca list | grep -E '^UCM CA +ucm-ca +default '
    as admin ca show | grep -F "UCM CA"
    as admin ca export "UCM CA" --out exported.pem
    cmp exported.pem <(openssl x509 -in "$ca")
    as admin ca create "Below" --parent "UCM CA" --key p256
    fails 4 as admin ca create "Below"
    fails 2 as admin ca show Nobody
    as admin template create "Kiosks" --from Default --validity-days 90
    as admin template set kiosks --validity-days 91
    as admin template show kiosks | grep -Ex 'validity-days +91'
    fails 4 as admin template create "Kiosks"
    fails 2 as admin template show nobody
    as admin template delete kiosks
    as admin publication show | grep -F "http://localhost:$http_port"
    as admin limits set --guesses-until-locked 21
    as admin limits show | grep -E '^guesses-until-locked +21$'
    openssl req -new -newkey rsa:2048 -nodes -keyout key.pem -subj /CN=explained -out explained.csr
    as admin policy explain --csr explained.csr --ip 192.0.2.7 | tee explained
    grep -F "It would be refused" explained
    as admin stats | grep -E '^Certificates issued by hand +1$'
}

administration_is_the_same_both_ways() {
    local command
    while read -r command; do
        # shellcheck disable=SC2086 # several words
        as admin $command >through-server
        # shellcheck disable=SC2086
        administer $command >directly
        diff through-server directly
    done <<'COMMANDS'
profile list
profile show phones
challenge list --all
request list --all
certificate list
certificate list --count --state revoked
template list
template show default
ca list
crl list
role list
role show operator
limits show
publication show
audit retention
profile list --output json
certificate list --output json
request list --all --output json
role list --output json
COMMANDS
}

administration_as_json() {
    local command
    while read -r command; do
        # shellcheck disable=SC2086 # several words
        as admin $command --output json >answer.json
        python3 -m json.tool <answer.json >read.json || {
            echo "ucm $command"
            cat answer.json
            return 1
        }
    done <<'COMMANDS'
whoami
profile list
profile show phones
profile set phones --queue-days 20
challenge list --all
challenge create --device json --secret-file -
request list --all
request show 1
request timeline 1
log --last 1d
certificate list
template list
template show default
ca list
ca show
crl list
crl show ucm-ca
user list
user show admin
role list
role show viewer
token list
audit list
audit verify
audit retention
limits show
limits addresses
publication show
stats
COMMANDS
}

administration_by_an_operator() {
    local waiting
    administration_user olga operator
    as olga whoami | grep -Ex 'Role +operator'
    administration_waits phone-3
    as olga request list | grep -F CN=phone-3
    as olga request approve "$waiting"
    scep poll --state phone-3.state
    as olga profile show phones >/dev/null
    fails 5 as olga profile set phones --approval automatic
    contains complaint profiles:write
    fails 5 as olga profile create mine
    fails 5 as olga ca create Mine
    fails 5 as olga user list
    fails 5 as olga user create mine --role administrator
    fails 5 as olga audit list
    fails 5 as olga backup olga.backup --passphrase-file "$work/administration/passphrase"
    [[ ! -e olga.backup && ! -e olga.backup.part ]]
    as admin profile show phones | grep -Ex 'approval +manual'
    as admin audit list --kind accessDenied --who olga | grep -F profiles:write
    as admin audit list --kind approved --who olga >/dev/null
    fails 4 as admin user create olga --role viewer
    fails 2 as admin user show nobody
    as admin user set olga --disable
    fails 5 as olga request list
    as admin user set olga --enable
    as olga request list
}

administration_by_a_role() {
    as admin role create help-desk --from viewer --permission challenges:write --description "makes challenges"
    fails 4 as admin role create help-desk --permission challenges:read
    fails 2 as admin role show nobody
    as admin role show help-desk | grep -E '^challenges:write +yes '
    administration_user hugo help-desk
    as hugo challenge create --device desk | tee created
    remembered "$(sed -n 's/^It is shown only now: //p' created)"
    fails 5 as hugo request approve 1
    contains complaint requests:decide
    fails 4 as admin role delete help-desk
    as admin role set help-desk --permission challenges:read
    # A change holds at once, for tokens too.
    fails 5 as hugo challenge create --device desk
    as admin user delete hugo
    fails 5 as hugo challenge list
    as admin role delete help-desk
}

# administration_token OPTION...: makes a token on the machine; sets `token_id`, and writes it to the file token.
administration_token() {
    administer token create "$@" | tee created
    token_id=$(sed -n 's/^Token \([0-9]*\) .*/\1/p' created)
    sed -n 's/^It is shown only now: //p' created >token
    remembered "$(<token)"
}

# with_token COMMAND...: by the token in the file.
with_token() {
    UCM_LOGIN_FILE=none limited "$ucm" "$@" --server "$administration_url" --token-file token --tls-ca "$ca"
}

administration_by_a_token() {
    local token_id
    administration_token --user admin --name deployment --scope profiles:read --scope profiles:write --valid 1d
    with_token profile list | grep -E '^phones '
    with_token profile set phones --queue-days 21
    fails 5 with_token request list
    contains complaint requests:read
    # No token makes another one.
    fails 5 with_token token create --name more --scope profiles:read
    as admin token list | grep -E "^$token_id +admin +good .* deployment$"
    UCM_SERVER=$administration_url UCM_TOKEN=$(<token) UCM_LOGIN_FILE=none limited "$ucm" profile list --tls-ca "$ca" |
        grep -E '^phones '
    as admin token revoke "$token_id"
    fails 5 with_token profile list
    fails 2 as admin token revoke 99999
    administration_token --user admin --name moment --scope profiles:read --valid 1s
    sleep 1.1
    fails 5 with_token profile list
}

# administration_code SECRET STEP: the code of RFC 6238, so many half minutes from now.
administration_code() {
    python3 - "$@" <<'P'
import base64, hashlib, hmac, struct, sys, time
secret = base64.b32decode(sys.argv[1] + "=" * (-len(sys.argv[1]) % 8))
mac = hmac.new(secret, struct.pack(">Q", int(time.time()) // 30 + int(sys.argv[2])), hashlib.sha1).digest()
at = mac[19] & 15
print("%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000))
P
}

administration_with_codes() {
    local password=$work/administration/tessa.password secret code recovery
    administration_user tessa viewer
    administration_session 201 tessa "$password"
    administration_asks 200 POST /session/totp
    secret=$(administration_field answer secret)
    remembered "$secret"
    code=$(administration_code "$secret" 0)
    administration_asks 200 PUT /session/totp "{\"code\":\"$code\"}"
    recovery=$(python3 -c 'import json; print(json.load(open("answer"))["recoveryCodes"][0])')
    python3 -c 'import json; print("\n".join(json.load(open("answer"))["recoveryCodes"]))' >>"$work/generated-secrets"
    administration_asks 204 DELETE /session

    administration_session 401 tessa "$password"
    same "the problem" "$(administration_field answer code)" code-needed
    # What set it up is used up.
    fails 5 administration_login tessa "$password" --code "$code"
    administration_login tessa "$password" --code "$(administration_code "$secret" 1)"
    as tessa whoami | grep -Ex 'User +tessa'
    administration_login tessa "$password" --code "$recovery"
    fails 5 administration_login tessa "$password" --code "$recovery"
    as admin user show tessa | grep -F "9 recovery codes left"
    administer user disable-totp tessa
    administration_login tessa "$password"
}

administration_is_locked() {
    local password=$work/administration/lena.password try
    administration_user lena viewer
    echo not-her-password-8861 | tee -a "$work/generated-secrets" >wrong
    for try in 1 2 3 4 5; do administration_session 401 lena wrong; done
    # The right one does not help now, and says nothing.
    administration_session 429 lena "$password"
    curl -s --cacert "$ca" -D head -o /dev/null -H "Content-Type: application/json" \
        --data "{\"name\":\"lena\",\"password\":\"$(<"$password")\"}" "$administration_url/api/v1/session"
    grep -Ei '^retry-after: [0-9]+' head
    fails 6 administration_login lena "$password"
    as admin user show lena | grep -F "ucm user unlock lena"
    # Tokens that are there go on.
    as lena profile list >/dev/null
    administer user unlock lena | grep -F "can sign in again"
    administration_login lena "$password"
    as admin audit list --text lena | grep -F signInFailed
}

administration_is_reset() {
    administration_session 201 admin "$work/administration/admin.password"
    administer user reset-password admin | tee said
    sed -n 's/^It is shown only now: //p' said >reset
    remembered "$(<reset)"
    administration_asks 401 GET /session
    fails 5 administration_login admin "$work/administration/admin.password"
    # It has to be changed before anything else.
    administration_session 201 admin reset
    administration_asks 403 GET /profiles
    echo quartz-lemon-ferry-9034 | tee -a "$work/generated-secrets" >"$work/administration/admin.password"
    administration_login admin reset --new-password-file "$work/administration/admin.password"
    as admin profile list >/dev/null
}

administration_is_recorded() {
    local id sequence
    as admin audit verify | tee verified
    contains verified "Nothing was altered."
    as admin audit list --limit 1000 >events 2>/dev/null
    local kind
    for kind in signedIn signInFailed signedOut passwordChanged accountCreated roleCreated tokenCreated tokenRevoked; do
        contains events " $kind "
    done
    grep -E ' profileChanged .* admin ' events
    as admin audit export --format jsonl --out audit.jsonl 2>/dev/null
    same "its mode" "$(stat -c %a audit.jsonl)" 600
    limited "$ucm" audit verify audit.jsonl | grep -F "Nothing was altered."
    fails 1 as admin audit export --format jsonl --out audit.jsonl
    sed 's/"profileCreated"/"profileDeleted"/' audit.jsonl >forged.jsonl
    exits 3 limited "$ucm" audit verify forged.jsonl
    as admin audit export --format csv --kind accountCreated --out - | grep -F olga

    administration_copy
    limited "$ucm" audit verify --data copy | grep -F "Nothing was altered."
    id=$(administration_sql copy/ucm.sqlite "SELECT id FROM event WHERE kind = 'accountCreated' ORDER BY id LIMIT 1")
    sequence=$(administration_sql copy/ucm.sqlite "SELECT sequence FROM event WHERE id = $id")
    administration_sql copy/ucm.sqlite "UPDATE event SET detail = 'nothing' WHERE id = $id"
    exits 3 limited "$ucm" audit verify --data copy 2>errors
    contains errors "ALTERED: entry $sequence, "
    exits 3 limited "$ucm" audit verify --data copy --output json | python3 -m json.tool >verified.json
    same "intact" "$(administration_field verified.json intact)" False
}

administration_is_measured() {
    local token_id at=$administration_url/metrics
    curl -sf "http://127.0.0.1:$metrics_port/metrics" >metrics
    contains metrics 'ucm_certificates{state="valid"}'
    contains metrics 'outcome="success"'
    answers 200 "http://127.0.0.1:$metrics_port/health/ready"
    answers 404 "http://127.0.0.1:$metrics_port/api/v1/session"
    answers 404 "http://127.0.0.1:$http_port/metrics"
    answers 200 "http://127.0.0.1:$http_port/health/ready"
    python3 -m json.tool body
    refuses curl -sf --cacert "$ca" "$at"
    administration_token --user admin --name prometheus --scope metrics:read
    curl -sf --cacert "$ca" -H "Authorization: Bearer $(<token)" "$at" >metrics
    contains metrics ucm_build_info
    # That is all it may.
    answers 403 --cacert "$ca" -H "Authorization: Bearer $(<token)" "$administration_url/api/v1/profiles"
    as admin token revoke "$token_id"
    refuses curl -sf --cacert "$ca" -H "Authorization: Bearer $(<token)" "$at"
}

# administration_enrols_many: one device after the other until the file stop is there.
administration_enrols_many() {
    local number
    for ((number = 1; number < 500; number++)); do
        [[ ! -e stop ]] || break
        administration_enrols "$https_url" "busy-$number" "$work/administration/challenge" || return
    done
    echo "$number" >enrolled
}

administration_is_restored() {
    local passphrase=$work/administration/passphrase old_ca=$ca at busy
    administration_enrols "$https_url" early "$work/administration/challenge"
    mkdir busy
    (cd busy && administration_enrols_many) >busy.output 2>&1 &
    busy=$!
    within 60 test -s busy/busy-2.pem
    as admin backup through-server --passphrase-file "$passphrase" | tee said
    contains said "Keep its passphrase elsewhere"
    administer backup directly --passphrase-file "$passphrase" | tee said
    contains said "rows in"
    as admin backup as-json --passphrase-file "$passphrase" --output json >answer.json
    same "its size" "$(administration_field answer.json bytes)" "$(stat -c %s as-json)"
    touch busy/stop
    wait "$busy" || {
        cat busy.output
        return 1
    }
    [[ ! -e through-server.part && ! -e directly.part ]]
    same "its mode" "$(stat -c %a through-server)" 600
    # Where the server kept it until it was sent is nobody's business.
    as admin audit list --kind backupMade --who admin >events
    grep -E ' [0-9]+ rows$' events
    lacks events .backup
    administration_enrols "$https_url" late "$work/administration/challenge"

    local backup
    for backup in through-server directly; do
        stop_servers
        new_server "restored-$backup"
        limited "$ucm" restore "$backup" --data "$data" --passphrase-file "$passphrase" | tee said
        contains said "Restored: "
        same "the mode of the master key" "$(stat -c %a "$data/master.key")" 600
        limited "$ucm" audit verify --data "$data" | grep -F "Nothing was altered."
        administration_launch --host-name localhost
        await_server
        same "the CA" "$(fingerprint "$ca")" "$(fingerprint "$old_ca")"
        scep renew "$https_url" --tls-ca "$ca" --fingerprint "$(fingerprint "$ca")" --certificate early.pem \
            --key early.key --new-key-out "$backup.key" --out "$backup.pem"
        openssl verify -x509_strict -CAfile "$ca" "$backup.pem"
        scep renew "$https_url" --tls-ca "$ca" --fingerprint "$(fingerprint "$ca")" --certificate busy/busy-1.pem \
            --key busy/busy-1.key --new-key-out "busy-$backup.key" --out "busy-$backup.pem"
        administer certificate list --search early | grep -F CN=early
        same "what came later" "$(administer certificate list --search CN=late)" "There are no such certificates."
        # Who has signed in before is known here too.
        at=https://localhost:$https_port
        UCM_LOGIN_FILE=restored.login limited "$ucm" login "$at" --fingerprint "$(fingerprint "$ca")" \
            --password-file "$work/administration/admin.password"
        UCM_LOGIN_FILE=restored.login limited "$ucm" audit verify | grep -F "Nothing was altered."
        UCM_LOGIN_FILE=restored.login limited "$ucm" audit list --kind restored | grep -F " restored "
    done
}

administration_is_not_restored() {
    local passphrase=$work/administration/passphrase
    echo "not the passphrase 11" >wrong
    echo short >short
    as admin backup made --passphrase-file "$passphrase"
    fails 1 as admin backup made --passphrase-file "$passphrase"
    contains complaint "is there already"
    fails 1 as admin backup other --passphrase-file short
    fails 1 as admin backup no-such-directory/other --passphrase-file "$passphrase"
    fails 1 limited "$ucm" restore made --data new --passphrase-file wrong
    [[ ! -e new ]]
    head -c -100 made >cut-off
    fails 1 limited "$ucm" restore cut-off --data new --passphrase-file "$passphrase"
    python3 -c '
made = bytearray(open("made", "rb").read())
made[len(made) // 2] ^= 1
open("changed", "wb").write(made)'
    fails 1 limited "$ucm" restore changed --data new --passphrase-file "$passphrase"
    [[ ! -e new/ucm.sqlite ]]
    fails 1 limited "$ucm" restore made --data "$data" --passphrase-file "$passphrase"
    mkdir -p full && echo "somebody's" >full/file
    fails 1 limited "$ucm" restore made --data full --passphrase-file "$passphrase"
    same "the file" "$(<full/file)" "somebody's"
    same "what is left behind" "$(find . -name '*.part' -o -name 'ucm-*.backup')" ""
    [[ ! -e other && ! -e other.part ]]
}

# administration_doctor OPTION...: with the settings of the server.
administration_doctor() {
    UCM_HTTP=127.0.0.1:$http_port UCM_HTTPS=127.0.0.1:$https_port UCM_HOST_NAME=localhost \
        UCM_METRICS=127.0.0.1:$metrics_port limited "$ucm" doctor --data "$data" "$@"
}

administration_is_examined() {
    administration_doctor | tee said
    same "what is not in order" "$(grep -E '^(WARNING|ERROR) ' said || true)" ""
    contains said "SCEP default"
    contains said "SCEP phones"
    contains said OCSP
    administration_doctor --output json | python3 -m json.tool >said.json
    chmod 644 "$data/master.key"
    exits 3 administration_doctor >said
    chmod 600 "$data/master.key"
    cat said
    grep -E '^ERROR +.*master.key' said
    contains said "chmod 600"

    # A CRL that ended while no server ran.
    administration_copy
    administration_sql copy/ucm.sqlite "UPDATE crl SET next_update = 1000"
    exits 3 limited "$ucm" doctor --data copy >said
    cat said
    grep -E '^ERROR +CRL' said
}

administration_signs_out() {
    cp "$work/administration/admin.login" kept.login
    as admin logout | grep -F "Signed out of $administration_url"
    [[ ! -e $work/administration/admin.login ]]
    fails 5 as admin logout
    UCM_LOGIN_FILE=kept.login fails 5 limited "$ucm" profile list
}

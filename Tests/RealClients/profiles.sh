# Several profiles on one server, and the commands that make and change them while it runs.
# shellcheck shell=bash

# The profiles that the checks of the clients use, and what can be said of them without a client.
profile_checks() {
    check "ucm profile create: the running server serves the profiles" profiles_are_made
    check "ucm profile list and show say what was set" profiles_are_shown
    check "ucm profile create with a name that there is, or with a bad one: one sentence, not 0" profiles_are_refused
    if prepare_strongswan; then
        check "ucm profile set --new-challenge: the old one is no good any more" challenge_is_replaced
    fi
    check "ucm profile delete: 404" profile_is_deleted
    check "ucm commands where there is no installation: one sentence, not 0" no_installation
}

profiles_are_made() {
    make_profile modern --algorithm-level modern
    make_profile compatible --algorithm-level compatible --mirror-sha1 yes
    make_profile manual --approval manual --template network-equipment
    make_profile once --renewal-revokes-old yes
    make_profile late --renewal-window 10
    make_profile strict --renewal-challenge yes --signing-time-tolerance 300
    make_profile chain --reply-chain chain
    make_profile phones --algorithm-level legacy --approval manual --mirror-des yes --mirror-sha1 yes
    make_profile passing
    eventually answers 200 "$url/passing?operation=GetCACaps"
}

profiles_are_shown() {
    administer profile list >listed
    same "the number of lines" "$(wc -l <listed)" 11
    grep -E '^manual .* compatible .* manual ' listed
    grep -E '^phones .* legacy .* manual ' listed
    administer profile show late >shown
    grep -Ex 'renewal-window +10' shown
    grep -Ex 'renewal-revokes-old +no' shown
    lacks shown "$(<"$work/$server_name/late.challenge")"
}

# fails_in_one_sentence COMMAND...
fails_in_one_sentence() {
    refuses "$@" >printed 2>complaint
    cat complaint
    same "the number of lines" "$(wc -l <complaint)" 1
    lacks complaint "Fatal error"
}

profiles_are_refused() {
    fails_in_one_sentence administer profile create modern
    contains complaint "modern already"
    fails_in_one_sentence administer profile create "Modern Times"
    fails_in_one_sentence administer profile create certsrv
    fails_in_one_sentence administer profile create weird --template nosuch
    contains complaint nosuch
    fails_in_one_sentence administer profile create alone --mode ca
    contains complaint "RA mode"
    fails_in_one_sentence administer profile set nosuch --open no
    contains complaint nosuch
    fails_in_one_sentence administer request approve 4711
    contains complaint 4711
}

challenge_is_replaced() {
    local generated
    administer profile set passing --new-challenge | tee changed
    generated=$(sed -n 's/.*challenge.*: *//p' changed)
    [[ -n $generated ]]
    echo "$generated" >>"$work/generated-secrets"
    eventually at_profile passing challenge_is_refused
    echo "$generated" >"$work/$server_name/passing.challenge"
    at_profile passing strongswan_enrols
}

challenge_is_refused() {
    log_mark
    refuses strongswan_request "$challenge" &&
        logged_since_mark outcome=refused profile=passing "was revoked"
}

profile_is_deleted() {
    answers 200 "$url/passing?operation=GetCACaps"
    administer profile delete passing
    eventually answers 404 "$url/passing?operation=GetCACaps"
    rm "$work/$server_name/passing.challenge"
}

no_installation() {
    data=$PWD/nothing
    fails_in_one_sentence administer profile list
    contains complaint "$data"
    [[ ! -e $data ]]
}

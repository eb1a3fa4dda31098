# The audit log of a server that runs: proving that nobody has altered it, taking it out, forgetting.
# shellcheck shell=bash

audit_checks() {
    check "ucm audit list and show: who decided what, and what was changed" decisions_are_listed
    check "ucm audit verify: through the head in the server's log, while it runs" audit_log_is_intact
    check "ucm audit export: JSON lines that can be verified, and CSV" audit_log_is_exported
    check "ucm audit verify: exit status 3 and the first entry that somebody has altered in the database" \
        altered_audit_log_shows
    check "ucm audit prune and retention: the rest can still be verified" audit_log_is_pruned
}

decisions_are_listed() {
    administer audit list --last 1h --limit 500 >events
    local kind
    for kind in issued pending refused approved rejected expired challengeCreated challengeRevoked profileCreated \
        profileChanged profileDeleted addressCleared limitsChanged; do
        contains events " $kind "
    done
    administer audit list --kind approved | grep -E " office +[0-9]+ +berta "
    administer audit list --kind profileChanged --profile rules --limit 1 2>hint | tee changed
    contains hint "--limit shows more"
    administer audit show "$(awk 'NR == 2 { print $1 }' changed)" | tee shown
    grep -E '^CHANGED +BEFORE +AFTER$' shown
    grep -E '^settings\.' shown
    administer audit list --kind refused --limit 1 2>/dev/null >denied
    administer audit show "$(awk 'NR == 2 { print $1 }' denied)" | grep -E '^RULE +VERDICT +WHY'
    administer audit list --kind rejected --profile office | grep "Ask Berta."
    administer audit list --text "ASK BERTA" | grep " rejected "
    administer audit list --object "setting limits" | grep " limitsChanged "
    same "what nobody did" "$(administer audit list --who nobody)" "There are no such events."
    refuses administer audit show 1000000
}

# status_of COMMAND...: its exit status.
status_of() {
    local status=0
    "$@" >output 2>errors || status=$?
    echo "$status"
}

audit_log_is_intact() {
    local head
    head=$(sed -nE 's/.* audit log .*head=([0-9]+:[0-9a-f]{64}).*/\1/p' "$log" | head -n 1)
    [[ -n $head ]]
    administer audit verify --head "$head" | tee verified
    contains verified "Nothing was altered."
    contains verified "It goes through the head that was given."
    same "with a head that never was" "$(status_of administer audit verify --head "1:${head#*:}")" 3
    contains errors "ALTERED: "
    same "with a head that is none" "$(status_of administer audit verify --head "${head%?}")" 64
}

audit_log_is_exported() {
    administer audit export --format jsonl --out audit.jsonl
    same "its mode" "$(stat -c %a audit.jsonl)" 600
    refuses administer audit export --format jsonl --out audit.jsonl
    python3 -c 'import json, sys; [json.loads(line) for line in open("audit.jsonl")]'
    limited "$ucm" audit verify audit.jsonl | tee verified
    contains verified "Nothing was altered."
    limited "$ucm" audit verify - <audit.jsonl >/dev/null
    sed 's/Ask Berta\./Ask Boris./' audit.jsonl >forged.jsonl
    same "of a forged one" "$(status_of limited "$ucm" audit verify forged.jsonl)" 3
    contains errors "its content or its digest was changed"
    head -n -3 audit.jsonl >short.jsonl
    same "of one that is cut off" "$(status_of limited "$ucm" audit verify short.jsonl)" 3
    administer audit export --kind rejected --out - | grep -q "Ask Berta."
    administer audit export --format csv --out audit.csv
    python3 - <<'EOF'
import csv
rows = list(csv.DictReader(open("audit.csv", newline="")))
assert any(row["kind"] == "rejected" and "Ask Berta." in row["detail"] for row in rows)
assert all(len(row["digest"]) == 64 for row in rows)
EOF
}

altered_audit_log_shows() {
    local entry
    mkdir -m 700 copy
    cp "$data/master.key" copy/
    python3 - "$data/ucm.sqlite" copy/ucm.sqlite <<'EOF'
import sqlite3, sys
source, copy = (sqlite3.connect(path) for path in sys.argv[1:])
source.backup(copy)
EOF
    limited "$ucm" audit verify --data copy >/dev/null
    entry=$(python3 - copy/ucm.sqlite <<'EOF'
import sqlite3, sys
copy = sqlite3.connect(sys.argv[1])
(entry,), = copy.execute("SELECT sequence FROM event WHERE kind = 'rejected' ORDER BY id LIMIT 1")
copy.execute("UPDATE event SET actor = 'nobody at the command line' WHERE sequence = ?", (entry,))
copy.commit()
print(entry)
EOF
    )
    same "the exit status" "$(status_of limited "$ucm" audit verify --data copy)" 3
    contains errors "ALTERED: entry $entry, "
    lacks output "Nothing was altered."
}

audit_log_is_pruned() {
    administer audit retention | grep -q "kept forever"
    administer audit retention 730 | grep -q "730 days"
    administer audit retention forever | grep -q "kept forever"
    refuses administer audit retention 0
    refuses administer audit prune --before 2999-01-01T00:00:00Z
    sleep 1.1
    administer audit prune --before "$(date -u +%Y-%m-%dT%H:%M:%SZ)" | grep -q "entries are forgotten"
    administer audit verify | tee verified
    contains verified "Nothing was altered."
    contains verified " more were forgotten in "
    administer audit list --kind auditPruned | grep -q "entries before "
}

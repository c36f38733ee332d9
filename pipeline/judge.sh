#!/bin/sh
# Judges a change of a policy before it is merged: does it compile, do its tests pass, who gains and who loses what. For
# any CI; action.yml and gitlab.sh call it.
#
# In: a clone that has both revisions, and the variables below. Out: files in $CAMGRANT_OUT, and an exit status: 0 nothing
# stands against it, 1 something does, 2 it could not be judged. Nothing of the change is checked out or run: the policy is
# read from Git's objects.
#
#   CAMGRANT_HEAD     the change: a revision. Without CAMGRANT_BASE, the policy in it is checked and tested alone
#   CAMGRANT_BASE     what is in force: the tip of the branch into which the change is to be merged
#   CAMGRANT_POLICY   the policy's folder, from the top of the repository (default: the top)
#   CAMGRANT_DENY     lints that must not be there, separated by spaces; `warnings` for all
#   CAMGRANT_FAIL_ON  kinds of differences that must not be there, separated by spaces: gain, loss, administer, any
#   CAMGRANT_NOW      the time by which tests and lints go (default: the machine's)
#   CAMGRANT_LOG      the format in which findings go to the log: human (default), github, short
#   CAMGRANT_OUT      the folder for the results (default: camgrant-out)
#   CAMGRANT          the program (default: camgrant)
set -euf
LC_ALL=C
export LC_ALL

# a comment of a pull request holds 65,536 characters
limit=64000

# fail MESSAGE: ends as could not be judged, and says so in the comment as far as there is one
fail() {
    printf 'error: %s\n' "$1" >&2
    status=2
    [ -n "${work:-}" ] || exit 2
    row 'the run' 'ended early: its log says why' >&2
    finish >&2
}

# worse STATUS: of all statuses the worst is the script's
worse() {
    [ "$1" -le "$status" ] || status=$1
}

# row WHAT RESULT: a line of the table in the comment. Fixed words alone: nothing of the change stands here
row() {
    printf '| %s | %s |\n' "$1" "$2" >> "$work/rows"
    printf '%s: %s\n' "$1" "$2"
}

# quote FILE: at most forty lines of a text, so that nothing in it is Markdown: an indented block has no end within it
quote() {
    tr -d '\000-\010\013-\037\177' < "$1" | awk 'NR <= 40 { print $0 == "" ? "" : "    " substr($0, 1, 300) } END { if (NR > 40) print "    and " NR - 40 " more lines" }'
}

# part TITLE [open]: what comes in is a part of the comment, to be unfolded, or unfolded at once
part() {
    number=$(($(wc -l < "$work/parts") + 1))
    {
        printf '\n<details%s><summary>%s</summary>\n\n' "${2:+ open}" "$1"
        cat
        printf '\n</details>\n'
    } > "$work/part-$number"
    printf '%s\n' "$number" >> "$work/parts"
}

finish() {
    case "$status" in
    0) verdict='nothing stands against this change' ;;
    1) verdict='this change must not be merged as it is' ;;
    *) verdict='this change could not be judged' ;;
    esac
    {
        printf '<!-- camgrant -->\n### camgrant: %s\n\n| asked | answer |\n|---|---|\n' "$verdict"
        cat "$work/rows"
    } > "$out/comment.md"
    left_out=0
    while read -r number; do
        if [ $(($(wc -c < "$out/comment.md") + $(wc -c < "$work/part-$number"))) -le $limit ]; then
            cat "$work/part-$number" >> "$out/comment.md"
        else
            left_out=$((left_out + 1))
        fi
    done < "$work/parts"
    if [ $left_out -gt 0 ]; then
        printf '\nToo long for a comment, and left out: %s of the parts. The results of the run have them.\n' $left_out \
            >> "$out/comment.md"
    fi
    printf '%s\n' "$status" > "$out/status"
    printf '%s\n' "$verdict"
    exit "$status"
}

camgrant=${CAMGRANT:-camgrant}
log=${CAMGRANT_LOG:-human}
case $log in human | github | short) ;; *) fail "CAMGRANT_LOG is \`human\`, \`github\` or \`short\`" ;; esac
command -v "$camgrant" > /dev/null || fail "there is no program \`$camgrant\`: set CAMGRANT"
[ -n "${CAMGRANT_HEAD:-}" ] || fail "CAMGRANT_HEAD names no revision"

top=$(git rev-parse --show-toplevel) || fail "this is no clone of a repository"
mkdir -p -- "${CAMGRANT_OUT:-camgrant-out}"
out=$(cd -- "${CAMGRANT_OUT:-camgrant-out}" && pwd)
work=$(mktemp -d)
status=0
: > "$work/rows"
: > "$work/parts"

# GitHub takes commands from lines of the log. What a policy says must be none
token=
hush() { [ -z "$token" ] || printf '::stop-commands::%s\n' "$token"; }
speak() { [ -z "$token" ] || printf '::%s::\n' "$token"; }
[ "$log" != github ] || token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
trap 'speak; rm -rf -- "$work"' EXIT
hush
exec 2>&1

# the policy may be new in this change
mkdir -p -- "$top/${CAMGRANT_POLICY:-.}"
cd -- "$top/${CAMGRANT_POLICY:-.}"

commit_of() {
    git rev-parse --verify --quiet --end-of-options "$1^{commit}" || fail "there is no revision \`$1\` in this clone"
}

head=$(commit_of "$CAMGRANT_HEAD")
base=
[ -z "${CAMGRANT_BASE:-}" ] || base=$(commit_of "$CAMGRANT_BASE")

# the options of every command
set --
for lint in ${CAMGRANT_DENY:-}; do set -- "$@" --deny "$lint"; done
[ -z "${CAMGRANT_NOW:-}" ] || set -- "$@" --now "$CAMGRANT_NOW"

# merged: the change as it would be merged, by Git's own merge, as a commit that nothing names
merged() {
    if git merge-base --is-ancestor "$base" "$head"; then
        change=$head
        return 0
    fi
    tree=$(git -c core.hooksPath=/dev/null merge-tree --write-tree --name-only --messages "$base" "$head" \
        2> "$work/merge-error" > "$work/merge") && merge=0 || merge=$?
    if [ "$merge" -gt 1 ]; then
        cat "$work/merge-error" >&2
        fail "git cannot merge the two revisions (it needs version 2.38 and their whole history)"
    fi
    if [ "$merge" -eq 1 ]; then
        row 'merge' 'conflicts with the base'
        sed 1d "$work/merge" > "$work/conflicts"
        quote "$work/conflicts" | part 'What is in conflict'
        worse 1
        finish
    fi
    read -r tree < "$work/merge"
    change=$(GIT_AUTHOR_NAME=camgrant GIT_AUTHOR_EMAIL='' GIT_COMMITTER_NAME=camgrant GIT_COMMITTER_EMAIL='' \
        git -c user.useConfigOnly=false commit-tree "$tree" -p "$base" -p "$head" -m 'to be judged')
}

check() {
    "$camgrant" check "git:$change" "$@" --format sarif > "$out/camgrant.sarif" && code=0 || code=$?
    speak
    "$camgrant" check "git:$change" "$@" --format "$log" || true
    hush
    case "$code" in
    0) row 'check' 'passes' ;;
    1) row 'check' 'fails' ;;
    *) row 'check' 'could not read the policy' ;;
    esac
    "$camgrant" check "git:$change" "$@" --format short > "$work/check" || true
    [ ! -s "$work/check" ] || quote "$work/check" | part 'What check found'
    worse "$code"
    return "$code"
}

tests() {
    "$camgrant" test "git:$change" "$@" --format junit > "$out/tests.xml" && code=0 || code=$?
    if [ "$code" -ne 0 ] && [ "$log" != human ]; then
        speak
        "$camgrant" test "git:$change" "$@" --format "$log" || true
        hush
    fi
    "$camgrant" test "git:$change" "$@" > "$work/tests" || true
    cat "$work/tests"
    if [ "$code" -eq 0 ]; then
        row 'tests' 'pass'
    else
        row 'tests' 'fail'
        "$camgrant" test "git:$change" "$@" --quiet > "$work/failed" || true
        quote "$work/failed" | part 'Which tests fail, and why'
    fi
    worse "$code"
    return "$code"
}

table() {
    "$camgrant" compile "git:$change" -o "$out/table.json" && code=0 || code=$?
    [ "$code" -eq 0 ] || row 'table' 'could not be written'
    worse "$code"
}

# together: what fails, and neither in the base nor in the change alone
together() {
    fork=$(git merge-base "$base" "$head") || return 0
    "$camgrant" merge-check "$fork" "$base" "$head" "$@" > "$work/together" 2>&1 || true
    # the last line is ours, and names but two commits
    if tail -n 1 "$work/together" | grep -q ' break together: '; then
        quote "$work/together" | part 'What the base and the change break together'
    fi
}

# difference: who gains and who loses what, exactly
difference() {
    if ! git rev-parse --verify --quiet "$base:./" > /dev/null; then
        row 'rights' 'the policy is new'
        [ -z "${CAMGRANT_FAIL_ON:-}" ] || worse 1
        CAMGRANT_FAIL_ON=
        return 0
    fi
    "$camgrant" diff "git:$base" "git:$change" > "$work/diff" 2> "$work/diff-error" && code=0 || code=$?
    if [ "$code" -ne 0 ]; then
        cat "$work/diff-error"
        row 'rights' 'cannot be compared: the base does not compile'
        worse 2
        return 0
    fi
    cat "$work/diff"
    "$camgrant" diff "git:$base" "git:$change" --format json > "$out/diff.json" || worse 2
    if "$camgrant" diff "git:$base" "git:$change" --exit-code > /dev/null; then
        row 'rights' 'nobody gains or loses any'
    else
        row 'rights' 'change'
        quote "$work/diff" | part 'Who gains and who loses what' open
    fi
}

gates() {
    for kind in ${CAMGRANT_FAIL_ON:-}; do
        "$camgrant" diff "git:$base" "git:$change" --fail-on "$kind" > /dev/null 2>&1 && code=0 || code=$?
        case $kind:"$code" in
        *:0) ;;
        gain:1 | loss:1 | administer:1 | any:1) row "rights of kind $kind" 'change, and must not by this run' ;;
        *) fail "CAMGRANT_FAIL_ON holds what is no kind of difference" ;;
        esac
        worse "$code"
    done
}

change=$head
[ -z "$base" ] || merged
if check "$@"; then
    table
    tests "$@" || true
    if [ -n "$base" ]; then
        difference
        gates
    fi
fi
# where nothing was merged meanwhile, there is nothing to be together with
[ "$change" = "$head" ] || [ "$status" -eq 0 ] || together "$@"
finish

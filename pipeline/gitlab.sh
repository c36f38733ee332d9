#!/bin/sh
# What gitlab.yml runs: what GitLab says of a merge request, given to judge.sh, and the note with the outcome.
#
# The note needs CAMGRANT_TOKEN (a project access token, scope `api`). Without it there is none, and the log has the same.
set -euf

fail() {
    printf 'error: %s\n' "$1" >&2
    exit 2
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
CAMGRANT_OUT=${CAMGRANT_OUT:-${CI_PROJECT_DIR:?}/camgrant-out}
export CAMGRANT_OUT
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

if [ -z "${CI_MERGE_REQUEST_IID:-}" ]; then
    CAMGRANT_HEAD=HEAD
    unset CAMGRANT_BASE
    export CAMGRANT_HEAD
    "$here/judge.sh"
    exit
fi

case $CI_MERGE_REQUEST_IID in *[!0-9]*) fail 'the number of the merge request is none' ;; esac
target=${CI_MERGE_REQUEST_TARGET_BRANCH_NAME:-}
git check-ref-format "refs/heads/$target" || fail 'the branch into which it goes is none'
whole=
[ "$(git rev-parse --is-shallow-repository)" = false ] || whole=--unshallow
git fetch --quiet --no-tags --no-recurse-submodules ${whole:+"$whole"} origin \
    "+refs/heads/$target:refs/camgrant/base" "+refs/merge-requests/$CI_MERGE_REQUEST_IID/head:refs/camgrant/head"
CAMGRANT_BASE=$(git rev-parse --verify refs/camgrant/base)
CAMGRANT_HEAD=$(git rev-parse --verify refs/camgrant/head)
# in a pipeline of merged results the commit is the merge, and this the change
wanted=${CI_MERGE_REQUEST_SOURCE_BRANCH_SHA:-${CI_COMMIT_SHA:?}}
[ "$CAMGRANT_HEAD" = "$wanted" ] || fail 'it has other commits by now: their own pipeline judges them'
export CAMGRANT_BASE CAMGRANT_HEAD

request=${CI_API_V4_URL:?}/projects/${CI_PROJECT_ID:?}/merge_requests/$CI_MERGE_REQUEST_IID
call() {
    curl --config "$work/curl" --fail --silent --show-error --retry 2 "$@"
}

# the judge needs no token
(unset CAMGRANT_TOKEN && "$here/judge.sh") && status=0 || status=$?
if [ -z "${CAMGRANT_TOKEN:-}" ] || [ ! -f "$CAMGRANT_OUT/comment.md" ]; then exit "$status"; fi

for program in curl jq; do
    command -v "$program" > /dev/null || fail "there is no \`$program\`"
done
# the token stands in a file, where no list of processes shows it
(umask 077 && printf 'header = "PRIVATE-TOKEN: %s"\n' "$CAMGRANT_TOKEN" > "$work/curl")

# the note that is there already is changed. Only one by this account itself is: anybody may write one that looks like it
call "$CI_API_V4_URL/user" > "$work/user.json"
id=
page=1
while [ -z "$id" ]; do
    call "$request/notes?per_page=100&page=$page" > "$work/page.json"
    id=$(jq -r --slurpfile self "$work/user.json" \
        'first(.[] | select(.author.id == $self[0].id and (.body | startswith("<!-- camgrant -->")))).id // empty' \
        "$work/page.json")
    [ "$(jq length "$work/page.json")" -eq 100 ] || break
    page=$((page + 1))
done
if [ -n "$id" ]; then
    call --request PUT --data-urlencode "body@$CAMGRANT_OUT/comment.md" "$request/notes/$id" > /dev/null
else
    call --request POST --data-urlencode "body@$CAMGRANT_OUT/comment.md" "$request/notes" > /dev/null
fi
exit "$status"

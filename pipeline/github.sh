#!/bin/sh
# What action.yml runs: what GitHub says of an event, given to judge.sh. All of it comes in variables, and none is put
# into a command's text. Of the change nothing is checked out: its commits are fetched, and read from Git's objects.
#
#   EVENT, NUMBER, BASE_REF, HEAD_SHA   the event: its name; of a pull request its number, the branch into which it goes,
#                                       and its last commit
set -euf

fail() {
    printf 'error: %s\n' "$1" >&2
    exit 2
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
CAMGRANT_OUT=${CAMGRANT_OUT:-${RUNNER_TEMP:?}/camgrant}
CAMGRANT_LOG=github
export CAMGRANT_OUT CAMGRANT_LOG

case ${EVENT:-} in
pull_request | pull_request_target)
    case ${NUMBER:-} in '' | *[!0-9]*) fail 'the number of the pull request is none' ;; esac
    case ${HEAD_SHA:-} in '' | *[!0-9a-f]*) fail 'the commit of the pull request is none' ;; esac
    git check-ref-format "refs/heads/${BASE_REF:-}" || fail 'the branch into which it goes is none'
    whole=
    [ "$(git rev-parse --is-shallow-repository)" = false ] || whole=--unshallow
    git fetch --quiet --no-tags --no-recurse-submodules ${whole:+"$whole"} origin \
        "+refs/heads/$BASE_REF:refs/camgrant/base" "+refs/pull/$NUMBER/head:refs/camgrant/head"
    CAMGRANT_BASE=$(git rev-parse --verify refs/camgrant/base)
    CAMGRANT_HEAD=$(git rev-parse --verify refs/camgrant/head)
    [ "$CAMGRANT_HEAD" = "$HEAD_SHA" ] || fail 'it has other commits by now: their own run judges them'
    export CAMGRANT_BASE CAMGRANT_HEAD
    ;;
*)
    CAMGRANT_HEAD=HEAD
    unset CAMGRANT_BASE
    export CAMGRANT_HEAD
    ;;
esac

"$here/judge.sh" && status=0 || status=$?
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || [ ! -f "$CAMGRANT_OUT/comment.md" ] \
    || cat "$CAMGRANT_OUT/comment.md" >> "$GITHUB_STEP_SUMMARY"
if [ -n "${GITHUB_OUTPUT:-}" ]; then
    printf 'status=%s\nresults=%s\n' "$status" "$CAMGRANT_OUT" >> "$GITHUB_OUTPUT"
    # later steps upload what there is; the last one says how it ended
    exit 0
fi
exit "$status"

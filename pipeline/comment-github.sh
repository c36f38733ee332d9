#!/bin/sh
# Writes the comment on a pull request: the one that is there already is changed, so that there is never more than one.
# Only a comment by this account itself is: anybody may write one that looks like it.
#
#   GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN, NUMBER   where, and as whom
#   COMMENT_AS    the account of the token (default: github-actions[bot])
#   CAMGRANT_OUT  the folder with comment.md
set -euf

fail() {
    printf 'error: %s\n' "$1" >&2
    exit 2
}

case ${NUMBER:-} in '' | *[!0-9]*) fail 'the number of the pull request is none' ;; esac
for program in curl jq; do
    command -v "$program" > /dev/null || fail "there is no \`$program\`"
done
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
repository=${GITHUB_API_URL:?}/repos/${GITHUB_REPOSITORY:?}

# the token stands in a file, where no list of processes shows it
umask 077
printf 'header = "Authorization: Bearer %s"\nheader = "Accept: application/vnd.github+json"\n' "${GITHUB_TOKEN:?}" \
    > "$work/curl"
call() {
    curl --config "$work/curl" --fail-with-body --silent --show-error --retry 2 "$@"
}

jq -n --rawfile body "${CAMGRANT_OUT:?}/comment.md" '{ body: $body }' > "$work/body.json"

id=
page=1
while [ -z "$id" ]; do
    call "$repository/issues/$NUMBER/comments?per_page=100&page=$page" > "$work/page.json"
    id=$(as=${COMMENT_AS:-github-actions[bot]} jq -r \
        'first(.[] | select(.user.login == env.as and (.body | startswith("<!-- camgrant -->")))).id // empty' \
        "$work/page.json")
    [ "$(jq length "$work/page.json")" -eq 100 ] || break
    page=$((page + 1))
done
if [ -n "$id" ]; then
    call --request PATCH --data-binary "@$work/body.json" "$repository/issues/comments/$id" > /dev/null
else
    call --request POST --data-binary "@$work/body.json" "$repository/issues/$NUMBER/comments" > /dev/null
fi

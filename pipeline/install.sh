#!/bin/sh
# Installs camgrant, as it stands in this copy of its source: the released program of this version where there is one for
# this machine, with its checksum verified, and otherwise built from here with the versions that are locked.
#
#   CAMGRANT_RELEASES  where releases are: URL/v0.1.0/camgrant-0.1.0-x86_64-unknown-linux-gnu.tar.gz, and SHA256SUMS
#                      beside it. Without it, the program is built
#   CAMGRANT_TAG       the tag of this copy: of what is no tagged version there is no release, and it is built
#   CAMGRANT_INTO      the folder for the program (default: camgrant-bin). Its path is printed
set -euf

fail() {
    printf 'error: %s\n' "$1" >&2
    exit 2
}

source=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
mkdir -p -- "${CAMGRANT_INTO:-camgrant-bin}"
into=$(CDPATH='' cd -- "${CAMGRANT_INTO:-camgrant-bin}" && pwd)
version=$(sed -n '/^\[workspace\.package\]/,/^$/s/^version = "\([0-9A-Za-z.+-]*\)"$/\1/p' "$source/Cargo.toml")
[ -n "$version" ] || fail "no version stands in $source/Cargo.toml"

case $(uname -s)-$(uname -m) in
Linux-x86_64) target=x86_64-unknown-linux-gnu ;;
Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-gnu ;;
Darwin-x86_64) target=x86_64-apple-darwin ;;
Darwin-arm64) target=aarch64-apple-darwin ;;
*) target= ;;
esac

sum_of() {
    if command -v sha256sum > /dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

# released: the program of the release. Fails where there is none, and ends everything where it is not what it should be
released() {
    [ "${CAMGRANT_TAG:-}" = "v$version" ] || return 1
    if [ -z "${CAMGRANT_RELEASES:-}" ] || [ -z "$target" ]; then return 1; fi
    command -v curl > /dev/null || return 1
    name=camgrant-$version-$target
    from=${CAMGRANT_RELEASES%/}/v$version
    work=$(mktemp -d)
    trap 'rm -rf -- "$work"' EXIT
    curl --fail --silent --show-error --location --retry 3 --output "$work/SHA256SUMS" "$from/SHA256SUMS" || return 1
    wanted=$(awk -v name="$name.tar.gz" '$2 == name || $2 == "*" name { print $1; exit }' "$work/SHA256SUMS")
    [ -n "$wanted" ] || return 1
    curl --fail --silent --show-error --location --retry 3 --output "$work/$name.tar.gz" "$from/$name.tar.gz" \
        || fail "$name.tar.gz is listed at $from and cannot be had"
    # a program that is not the one that was released is run by nobody, and replaced by nothing
    [ "$(sum_of "$work/$name.tar.gz")" = "$wanted" ] || fail "the checksum of $name.tar.gz is wrong"
    tar -xzf "$work/$name.tar.gz" -C "$work" || fail "$name.tar.gz cannot be unpacked"
    found=$work/$name/camgrant
    if [ ! -f "$found" ] || [ -h "$found" ]; then fail "there is no program in $name.tar.gz"; fi
    cp -- "$found" "$into/camgrant"
    chmod 755 "$into/camgrant"
}

if released; then
    printf 'camgrant %s, as it was released\n' "$version" >&2
else
    command -v cargo > /dev/null || fail "no released program for this machine, and no cargo to build one"
    printf 'camgrant %s is built from its source\n' "$version" >&2
    cargo install --locked --quiet --path "$source" --root "$into/build" --no-track >&2
    cp -- "$into/build/bin/camgrant" "$into/camgrant"
fi
printf '%s\n' "$into/camgrant"

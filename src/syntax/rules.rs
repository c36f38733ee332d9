//! What can be wrong with the text as YAML (family CG01) and with its shape (family CG02).

use crate::diagnostics::Rule;

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident $code:literal,)*) => {
        $($(#[$doc])* pub static $name: Rule =
            Rule::error($code, include_str!(concat!("pages/", $code, ".md")));)*
        /// Both families, in order.
        pub static ALL: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    /// No YAML.
    SYNTAX "CG0101",
    /// A key twice in one mapping.
    DUPLICATE_KEY "CG0102",
    /// A tag (`!x`).
    TAG "CG0103",
    /// A merge key (`<<`).
    MERGE_KEY "CG0104",
    /// `max_alias_expansion`.
    ALIAS_BUDGET "CG0105",
    /// `max_depth`.
    DEPTH "CG0106",
    /// An alias inside its own anchor, or without an anchor.
    ALIAS "CG0107",
    /// A field or section that is not known.
    UNKNOWN_FIELD "CG0201",
    /// A list where text is expected, and the like.
    WRONG_TYPE "CG0202",
    /// A field that must be there.
    MISSING_FIELD "CG0203",
    /// A key with nothing behind it.
    NO_VALUE "CG0204",
    /// An id that is none.
    MALFORMED_ID "CG0205",
    /// An instant or date that is none.
    MALFORMED_INSTANT "CG0206",
    /// A time zone that the database does not have.
    UNKNOWN_ZONE "CG0207",
    /// An address or block that is none.
    MALFORMED_NETWORK "CG0208",
    /// Host bits in a block.
    HOST_BITS "CG0209",
    /// A day, window or schedule that is none.
    MALFORMED_SCHEDULE "CG0210",
    /// A scope that is none.
    MALFORMED_SCOPE "CG0211",
    /// Fields that exclude each other.
    EXCLUSIVE_FIELDS "CG0212",
    /// A secret.
    SECRET "CG0213",
    /// A list without items.
    EMPTY_LIST "CG0214",
    /// A word that is none of those that may stand there.
    UNKNOWN_WORD "CG0215",
    /// A number beyond its bounds.
    OUT_OF_RANGE "CG0216",
    /// `until` not after `from`.
    EMPTY_INTERVAL "CG0217",
    /// A language version that this compiler does not have.
    LANGUAGE_VERSION "CG0218",
    /// A subject that is none.
    MALFORMED_SUBJECT "CG0219",
    /// A server name with a comma.
    SERVER_NAME "CG0220",
    /// A comment that speaks to the compiler and says nothing that it understands.
    COMMENT "CG0221",
}

//! The forms of ids and of other short texts: whether text is one, and what to say if it is not.

use crate::diagnostics::Rule;
pub(super) use crate::diagnostics::shortened;
use crate::syntax::rules;

/// Text that is not what it should be: the rule, what was found, what to do, and what is certainly meant.
#[derive(Debug)]
pub(super) struct Misfit {
    pub rule: &'static Rule,
    pub message: String,
    pub help: String,
    pub instead: Option<String>,
}

impl Misfit {
    pub(super) fn new(rule: &'static Rule, message: impl Into<String>, help: impl Into<String>) -> Misfit {
        Misfit { rule, message: message.into(), help: help.into(), instead: None }
    }

    /// Says what is certainly meant.
    pub(super) fn instead(self, text: &str) -> Misfit {
        Misfit { instead: Some(text.to_owned()), ..self }
    }
}

const MAX_ID_BYTES: usize = 128;
const MAX_USER_BYTES: usize = 254;

/// An id of anything but a user (`language: Ids`).
pub(super) fn id(text: &str) -> Result<(), Misfit> {
    let form = "write letters, digits, `.`, `_` and `-`, with a letter or digit first";
    check_id(text, MAX_ID_BYTES, |b| b.is_ascii_alphanumeric() || b"._-".contains(&b), form)
}

/// A user's id.
pub(super) fn user_id(text: &str) -> Result<(), Misfit> {
    let form = "write a login or an e-mail address: letters, digits, `.`, `_`, `+`, `@` and `-`, with a letter or digit \
                first";
    check_id(text, MAX_USER_BYTES, |b| b.is_ascii_alphanumeric() || b"._+@-".contains(&b), form)
}

fn check_id(text: &str, max_bytes: usize, allowed: impl Fn(u8) -> bool, form: &str) -> Result<(), Misfit> {
    let well_formed = text.bytes().all(allowed) && text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    if !well_formed {
        let found =
            if text.is_empty() { "an id is empty".to_owned() } else { format!("`{}` is no id", shortened(text)) };
        return Err(Misfit::new(&rules::MALFORMED_ID, found, form));
    }
    if text.len() > max_bytes {
        let found = format!("this id has {} characters", text.len());
        return Err(Misfit::new(&rules::MALFORMED_ID, found, format!("an id has at most {max_bytes}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_users() {
        assert!(id("hq-1.a_b").is_ok() && id("007").is_ok());
        assert!(id("-a").is_err() && id("a b").is_err() && id("").is_err() && id(&"a".repeat(129)).is_err());
        assert!(user_id("nina+x@acme.example").is_ok() && user_id("@nina").is_err());
    }
}

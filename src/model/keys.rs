//! Where the keys of a declaration stand, so that whoever speaks of one field can point to its line.

use crate::source::Span;
use crate::syntax::Field;

/// The keys that a declaration has, of those that are spoken of; few, so that looking one up is a walk.
#[derive(Clone, Debug, Default)]
pub struct Keys(Box<[(&'static str, Span)]>);

/// The key of a field, where the field is there.
pub(super) fn key<T>(name: &'static str, field: &Option<Field<T>>) -> Option<(&'static str, Span)> {
    field.as_ref().map(|field| (name, field.key_span()))
}

impl Keys {
    pub(super) fn of<const N: usize>(keys: [Option<(&'static str, Span)>; N]) -> Keys {
        Keys(keys.into_iter().flatten().collect())
    }

    /// Where a key stands; none where the declaration does not have it.
    #[must_use]
    pub fn at(&self, name: &str) -> Option<Span> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, span)| *span)
    }
}

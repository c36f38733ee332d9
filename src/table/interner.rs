//! Equal values get the same small number, and are kept once.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Index;
use std::sync::Arc;

use super::error::Fault;

/// Values by number, numbers by value. The hash is the standard library's seeded one: the values come from outside, and
/// nobody should be able to choose them so that they collide.
#[derive(Debug)]
pub(super) struct Interner<T: ?Sized> {
    numbers: HashMap<Arc<T>, u32>,
    values: Vec<Arc<T>>,
}

impl<T: ?Sized> Default for Interner<T> {
    fn default() -> Self {
        Self { numbers: HashMap::new(), values: Vec::new() }
    }
}

impl<T: ?Sized + Hash + Eq> Interner<T> {
    /// The number of `value`, a new one where it has none yet. Numbers count up from 0.
    pub(super) fn intern<Q: Borrow<T>>(&mut self, value: Q) -> Result<u32, Fault>
    where
        Arc<T>: From<Q>,
    {
        if let Some(number) = self.find(value.borrow()) {
            return Ok(number);
        }
        let number = u32::try_from(self.values.len()).map_err(|_| Fault::TooMany)?;
        let value = Arc::from(value);
        self.values.push(Arc::clone(&value));
        self.numbers.insert(value, number);
        Ok(number)
    }

    /// The number of `value`, where it has one.
    pub(super) fn find(&self, value: &T) -> Option<u32> {
        self.numbers.get(value).copied()
    }

    /// How many values there are.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// The values in the order of their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.values.iter().map(AsRef::as_ref)
    }
}

impl<T: ?Sized> Index<u32> for Interner<T> {
    type Output = T;

    /// Cannot fail: a number comes from `intern` of the same interner, and no value is ever taken out.
    fn index(&self, number: u32) -> &T {
        &self.values[number as usize]
    }
}

//! Typed indices, and vectors that only the right index opens.

use std::marker::PhantomData;
use std::ops;

/// A number that stands for one thing of one kind in one organisation.
pub trait Index: Copy {
    /// The index with this number.
    fn new(number: usize) -> Self;
    /// Its number.
    fn number(self) -> usize;
}

macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl Index for $name {
            fn new(number: usize) -> $name {
                // a policy is at most a few gigabytes of text, and every thing in it takes several bytes
                $name(number as u32)
            }

            fn number(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

indices! {
    /// A user.
    UserIx,
    /// A team.
    TeamIx,
    /// A declared role.
    RoleIx,
    /// A site or group.
    PlaceIx,
    /// A recorder.
    RecorderIx,
    /// A device.
    DeviceIx,
    /// A device group.
    DeviceGroupIx,
    /// A layout.
    LayoutIx,
    /// A schedule.
    ScheduleIx,
    /// A named network.
    NetworkIx,
    /// A grant or denial.
    GrantIx,
    /// A temporary link.
    LinkIx,
}

/// All things of one kind. An index comes from the arena that it opens, so it always opens it.
#[derive(Clone, Debug)]
pub struct Arena<I, T> {
    items: Vec<T>,
    index: PhantomData<I>,
}

impl<I, T> Default for Arena<I, T> {
    fn default() -> Arena<I, T> {
        Arena { items: Vec::new(), index: PhantomData }
    }
}

impl<I: Index, T> Arena<I, T> {
    /// Adds one.
    pub fn add(&mut self, item: T) -> I {
        self.items.push(item);
        I::new(self.items.len() - 1)
    }

    /// All, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (I, &T)> + DoubleEndedIterator {
        self.items.iter().enumerate().map(|(number, item)| (I::new(number), item))
    }

    /// All indices, in order.
    pub fn indices(&self) -> impl ExactSizeIterator<Item = I> + use<I, T> {
        (0..self.items.len()).map(I::new)
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<I: Index, T> FromIterator<T> for Arena<I, T> {
    fn from_iter<It: IntoIterator<Item = T>>(items: It) -> Arena<I, T> {
        Arena { items: items.into_iter().collect(), index: PhantomData }
    }
}

impl<I: Index, T> ops::Index<I> for Arena<I, T> {
    type Output = T;

    fn index(&self, index: I) -> &T {
        &self.items[index.number()]
    }
}

impl<I: Index, T> ops::IndexMut<I> for Arena<I, T> {
    fn index_mut(&mut self, index: I) -> &mut T {
        &mut self.items[index.number()]
    }
}

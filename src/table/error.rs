//! What a table can have wrong. Whatever it is, the whole table is refused: a part that is passed over could be a
//! denial.

use std::fmt;

use super::format::{FORMAT, Layout};

/// Why a table was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadError {
    /// Not JSON, or JSON of another shape: a key unknown, missing or standing twice, a value of another type.
    Json {
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// A version of the format that this reader does not know.
    Format(String),
    /// A layout that this reader does not know.
    Layout(String),
    /// The shape is right, and something in it is not.
    Malformed {
        /// Where, in words: the organisation and what in it.
        place: String,
        /// What is wrong there.
        fault: Fault,
    },
}

impl LoadError {
    pub(super) fn from_json(error: &serde_json::Error) -> Self {
        let (line, column, text) = (error.line(), error.column(), error.to_string());
        let message = text.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&text).to_owned();
        Self::Json { line, column, message }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json { line, column, message } => {
                write!(out, "not a table: {message} at line {line} column {column}")
            }
            Self::Format(found) => {
                write!(out, "the table's format is `{found}`, expected `{FORMAT}`")
            }
            Self::Layout(found) => {
                write!(out, "the table's layout is `{found}`, expected `expanded`, `compact` or `factored`")
            }
            Self::Malformed { place, fault } => write!(out, "{place}: {fault}"),
        }
    }
}

impl std::error::Error for LoadError {}

/// One thing that a table of the right shape can have wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// An instant that is not written as the format says.
    Instant(String),
    /// A date that is not written as the format says.
    Date(String),
    /// A time zone that the built-in database does not have.
    Zone(String),
    /// A window that is not written as the format says.
    Window(String),
    /// A schedule without windows.
    NoWindow,
    /// An address block that is not written as the format says.
    Block(String),
    /// A schedule that the organisation does not have.
    Schedule(String),
    /// A condition without parts, which would always hold.
    NoPart,
    /// A `when` without conditions, which would never hold.
    NoCondition,
    /// A resource of no known kind.
    Resource(String),
    /// A subject that is neither a user nor a link, or is not among the organisation's subjects.
    Subject(String),
    /// Something that may stand once, and stands twice.
    Twice(String),
    /// A place in a list that is beyond its end.
    Index {
        /// The list's key.
        list: &'static str,
        /// The place that is asked for, from 0.
        index: u32,
        /// How many the list has.
        len: usize,
    },
    /// A key that does not belong to the table's layout.
    Key {
        /// The key.
        key: &'static str,
        /// The table's layout.
        layout: Layout,
    },
    /// More than 2³² different names of one sort.
    TooMany,
}

impl Fault {
    /// The error that says where the fault is.
    pub(super) fn at(self, place: impl Into<String>) -> LoadError {
        LoadError::Malformed { place: place.into(), fault: self }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instant(found) => write!(out, "`{found}` is no instant, expected one such as `2026-12-31T23:00:00Z`"),
            Self::Date(found) => write!(out, "`{found}` is no date, expected one such as `2026-12-31`"),
            Self::Zone(found) => write!(out, "`{found}` is no zone of the built-in time zone database"),
            Self::Window(found) => write!(out, "`{found}` is no window, expected one such as `22:00-06:00`"),
            Self::NoWindow => write!(out, "the schedule has no window"),
            Self::Block(found) => write!(out, "`{found}` is no address block, expected one such as `10.0.0.0/8`"),
            Self::Schedule(found) => write!(out, "there is no schedule `{found}`"),
            Self::NoPart => write!(out, "a condition has no part, expected at least one"),
            Self::NoCondition => write!(out, "a `when` has no condition, expected at least one"),
            Self::Resource(found) => write!(out, "`{found}` is no resource, expected one such as `device:lobby`"),
            Self::Subject(found) => write!(out, "`{found}` is no subject of this table"),
            Self::Twice(found) => write!(out, "{found} stands twice"),
            Self::Index { list, index, len } => {
                write!(out, "`{list}` has {len} items, found index {index}")
            }
            Self::Key { key, layout } => write!(out, "the key `{key}` has no place in the {} layout", layout.name()),
            Self::TooMany => write!(out, "the table is too large"),
        }
    }
}

//! Schedules. (Networks are plain lists of blocks.)

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Field, LocalDate, Many, Pairs, Text, Window, Zone};

/// A schedule: the hours of the week in which something holds.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule<'a> {
    /// Free text for people.
    #[serde(borrow)]
    pub name: Option<Field<Text<'a>>>,
    /// Free text for people.
    #[serde(borrow)]
    pub reason: Option<Field<Text<'a>>>,
    /// The zone of its hours. Default: the organisation's.
    #[serde(borrow)]
    pub timezone: Option<Field<Zone<'a>>>,
    /// Windows by day (`mon`), range of days (`mon-fri`), or a list of either (`sat,sun`).
    #[serde(borrow)]
    #[schemars(required)]
    pub weekly: Option<Field<Pairs<'a, Many<Window<'a>>>>>,
    /// Dates on which no window opens.
    #[serde(borrow)]
    pub except: Option<Field<Many<LocalDate<'a>>>>,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Day {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Day {
    /// The week, from Monday.
    pub const WEEK: [Day; 7] = [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri, Day::Sat, Day::Sun];

    /// As policies and tables write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][self as usize]
    }
}

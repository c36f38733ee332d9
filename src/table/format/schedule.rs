//! Schedules, as the table writes them (`semantics §3`).

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text;

const DATE: &str = r"^\d{4}-\d{2}-\d{2}$";
const WINDOW: &str = r"^\d{2}:\d{2}-\d{2}:\d{2}$";

/// Weekly hours. The schedule holds at an instant when, in its zone, the time of day is within a window of that weekday
/// and the date is not in `except`, or within a window of the day before that runs into the next day, and the date of
/// the day before is not in `except`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule<'a> {
    /// The time zone, by its name in the IANA database.
    #[serde(borrow)]
    pub timezone: Cow<'a, str>,
    /// The windows, by weekday.
    #[serde(borrow)]
    pub weekly: Weekly<'a>,
    /// The dates on which no window opens, `YYYY-MM-DD`.
    #[serde(borrow, default, deserialize_with = "text::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = DATE)))]
    pub except: Vec<Cow<'a, str>>,
}

/// The windows of each weekday: `HH:MM-HH:MM`, start included, end excluded, in local time. `24:00` may end one; one
/// whose end is before its start runs into the next day. The days stand bytewise by name, as in every map of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Weekly<'a> {
    /// Friday's windows.
    #[serde(borrow, default, deserialize_with = "text::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = WINDOW)))]
    pub fri: Vec<Cow<'a, str>>,
    /// Monday's windows.
    #[serde(borrow, default, deserialize_with = "text::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = WINDOW)))]
    pub mon: Vec<Cow<'a, str>>,
    /// Saturday's windows.
    #[serde(borrow, default, deserialize_with = "text::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = WINDOW)))]
    pub sat: Vec<Cow<'a, str>>,
    /// Sunday's windows.
    #[serde(borrow, default, deserialize_with = "text::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = WINDOW)))]
    pub sun: Vec<Cow<'a, str>>,
    /// Thursday's windows.
    #[serde(borrow, default, deserialize_with = "text::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = WINDOW)))]
    pub thu: Vec<Cow<'a, str>>,
    /// Tuesday's windows.
    #[serde(borrow, default, deserialize_with = "text::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = WINDOW)))]
    pub tue: Vec<Cow<'a, str>>,
    /// Wednesday's windows.
    #[serde(borrow, default, deserialize_with = "text::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = WINDOW)))]
    pub wed: Vec<Cow<'a, str>>,
}

impl<'a> Weekly<'a> {
    /// The windows day by day, from Monday.
    #[must_use]
    pub fn days(&self) -> [&[Cow<'a, str>]; 7] {
        [&self.mon, &self.tue, &self.wed, &self.thu, &self.fri, &self.sat, &self.sun]
    }
}

//! Denials: what a team has at a whole site is taken again in one part of it. In: a right just given. Out: one grant
//! with `deny`.
//!
//! Never live video: a denial of that might take away what a layout shows.

use super::grants::{Book, Desk};
use super::ids::{Scope, Team, TeamId};
use super::people;
use super::rng::Rng;

/// Capabilities that may be denied, because the role just given has them.
#[derive(Clone, Copy)]
pub(crate) struct Deniable(&'static str);

impl Deniable {
    pub(crate) fn of(role: &str) -> Option<Deniable> {
        match role {
            "export" => Some(Deniable("archive.export")),
            "ptz" => Some(Deniable("ptz.*")),
            "talk" => Some(Deniable("audio.talk")),
            "doors" => Some(Deniable("intercom.use")),
            _ => None,
        }
    }
}

/// Writes a denial, where there is room for one more grant.
pub(crate) fn write(book: &mut Book<'_>, desk: &Desk<'_>, to: TeamId, site: usize, what: Deniable, rng: &mut Rng) {
    let tops = desk.sites[site].tops();
    if !book.open(Team(to)) {
        return;
    }
    book.field("deny", what.0);
    book.field("scope", Scope::group(site, rng.pick(&tops)));
    match rng.below(10) {
        0..2 => book.field("outside", "guardrooms"),
        2..4 => book.field("schedule", "nights"),
        4 => book.field("except", people::login(rng.within(&desk.teams.leads), desk.users)),
        _ => {}
    }
}

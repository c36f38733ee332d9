//! Who watches: users, and the teams of a region. In: regions and a seed. Out: [`People`], and the text that declares
//! them.
//!
//! A region has home teams of about 25; some have a crew, a team in the team. Around them stand the team of the whole
//! region, which lists the home teams, and the one of the night, a shift. One user in five or six helps out in a
//! second team.

use super::ids::{Login, Team, TeamId};
use super::places::Region;
use super::rng::{Rng, share};
use super::settings::NETWORKS;
use std::fmt::Write;
use std::ops::Range;

const FIRST: [&str; 40] = [
    "Ada", "Ahmed", "Aiko", "Amara", "Anna", "Ben", "Carla", "Chen", "Clara", "David", "Elif", "Emil", "Fatima",
    "Felix", "Goran", "Hana", "Hugo", "Ines", "Ivan", "Jan", "Jonas", "Julia", "Karim", "Lea", "Lina", "Marco",
    "Maria", "Mehmet", "Mila", "Nadia", "Noah", "Olga", "Omar", "Paula", "Rosa", "Sami", "Tara", "Tom", "Vera", "Yara",
];

/// As a login spells it, and as its bearer does.
const LAST: [(&str, &str); 40] = [
    ("abe", "Abe"),
    ("adler", "Adler"),
    ("aydin", "Aydın"),
    ("bauer", "Bauer"),
    ("becker", "Becker"),
    ("brandt", "Brandt"),
    ("costa", "Costa"),
    ("demir", "Demir"),
    ("diaz", "Díaz"),
    ("duval", "Duval"),
    ("fischer", "Fischer"),
    ("garcia", "García"),
    ("gruber", "Gruber"),
    ("haddad", "Haddad"),
    ("hansen", "Hansen"),
    ("horvat", "Horvat"),
    ("ito", "Ito"),
    ("jansen", "Jansen"),
    ("keller", "Keller"),
    ("kim", "Kim"),
    ("koch", "Koch"),
    ("kowalski", "Kowalski"),
    ("lang", "Lang"),
    ("lopez", "López"),
    ("maier", "Maier"),
    ("mueller", "Müller"),
    ("nagy", "Nagy"),
    ("novak", "Novák"),
    ("okafor", "Okafor"),
    ("patel", "Patel"),
    ("peters", "Peters"),
    ("rossi", "Rossi"),
    ("santos", "Santos"),
    ("schulz", "Schulz"),
    ("silva", "Silva"),
    ("singh", "Singh"),
    ("tanaka", "Tanaka"),
    ("vogel", "Vogel"),
    ("weber", "Weber"),
    ("zhang", "Zhang"),
];

pub(crate) struct User {
    first: usize,
    last: usize,
    pub(crate) disabled: bool,
    /// The user before this one, whose rights it shares; such a user is in no team itself.
    same_as: Option<usize>,
}

impl User {
    pub(crate) fn is_ordinary(&self) -> bool {
        !self.disabled && self.same_as.is_none()
    }
}

/// The teams of a region, as indices of users.
pub(crate) struct Teams {
    pub(crate) home: Vec<Vec<usize>>,
    /// By home team; empty where it has none.
    pub(crate) crew: Vec<Vec<usize>>,
    pub(crate) leads: Range<usize>,
}

/// The users of a region. Those whom [`Teams::leads`] will name are neither disabled nor somebody's shadow.
pub(crate) fn users(region: &Region, rng: &mut Rng) -> Vec<User> {
    let leads = leads(region);
    let mut enabled = region.users.start;
    region
        .users
        .clone()
        .map(|user| {
            let (first, last) = (rng.below(FIRST.len()), rng.below(LAST.len()));
            let (disabled, shares) = (rng.chance(5), rng.chance(10));
            if leads.contains(&user) {
                enabled = user;
                return User { first, last, disabled: false, same_as: None };
            }
            let same_as = shares.then_some(enabled);
            if !disabled {
                enabled = user;
            }
            User { first, last, disabled, same_as }
        })
        .collect()
}

/// A user of the region who is not disabled.
pub(crate) fn enabled(region: &Region, users: &[User], rng: &mut Rng) -> usize {
    let drawn = rng.within(&region.users);
    if users[drawn].disabled { region.users.start } else { drawn }
}

/// One lead for every hundred users, and one at least.
fn leads(region: &Region) -> Range<usize> {
    region.users.start..region.users.start + (region.users.len() / 100).max(1)
}

pub(crate) fn teams(region: &Region, users: &[User], rng: &mut Rng) -> Teams {
    let count = ((region.users.len() + 12) / 25).max(1);
    let mut home = vec![Vec::new(); count];
    let mut crew = vec![Vec::new(); count];
    for (team, members) in home.iter_mut().enumerate() {
        let own = share(region.users.len(), count, team);
        members.extend(own.map(|u| region.users.start + u).filter(|&u| users[u].same_as.is_none()));
        if team % 4 == 0 && members.len() > 8 {
            crew[team] = members.split_off(members.len() * 2 / 3);
        }
    }
    if count > 1 {
        for user in region.users.clone().filter(|&u| users[u].is_ordinary()) {
            if rng.chance(180) {
                let second = rng.below(count);
                if !home[second].contains(&user) && !crew[second].contains(&user) {
                    home[second].push(user);
                }
            }
        }
    }
    Teams { home, crew, leads: leads(region) }
}

pub(crate) fn login(user: usize, users: &[User]) -> Login {
    Login { first: FIRST[users[user].first], last: LAST[users[user].last].0, user }
}

/// The sections `users` and `teams` of a region.
pub(crate) fn write(out: &mut String, region: &Region, users: &[User], teams: &Teams, rng: &mut Rng) {
    out.push_str("users:\n");
    for index in region.users.clone() {
        let user = &users[index];
        let _ = writeln!(out, "  {}:", login(index, users));
        // the directory knows the full names of one half
        if rng.chance(500) {
            let _ = writeln!(out, "    name: {} {}", FIRST[user.first], LAST[user.last].1);
        }
        if user.disabled {
            out.push_str("    disabled: true\n");
        }
        if let Some(other) = user.same_as {
            let _ = writeln!(out, "    same_as: {}", login(other, users));
        }
        if rng.chance(10) && !teams.leads.contains(&index) {
            let _ = writeln!(out, "    until: {}-12-31", 2028 + rng.below(4));
        }
        if rng.chance(5) {
            let _ = writeln!(out, "    networks: {}", rng.pick(&NETWORKS));
        }
    }

    let number = region.number;
    out.push_str("\nteams:\n");
    let _ = writeln!(out, "  {}:\n    members:", TeamId::Region(number));
    for team in 0..teams.home.len() {
        let _ = writeln!(out, "      - {}", Team(TeamId::Home { region: number, team }));
    }
    let _ = writeln!(out, "  {}:\n    members:", TeamId::Leads(number));
    members(out, teams.leads.clone(), users);
    let night = Team(TeamId::Home { region: number, team: teams.home.len() / 2 });
    let _ = writeln!(out, "  {}:\n    schedule: nights\n    members: {night}", TeamId::Nights(number));
    for (team, own) in teams.home.iter().enumerate() {
        let _ = writeln!(out, "  {}:\n    members:", TeamId::Home { region: number, team });
        members(out, own.iter().copied(), users);
        if !teams.crew[team].is_empty() {
            let crew = TeamId::Crew { region: number, team };
            let _ = writeln!(out, "      - {}\n  {crew}:\n    members:", Team(crew));
            members(out, teams.crew[team].iter().copied(), users);
        }
    }
}

fn members(out: &mut String, of: impl Iterator<Item = usize>, users: &[User]) {
    for user in of {
        let _ = writeln!(out, "      - {}", login(user, users));
    }
}

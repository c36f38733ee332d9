//! Who gets what, where, when: the grants of a region, exactly as many as asked for. In: a region, its teams, what is
//! there, and a number. Out: the text of a list of grants.
//!
//! In this order, until the number is reached: a few for the whole region (its leads run it, everybody sees the doors,
//! one team each opens a layout or a device group as such); about a fifth for single users, at least one each for the
//! 15 % who have any; the rest for home teams and their crews. A home team works at one site out of three. At each it
//! watches first (the whole site, some of its groups, or some device groups there), and what it may do beyond comes
//! grant by grant: by the site, by the group, or narrowed by `only`.
//!
//! Layouts and device groups are seen only through roles that show live video too, in scopes that hold all their
//! devices, and no denial takes live video away: so nobody sees a layout without what is in it, under any condition.

use super::denials::{self, Deniable};
use super::devices::{self, DEVICE_GROUPS, Device, Layout, PATROL};
use super::ids::{DeviceGroupId, Login, RecorderId, Scope, Team, TeamId};
use super::people::{self, Teams, User};
use super::places::{Region, Site};
use super::rng::{Rng, share};
use super::settings::{NETWORKS, SCHEDULES};
use std::fmt::{Display, Write};

/// Of a thousand users, those with grants of their own.
const DIRECT_PER_MILLE: usize = 150;

/// The grants written so far, and how many there still may be.
pub(crate) struct Book<'a> {
    out: &'a mut String,
    left: usize,
}

impl<'a> Book<'a> {
    pub(crate) fn new(out: &'a mut String, left: usize) -> Book<'a> {
        if left > 0 {
            out.push_str("grants:\n");
        }
        Book { out, left }
    }

    /// Opens a grant; `false`: the number is reached, and nothing more may be written.
    pub(crate) fn open(&mut self, to: impl Display) -> bool {
        let room = self.left > 0;
        if room {
            self.left -= 1;
            let _ = writeln!(self.out, "  - to: {to}");
        }
        room
    }

    pub(crate) fn field(&mut self, key: &str, value: impl Display) {
        let _ = writeln!(self.out, "    {key}: {value}");
    }

    /// A list; one item stands without its list.
    pub(crate) fn list<T: Display>(&mut self, key: &str, items: &[T]) {
        if let [item] = items {
            return self.field(key, item);
        }
        let _ = writeln!(self.out, "    {key}:");
        for item in items {
            let _ = writeln!(self.out, "      - {item}");
        }
    }

    /// For about one grant in six: what it depends on, or something for people.
    pub(crate) fn extras(&mut self, rng: &mut Rng) {
        match rng.below(1000) {
            0..60 => self.field("until", date(rng, 2028)),
            60..95 => self.field("schedule", rng.pick(&SCHEDULES)),
            95..120 => self.field("networks", rng.pick(&NETWORKS)),
            120..128 => {
                self.field("from", date(rng, 2025));
                self.field("until", format_args!("{}T18:00:00+02:00", date(rng, 2029)));
            }
            128..130 => self.field("consent", rng.pick(&["pending", "rejected"])),
            130..133 => self.field("enabled", false),
            133..165 => self.field("reason", format_args!("OPS-{}", 1000 + rng.below(9000))),
            _ => {}
        }
    }
}

/// One, mostly.
fn few(rng: &mut Rng) -> usize {
    if rng.chance(750) { 1 } else { 2 + rng.below(2) }
}

fn date(rng: &mut Rng, first_year: usize) -> String {
    let (year, month, day) = (first_year + rng.below(4), 1 + rng.below(12), 1 + rng.below(28));
    format!("{year}-{month:02}-{day:02}")
}

/// The names of a region in grants.
pub(crate) struct Desk<'a> {
    pub(crate) region: &'a Region,
    pub(crate) sites: &'a [Site],
    pub(crate) devices: &'a [Device],
    pub(crate) users: &'a [User],
    pub(crate) teams: &'a Teams,
    pub(crate) layouts: &'a [Layout],
    /// How many users of this region have grants of their own.
    pub(crate) direct_users: usize,
}

/// How many users of the organisation have grants of their own.
pub(crate) fn direct_users(users: usize) -> usize {
    (users * DIRECT_PER_MILLE + 500) / 1000
}

/// Writes `count` grants for a region.
pub(crate) fn write(out: &mut String, desk: &Desk<'_>, count: usize, rng: &mut Rng) {
    let mut book = Book::new(out, count);
    whole_region(&mut book, desk, rng);
    let direct = (count / 5).max(desk.direct_users).min(book.left);
    let rest = book.left - direct;
    book.left = direct;
    single_users(&mut book, desk, rng);
    // what single users did not take (there may be nobody to give it to) goes to the teams
    let rest = rest + book.left;
    let teams = desk.teams.home.len();
    for team in 0..teams {
        book.left = share(rest, teams, team).len();
        home_team(&mut book, desk, team, rng);
    }
}

fn whole_region(book: &mut Book<'_>, desk: &Desk<'_>, rng: &mut Rng) {
    let number = desk.region.number;
    let home = |rng: &mut Rng| Team(TeamId::Home { region: number, team: rng.below(desk.teams.home.len()) });
    let sites: Vec<Scope> = desk.region.sites.clone().map(Scope::site).collect();
    let groups: Vec<DeviceGroupId> =
        DEVICE_GROUPS.iter().chain([&PATROL]).map(|name| DeviceGroupId { region: number, name }).collect();
    let group_scopes: Vec<Scope> = groups.iter().copied().map(Scope::DeviceGroup).collect();

    for (id, scopes) in [("sites", &sites), ("device-groups", &group_scopes)] {
        if book.open(Team(TeamId::Leads(number))) {
            book.field("id", format_args!("{}-{id}", TeamId::Leads(number)));
            book.field("role", "region-admin");
            book.list("scope", scopes);
        }
    }
    if book.open(Team(TeamId::Region(number))) {
        book.field("id", TeamId::Region(number));
        book.field("role", "watch");
        book.list("scope", &sites);
        book.field("only", groups[0]);
    }
    if book.open(Team(TeamId::Nights(number))) {
        book.field("role", "operator");
        book.list("scope", &sites[..sites.len().min(4)]);
    }
    for layout in desk.layouts {
        if book.open(home(rng)) {
            book.field("role", "wall");
            book.field("scope", Scope::Layout(layout.id));
            book.extras(rng);
        }
    }
    for scope in rng.sample(group_scopes, 3) {
        if book.open(home(rng)) {
            book.field("role", "wall");
            book.field("scope", scope);
            book.extras(rng);
        }
    }
}

fn single_users(book: &mut Book<'_>, desk: &Desk<'_>, rng: &mut Rng) {
    let possible: Vec<usize> = desk.region.users.clone().filter(|&u| desk.users[u].is_ordinary()).collect();
    let chosen = rng.sample(possible, desk.direct_users);
    if chosen.is_empty() {
        return;
    }
    for &user in &chosen {
        single_user(book, desk, people::login(user, desk.users), rng);
    }
    while book.left > 0 {
        let user = rng.pick(&chosen);
        single_user(book, desk, people::login(user, desk.users), rng);
    }
}

/// Roles that give neither layouts nor device groups, so that any scope will do.
pub(crate) const PLAIN_ROLES: [&str; 8] =
    ["watch", "viewer", "viewer", "operator", "export", "auditor", "technician", "std/viewer"];

fn single_user(book: &mut Book<'_>, desk: &Desk<'_>, login: Login, rng: &mut Rng) {
    // four in five are about home
    let near = rng.chance(800);
    let number = if near { rng.within(&desk.region.sites) } else { rng.below(desk.sites.len()) };
    let site = &desk.sites[number];
    let here: Vec<usize> = site.devices.clone().filter(|&d| desk.devices[d].is_ordinary()).collect();
    if !book.open(login) {
        return;
    }
    let role = rng.pick(&PLAIN_ROLES);
    match rng.below(100) {
        0..40 if !here.is_empty() => {
            let count = few(rng);
            let chosen = rng.sample(here, count);
            let scopes: Vec<Scope> =
                chosen.iter().map(|&d| Scope::Device(devices::id(d, desk.devices, desk.sites))).collect();
            book.field("role", role);
            book.list("scope", &scopes);
        }
        40..70 => {
            book.field("role", role);
            book.field("scope", Scope::group(number, rng.pick(&site.tops())));
        }
        70..80 => {
            book.field("role", role);
            book.field("scope", Scope::site(number));
            if rng.chance(300) {
                book.field("except_scope", Scope::group(number, rng.pick(&site.tops())));
            }
        }
        80..86 => {
            // what a region's teams see of a device group, this user may also keep
            let name = rng.pick(&DEVICE_GROUPS);
            book.field("role", "export");
            book.field("scope", Scope::site(number));
            book.field("only", DeviceGroupId { region: near_region(desk, number), name });
        }
        86..90 => {
            book.field("role", "wall");
            let scope = if desk.layouts.is_empty() {
                Scope::site(number)
            } else {
                Scope::Layout(desk.layouts[rng.below(desk.layouts.len())].id)
            };
            book.field("scope", scope);
        }
        90..94 => {
            book.field("role", "technician");
            book.field("scope", Scope::Recorder(RecorderId { site: number, second: false }));
        }
        _ => {
            book.field("role", "operator");
            book.field("scope", Scope::site(number));
            book.field("read_only", true);
        }
    }
    book.extras(rng);
}

/// The region whose device groups a site's devices are in: the desk's own, or the one the site is in.
fn near_region(desk: &Desk<'_>, site: usize) -> usize {
    if desk.region.sites.contains(&site) {
        return desk.region.number;
    }
    let a_device = desk.sites[site].devices.start;
    desk.devices.get(a_device).map_or(desk.region.number, |device| device.region)
}

/// What comes on top of watching.
const ADDITIONS: [&str; 7] = ["sound", "talk", "ptz", "doors", "marks", "export", "technician"];
/// Of these, what an operator has already.
const OF_OPERATORS: usize = 5;

/// A site at which a team works: what it sees there, and which additions it has already.
struct Post {
    site: usize,
    /// It sees these groups; none: the site.
    groups: Vec<&'static str>,
    /// It sees these device groups only; none: all.
    only: Vec<usize>,
    /// By addition.
    given: [Given; ADDITIONS.len()],
}

/// Where an addition has been given, so that it is not given there again.
#[derive(Clone, Default)]
enum Given {
    #[default]
    Nowhere,
    InGroups(Vec<&'static str>),
    InDeviceGroups(Vec<usize>),
    Everywhere,
}

fn home_team(book: &mut Book<'_>, desk: &Desk<'_>, team: usize, rng: &mut Rng) {
    let region = desk.region.number;
    let id = TeamId::Home { region, team };
    let count = (desk.region.sites.len() / 3).max(1);
    let mut posts: Vec<Post> = Vec::new();
    for site in rng.sample(desk.region.sites.clone().collect(), count) {
        if let Some(post) = first_grant(book, desk, id, site, rng) {
            posts.push(post);
        }
    }
    if posts.is_empty() {
        return;
    }
    let crew = (!desk.teams.crew[team].is_empty()).then_some(TeamId::Crew { region, team });
    while book.left > 0 {
        let to = crew.filter(|_| rng.chance(120)).unwrap_or(id);
        let post = rng.below(posts.len());
        let post = &mut posts[post];
        if rng.chance(70) || !addition(book, desk, to, post, rng) {
            by_device(book, desk, to, post.site, rng);
        }
    }
}

fn first_grant(book: &mut Book<'_>, desk: &Desk<'_>, team: TeamId, site: usize, rng: &mut Rng) -> Option<Post> {
    let region = desk.region.number;
    let mut post = Post { site, groups: Vec::new(), only: Vec::new(), given: Default::default() };
    if !book.open(Team(team)) {
        return None;
    }
    let role = rng.pick(&["watch", "watch", "viewer", "viewer", "operator"]);
    if role == "operator" {
        post.given[..OF_OPERATORS].fill(Given::Everywhere);
    }
    book.field("role", role);
    match rng.below(100) {
        0..60 => book.field("scope", Scope::site(site)),
        60..85 => {
            let count = 2 + rng.below(3);
            post.groups = rng.sample(desk.sites[site].tops(), count);
            let scopes: Vec<Scope> = post.groups.iter().map(|group| Scope::group(site, group)).collect();
            book.list("scope", &scopes);
        }
        _ => {
            let count = 2 + rng.below(3);
            post.only = rng.sample((0..DEVICE_GROUPS.len()).collect(), count);
            let only: Vec<DeviceGroupId> =
                post.only.iter().map(|&k| DeviceGroupId { region, name: DEVICE_GROUPS[k] }).collect();
            book.field("scope", Scope::site(site));
            book.list("only", &only);
        }
    }
    book.extras(rng);
    Some(post)
}

/// One addition, where the team sees something and has it not yet; `false`: nothing was found in this draw.
fn addition(book: &mut Book<'_>, desk: &Desk<'_>, to: TeamId, post: &mut Post, rng: &mut Rng) -> bool {
    let drawn = rng.below(ADDITIONS.len());
    let role = ADDITIONS[drawn];
    let site = &desk.sites[post.site];
    if matches!(post.given[drawn], Given::Nowhere) {
        let style = rng.below(10);
        post.given[drawn] = if !post.only.is_empty() || (post.groups.is_empty() && style < 4) {
            Given::InDeviceGroups(Vec::new())
        } else if !post.groups.is_empty() || style < 8 {
            Given::InGroups(Vec::new())
        } else {
            Given::Everywhere
        };
        if matches!(post.given[drawn], Given::Everywhere) {
            book.open(Team(to));
            book.field("role", role);
            book.field("scope", Scope::site(post.site));
            if role == "sound" && rng.chance(300) {
                book.list("kinds", &["camera", "microphone"]);
            }
            book.extras(rng);
            if let Some(deniable) = Deniable::of(role)
                && rng.chance(350)
            {
                denials::write(book, desk, to, post.site, deniable, rng);
            }
            return true;
        }
    }
    match &mut post.given[drawn] {
        Given::InGroups(done) => {
            let tops = if post.groups.is_empty() { site.tops() } else { post.groups.clone() };
            let open: Vec<&'static str> = tops.into_iter().filter(|top| !done.contains(top)).collect();
            if open.is_empty() {
                return false;
            }
            let top = rng.pick(&open);
            done.push(top);
            // the group itself, or one in it; the other ones there are left as they are
            let inside: Vec<&'static str> =
                site.groups.iter().filter(|g| g.top() == top && !g.exclude).map(|g| g.path).collect();
            let path = if rng.chance(600) { top } else { rng.pick(&inside) };
            book.open(Team(to));
            book.field("role", role);
            book.field("scope", Scope::group(post.site, path));
        }
        Given::InDeviceGroups(done) => {
            let all: Vec<usize> =
                if post.only.is_empty() { (0..DEVICE_GROUPS.len()).collect() } else { post.only.clone() };
            let mut open: Vec<usize> = all.into_iter().filter(|k| !done.contains(k)).collect();
            // only what the site has
            open.retain(|&k| site.devices.clone().any(|d| desk.devices[d].first == Some(k)));
            if open.is_empty() {
                return false;
            }
            let kind = rng.pick(&open);
            done.push(kind);
            book.open(Team(to));
            book.field("role", role);
            book.field("scope", Scope::site(post.site));
            book.field("only", DeviceGroupId { region: desk.region.number, name: DEVICE_GROUPS[kind] });
        }
        Given::Nowhere | Given::Everywhere => return false,
    }
    book.extras(rng);
    true
}

/// Everything on a few devices of a site.
fn by_device(book: &mut Book<'_>, desk: &Desk<'_>, to: TeamId, site: usize, rng: &mut Rng) {
    let here: Vec<usize> = desk.sites[site].devices.clone().filter(|&d| desk.devices[d].is_ordinary()).collect();
    let role = rng.pick(&["operator", "export", "technician", "shift-lead"]);
    book.open(Team(to));
    if here.is_empty() {
        book.field("role", "viewer");
        book.field("scope", Scope::Recorder(RecorderId { site, second: false }));
        return;
    }
    let count = few(rng);
    let chosen = rng.sample(here, count);
    let scopes: Vec<Scope> = chosen.iter().map(|&d| Scope::Device(devices::id(d, desk.devices, desk.sites))).collect();
    book.field("role", role);
    book.list("scope", &scopes);
    book.extras(rng);
}

/// Grants that are no region's: everyone sees the organisation, a desk watches everything (and exports cash desks
/// from the control room alone), the leads and the auditors look after what is in no place.
pub(crate) fn write_central(out: &mut String, count: usize) {
    let mut book = Book::new(out, count);
    if book.open("everyone") {
        book.field("id", "see-the-organisation");
        book.field("allow", "org.view");
        book.field("scope", "org");
    }
    if book.open("team:security-desk") {
        book.field("id", "desk");
        book.field("role", "shift-lead");
        book.field("scope", "all");
    }
    if book.open("team:security-desk") {
        book.field("id", "desk-cash");
        book.field("deny", "archive.export");
        book.field("scope", Scope::DeviceGroup(DeviceGroupId { region: 0, name: "cash" }));
        book.field("outside", "control-room");
    }
    if book.open("team:all-leads") {
        book.field("role", "technician");
        book.field("scope", "unassigned");
    }
    if book.open("team:auditors") {
        book.field("role", "auditor");
        book.field("scope", "unassigned");
        book.field("reason", "Until they hang again");
    }
}

/// How many grants [`write_central`] knows.
pub(crate) const CENTRAL: usize = 5;

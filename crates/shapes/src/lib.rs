//! Large policies, made up: what the scale of camgrant is measured with.
//!
//! In: the name of a [`Shape`], how large it shall be, and a seed. Out: the files of a policy without errors, as pairs of
//! path and YAML text. The same three give the same bytes on every machine: all chance comes from one small generator
//! (`rng`), and nothing asks a clock, the environment or a hash map.
//!
//! | shape | is |
//! |---|---|
//! | `org` | an organisation with regions, in which people mostly look at what is near them |
//! | `iid` | as large, and everything in it independent of everything else: nobody is like anybody |
//! | the others | one thing of a policy, in numbers in which nobody has it |
//!
//! Shapes say how long a compilation takes in relation to the text that it is given, and whether that grows with it.

#![forbid(unsafe_code)]
// a generator for benchmarks and tests: a fault in it should be loud
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cut;
mod denials;
mod devices;
mod grants;
mod hostile;
mod ids;
mod iid;
mod links;
mod org;
mod people;
mod places;
mod rng;
mod settings;
mod size;

pub use self::{iid::iid, org::org, size::Size};

/// A policy: path and text of every file.
pub type Files = Vec<(String, String)>;

/// A kind of policy, in any size.
#[derive(Debug)]
pub struct Shape {
    /// What it is called on a command line.
    pub name: &'static str,
    /// What is special about it.
    pub about: &'static str,
    /// What its size counts.
    pub counts: &'static str,
    /// A size that comes to a megabyte or three.
    pub usual: usize,
    /// The least that has everything that the shape is about.
    pub small: usize,
    make: fn(usize, u64) -> Files,
}

impl Shape {
    /// The policy of that size, from that seed.
    #[must_use]
    pub fn files(&self, size: usize, seed: u64) -> Files {
        (self.make)(size, seed)
    }

    /// The shape of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Shape> {
        SHAPES.iter().find(|shape| shape.name == name)
    }
}

/// All shapes; the first is what the others are compared with.
pub static SHAPES: &[Shape] = &[
    Shape {
        name: "org",
        about: "an organisation with regions and home teams",
        counts: "users",
        usual: 4_000,
        small: 40,
        make: |n, seed| org(&Size::of_users(n), seed),
    },
    Shape {
        name: "iid",
        about: "everything independent of everything else",
        counts: "users",
        usual: 4_000,
        small: 40,
        make: |n, seed| iid(&Size::of_users(n), seed),
    },
    Shape {
        name: "everyone",
        about: "one team of everyone",
        counts: "users",
        usual: 10_000,
        small: 40,
        make: hostile::everyone,
    },
    Shape {
        name: "nested",
        about: "teams nested 200 deep",
        counts: "users",
        usual: 10_000,
        small: 40,
        make: hostile::nested,
    },
    Shape {
        name: "roles",
        about: "a chain of roles, each with a grant (10,000 and more)",
        counts: "roles",
        usual: 10_000,
        small: 50,
        make: hostile::roles,
    },
    Shape {
        name: "places",
        about: "places 32 deep",
        counts: "devices",
        usual: 10_000,
        small: 100,
        make: hostile::places,
    },
    Shape {
        name: "device-groups",
        about: "every device in 50 device groups",
        counts: "devices",
        usual: 2_000,
        small: 60,
        make: hostile::device_groups,
    },
    Shape {
        name: "conditions",
        about: "every grant with a condition of its own",
        counts: "grants",
        usual: 10_000,
        small: 250,
        make: hostile::conditions,
    },
    Shape {
        name: "denials",
        about: "as many denials as the size says (100,000 is the usual question)",
        counts: "denials",
        usual: 25_000,
        small: 200,
        make: hostile::denials,
    },
    Shape {
        name: "one-file",
        about: "the shape org in one file",
        counts: "users",
        usual: 4_000,
        small: 40,
        make: |n, seed| cut::one_file(org(&Size::of_users(n), seed)),
    },
    Shape {
        name: "many-files",
        about: "the shape org in 10,000 files and more",
        counts: "users",
        usual: 5_000,
        small: 40,
        make: |n, seed| cut::many_files(org(&Size::of_users(n), seed), n * 5 / 2),
    },
];

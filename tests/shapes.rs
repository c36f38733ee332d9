//! The policies that benchmarks are made with: the same size and seed give the same bytes, every shape compiles, and to
//! the table that the naive evaluator makes.

#![allow(clippy::disallowed_methods)] // what the tests share reads cases
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod support;

use std::collections::BTreeSet;

use camgrant_naive::Policy;
use camgrant_shapes::{SHAPES, Size, iid, org};
use support::{compile_files, lines, table_of};

#[test]
fn the_same_size_and_seed_give_the_same_bytes_and_another_seed_others() {
    for shape in SHAPES {
        let files = shape.files(shape.small, 7);
        assert_eq!(files, shape.files(shape.small, 7), "{}", shape.name);
        assert_ne!(files, shape.files(shape.small, 8), "{}: the seed changes nothing", shape.name);
    }
}

#[test]
fn no_path_comes_twice_and_twice_the_size_is_about_twice_the_text() {
    for shape in SHAPES {
        let bytes = |size| shape.files(size, 7).iter().map(|(_, text)| text.len()).sum::<usize>();
        let files = shape.files(shape.small, 7);
        let paths: BTreeSet<&String> = files.iter().map(|(path, _)| path).collect();
        assert_eq!(paths.len(), files.len(), "{}", shape.name);
        let (one, two) = (bytes(shape.usual / 2), bytes(shape.usual));
        assert!(one * 3 / 2 < two && two < one * 5 / 2, "{}: {one} bytes, and {two}", shape.name);
    }
}

#[test]
fn every_shape_compiles_to_the_table_of_the_naive_evaluator() {
    for shape in SHAPES {
        let files = shape.files(shape.small, 7);
        let compiled = compile_files(&files);
        let Some(policy) = &compiled.policy else {
            panic!("{}: {:#?}", shape.name, lines(&compiled).first());
        };
        assert!(!policy.orgs[0].statements.classes.is_empty(), "{}: nobody has anything", shape.name);
        let naive = Policy::read(&files).expect("the naive evaluator reads it");
        assert!(table_of(policy, "expanded") == naive.table_text(), "{}: the tables differ", shape.name);
    }
}

#[test]
fn the_counts_of_org_and_iid_are_those_of_the_size() {
    let size = Size::new(60, 300, 8, 200);
    for (name, files) in [("org", org(&size, 7)), ("iid", iid(&size, 7))] {
        let compiled = compile_files(&files);
        let org = &compiled.policy.unwrap_or_else(|| panic!("{name} does not compile")).orgs[0].org;
        let sites = org.places.iter().filter(|(_, place)| place.parent.is_none()).count();
        let counts = (org.users.len(), org.devices.len(), sites, org.grants.len());
        assert_eq!(counts, (60, 300, 8, 200), "{name}");
    }
}

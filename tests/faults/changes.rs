//! Files that change between being listed and being read, and between two readings.

use std::cell::Cell;
use std::fs;
use std::path::Path;

use camgrant::compile::{BudgetFlags, Compiled, Options, compile};
use camgrant::diagnostics::render::{Format, RenderOptions, render};
use camgrant::source::disk::DiskWorld;
use camgrant::source::{FaultKind, Listing, MANIFEST, MemoryWorld, World};

use super::program::Folder;
use super::support::lines;

/// A policy on disk to which something happens right after it was listed.
struct Changing<'c> {
    disk: DiskWorld,
    change: &'c dyn Fn(),
}

impl World for Changing<'_> {
    fn list(&self, max_files: usize) -> Listing {
        let listing = self.disk.list(max_files);
        (self.change)();
        listing
    }

    fn read(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, FaultKind> {
        self.disk.read(path, max_bytes)
    }
}

const ACME: &str = "orgs: { acme: {} }\n";

/// Compiles a policy of `acme.yaml` and `sub/gate.yaml`, to which something happens after it was listed. Reports can be
/// written in every form.
fn changed(change: impl Fn(&Path)) -> Compiled {
    let folder = Folder::new(&[("acme.yaml", ACME), ("sub/gate.yaml", "devices: { gate: {}, dock: {} }\n")]);
    let path = folder.path();
    let world = Changing { disk: DiskWorld::open(path, u64::MAX), change: &|| change(path) };
    let budgets = BudgetFlags { max_file_bytes: Some(1000), ..BudgetFlags::default() };
    let compiled = compile(&world, &Options { budgets, ..Options::default() });
    for format in [Format::Human, Format::Short, Format::Json] {
        render(format, &compiled.diagnostics, &compiled.sources, &RenderOptions::default(), &mut Vec::new()).unwrap();
    }
    compiled
}

/// It compiles to nothing, and this is said.
#[track_caller]
fn assert_found(change: impl Fn(&Path), expected: &str) {
    let compiled = changed(change);
    assert!(compiled.policy.is_none());
    assert_eq!(lines(&compiled), [expected]);
}

#[test]
fn a_file_that_vanishes() {
    let expected = "sub/gate.yaml:1:1: CG0001 `sub/gate.yaml` cannot be read: no such file or folder";
    assert_found(|root| fs::remove_file(root.join("sub/gate.yaml")).unwrap(), expected);
    assert_found(|root| fs::remove_dir_all(root.join("sub")).unwrap(), expected);
}

#[test]
fn a_policy_that_vanishes_whole() {
    let compiled = changed(|root| {
        fs::remove_dir_all(root.join("sub")).unwrap();
        fs::remove_file(root.join("acme.yaml")).unwrap();
    });
    assert!(compiled.policy.is_none());
    assert_eq!(lines(&compiled).len(), 2);
}

#[test]
fn a_file_that_shrinks_or_grows_is_read_as_it_is_then() {
    let compiled = changed(|root| fs::write(root.join("sub/gate.yaml"), "devices: { gate: {} }\n").unwrap());
    assert_eq!(lines(&compiled), [""; 0]);
    let compiled = changed(|root| fs::write(root.join("sub/gate.yaml"), "").unwrap());
    assert_eq!(lines(&compiled), [""; 0]);
    let grown = format!("devices: {{ gate: {{ name: {} }} }}\n", "gate".repeat(200));
    let compiled = changed(|root| fs::write(root.join("sub/gate.yaml"), &grown).unwrap());
    assert_eq!(lines(&compiled), [""; 0]);
    let beyond = "#".repeat(1001);
    assert_found(
        |root| fs::write(root.join("sub/gate.yaml"), &beyond).unwrap(),
        "sub/gate.yaml:1:1: CG0003 `sub/gate.yaml` has more than 1000 bytes",
    );
}

#[test]
fn a_file_that_becomes_a_folder() {
    assert_found(
        |root| {
            fs::remove_file(root.join("sub/gate.yaml")).unwrap();
            fs::create_dir(root.join("sub/gate.yaml")).unwrap();
        },
        "sub/gate.yaml:1:1: CG0001 `sub/gate.yaml` cannot be read: it is a folder",
    );
}

#[cfg(unix)]
mod links_and_pipes {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::kinds::make_pipe;

    fn replaced(root: &Path, to: impl AsRef<Path>) {
        fs::remove_file(root.join("sub/gate.yaml")).unwrap();
        symlink(to, root.join("sub/gate.yaml")).unwrap();
    }

    /// It is not waited for: nobody ever writes to it.
    #[test]
    fn a_file_that_becomes_a_pipe() {
        assert_found(
            |root| {
                fs::remove_file(root.join("sub/gate.yaml")).unwrap();
                make_pipe(&root.join("sub/gate.yaml"));
            },
            "sub/gate.yaml:1:1: CG0001 `sub/gate.yaml` cannot be read: it is no regular file",
        );
    }

    #[test]
    fn a_file_that_becomes_a_link() {
        let compiled = changed(|root| replaced(root, "gate.yaml"));
        assert!(compiled.policy.is_none());
        let [line] = &lines(&compiled)[..] else { panic!("{:?}", lines(&compiled)) };
        assert!(line.starts_with("sub/gate.yaml:1:1: CG0001 `sub/gate.yaml` cannot be read: "), "{line}");
        assert!(!line.contains("os error"), "{line}");

        let outside = Folder::new(&[("gate.yaml", "devices: { gate: {} }\n")]);
        assert_found(
            |root| replaced(root, outside.path().join("gate.yaml")),
            "sub/gate.yaml:1:1: CG0007 the link `sub/gate.yaml` leads out of the policy's folder",
        );
    }

    /// Nor is a way out hidden in a folder above the file.
    #[test]
    fn a_folder_that_becomes_a_link() {
        let outside = Folder::new(&[("gate.yaml", "devices: { gate: {} }\n")]);
        assert_found(
            |root| {
                fs::remove_dir_all(root.join("sub")).unwrap();
                symlink(outside.path(), root.join("sub")).unwrap();
            },
            "sub/gate.yaml:1:1: CG0007 the link `sub/gate.yaml` leads out of the policy's folder",
        );
    }
}

/// A world that gives another text of the manifest each time.
struct Fickle<'f> {
    world: MemoryWorld,
    manifests: &'f [Result<&'f str, FaultKind>],
    readings: Cell<usize>,
}

impl World for Fickle<'_> {
    fn list(&self, max_files: usize) -> Listing {
        let mut listing = self.world.list(max_files);
        listing.files.push(MANIFEST.to_owned());
        listing.has_manifest = true;
        listing
    }

    fn read(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, FaultKind> {
        if path != MANIFEST {
            return self.world.read(path, max_bytes);
        }
        let reading = self.readings.replace(self.readings.get() + 1);
        self.manifests[reading.min(self.manifests.len() - 1)].clone().map(|text| text.as_bytes().to_vec())
    }
}

/// The manifest's limits and levels are those of the text that is shown: it is read once. Otherwise a manifest that
/// comes back too late would have no effect, and nobody would hear of it.
#[test]
fn a_manifest_that_changes_is_read_once() {
    let gone = || Err(FaultKind::Unreadable("it is gone".into()));
    let wrong = "camgrant: 1\nlimits: { max_flies: 1 }\n";
    let cases = [
        (vec![Ok("camgrant: 1\n"), gone()], vec![]),
        (
            vec![gone(), Ok("camgrant: 1\n")],
            vec!["camgrant.yaml:1:1: CG0001 `camgrant.yaml` cannot be read: it is gone"],
        ),
        (vec![Ok(wrong), Ok("")], vec!["camgrant.yaml:2:11: CG0201 there is no field `max_flies` here"]),
        (
            vec![Ok("camgrant: 1\nlimits: { max_file_bytes: 20 }\n"), Ok("camgrant: 1\n")],
            vec!["camgrant.yaml:1:1: CG0003 `camgrant.yaml` has more than 20 bytes"],
        ),
    ];
    for (manifests, expected) in cases {
        let world = MemoryWorld::new([("acme.yaml", ACME)]);
        let world = Fickle { world, manifests: &manifests, readings: Cell::new(0) };
        let compiled = compile(&world, &Options::default());
        assert_eq!(lines(&compiled), expected, "{manifests:?}");
        assert_eq!(world.readings.get(), 1);
        render(Format::Human, &compiled.diagnostics, &compiled.sources, &RenderOptions::default(), &mut Vec::new())
            .unwrap();
    }
}

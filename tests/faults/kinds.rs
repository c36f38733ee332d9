//! Things in the place of files: pipes, devices, sockets, links, folders.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use super::program::Folder;
use super::{assert_told, everything, policy, shell, skipped};

/// Makes a named pipe.
pub(crate) fn make_pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// `check` says that this file is no regular one, and does not wait for anybody to write to it.
fn assert_refused(folder: &Folder, path: &str) {
    let run = folder.run(&["check", "policy", "--format", "short"]);
    let expected = format!("{path}:1:1: error[CG0001]: `{path}` cannot be read: it is no regular file\n");
    assert_eq!((run.status, run.stdout), (2, expected));
    assert_eq!(folder.run(&["compile", "policy", "-o", "table.json"]).status, 2);
}

#[test]
fn pipes_and_sockets_in_a_policy_are_not_read() {
    let folder = Folder::new(&[("policy/policy.yaml", &policy(1, 1))]);
    let pipe = folder.path().join("policy/pipe.yaml");
    make_pipe(&pipe);
    assert_refused(&folder, "pipe.yaml");
    fs::remove_file(pipe).unwrap();

    let _socket = UnixListener::bind(folder.path().join("policy/socket.yml")).unwrap();
    assert_refused(&folder, "socket.yml");
    fs::remove_file(folder.path().join("policy/socket.yml")).unwrap();

    // and one in the manifest's place
    make_pipe(&folder.path().join("policy/camgrant.yaml"));
    assert_refused(&folder, "camgrant.yaml");
    assert_eq!(folder.files(), ["policy/camgrant.yaml", "policy/policy.yaml"]);
}

#[test]
fn a_device_in_a_policy_is_not_read() {
    let folder = Folder::new(&[("policy/policy.yaml", &policy(1, 1))]);
    // this one never ends
    let made = Command::new("mknod").arg(folder.path().join("policy/zero.yaml")).args(["c", "1", "5"]).output();
    if !made.is_ok_and(|output| output.status.success()) {
        return skipped("a_device_in_a_policy_is_not_read", "this user cannot make a device");
    }
    assert_refused(&folder, "zero.yaml");
}

/// What a user names is read, whatever it is: so `camgrant check <(some program)` works.
#[test]
fn a_policy_that_is_a_pipe() {
    let folder = Folder::new(&[("policy.yaml", &policy(1, 1))]);
    make_pipe(&folder.path().join("pipe"));
    let run = shell(&folder, "cat policy.yaml > pipe &", &["compile", "pipe"]);
    assert_eq!(run.stdout, folder.result(&["compile", "policy.yaml"]));
}

#[test]
fn an_output_that_is_a_folder() {
    let folder = Folder::new(&[("policy.yaml", &policy(1, 1)), ("there/kept", "")]);
    let before = everything(folder.path());
    let named = [["-o", "there"].as_slice(), &["--source-map", "there"], &["-o", "there/.."]];
    for arguments in named {
        let run = folder.run(&[&["compile", "policy.yaml"], arguments].concat());
        assert_told(&run, &format!("cannot write `{}`", arguments[1]), "it is a folder", "help: name a file");
    }
    for path in ["there/kept/table.json", "gone/table.json"] {
        let run = folder.run(&["compile", "policy.yaml", "-o", path]);
        assert_told(&run, &format!("cannot write `{path}`"), "", "help: name a place in a folder that is there");
    }
    assert_eq!(everything(folder.path()), before);
    // slices where a file is
    let run = folder.run(&["compile", "policy.yaml", "--split", "recorder", "-o", "there/kept"]);
    assert_told(&run, "`there/kept/", "", "");
    // a slice, or the list of sums, where a folder is
    for path in ["out/acme/nvr-000.json", "sums/SHA256SUMS"] {
        fs::create_dir_all(folder.path().join(path)).unwrap();
        let before = everything(folder.path());
        let out = path.split('/').next().unwrap();
        let run = folder.run(&["compile", "policy.yaml", "--split", "recorder", "-o", out]);
        assert_told(&run, &format!("`{path}`"), "", "");
        assert_eq!(everything(folder.path()), before);
    }
}

#[test]
fn an_output_that_is_a_link() {
    let folder = Folder::new(&[("policy.yaml", &policy(1, 1))]);
    let table = folder.result(&["compile", "policy.yaml"]);
    let link = |to: &str, path: &str| symlink(to, folder.path().join(path)).unwrap();
    // what it leads to is written, there or not yet, and the link stays
    fs::create_dir(folder.path().join("real")).unwrap();
    link("real/one.json", "first.json");
    link("first.json", "second.json");
    for _ in 0..2 {
        folder.result(&["compile", "policy.yaml", "-o", "second.json"]);
        assert_eq!(folder.read("real/one.json"), table);
        fs::write(folder.path().join("real/one.json"), "old").unwrap();
    }
    assert!(folder.path().join("first.json").is_symlink() && folder.path().join("second.json").is_symlink());

    link("gone/one.json", "dangling.json");
    link("b.json", "a.json");
    link("a.json", "b.json");
    let before = everything(folder.path());
    let run = folder.run(&["compile", "policy.yaml", "-o", "dangling.json"]);
    assert_told(&run, "cannot write `dangling.json`", "no such file or folder", "help: name a place");
    let run = folder.run(&["compile", "policy.yaml", "-o", "a.json"]);
    assert_told(&run, "cannot write `a.json`", "its links lead round in a circle", "");
    // the same file by two names, neither of them there
    link("new.json", "other.json");
    let run = folder.run(&["compile", "policy.yaml", "-o", "new.json", "--source-map", "other.json"]);
    assert_told(&run, "would be written to the same file", "", "");
    fs::remove_file(folder.path().join("other.json")).unwrap();
    assert_eq!(everything(folder.path()), before);
}

/// A policy is not overwritten by its table, by whatever name.
#[test]
fn an_output_that_is_the_policy() {
    let folder =
        Folder::new(&[("policy/policy.yaml", &policy(1, 1)), ("policy/sub/more.yml", "devices: { dock: {} }\n")]);
    symlink("policy/sub/more.yml", folder.path().join("link.json")).unwrap();
    let before = everything(folder.path());
    for (policy, output) in [
        ("policy", "policy/policy.yaml"),
        ("policy", "policy/../policy/sub/more.yml"),
        ("policy", "link.json"),
        ("policy/policy.yaml", "policy/policy.yaml"),
        ("policy/policy.yaml", "policy/sub/../policy.yaml"),
    ] {
        for option in ["-o", "--source-map"] {
            let run = folder.run(&["compile", policy, option, output]);
            assert_told(&run, &format!("`{output}` is a file of the policy"), "", "help: name another file");
        }
    }
    // nor a slice by the source map
    for map in ["out/acme/nvr-000.json", "out/SHA256SUMS", "./out/acme/../acme/x.json"] {
        fs::create_dir_all(folder.path().join("out/acme")).unwrap();
        let run = folder.run(&["compile", "policy", "--split", "recorder", "-o", "out", "--source-map", map]);
        assert_told(&run, &format!("`{map}` is the place of a slice"), "", "help: name another file");
        fs::remove_dir_all(folder.path().join("out")).unwrap();
    }
    assert_eq!(everything(folder.path()), before);
    folder.result(&["compile", "policy", "-o", "policy/table.json"]);
    folder.result(&["compile", "policy", "--split", "recorder", "-o", "out", "--source-map", "out/map.json"]);
}

/// Who can put a link into the folder of slices cannot have the program write elsewhere.
#[test]
fn slices_are_not_written_through_links() {
    let folder = Folder::new(&[("policy.yaml", &policy(2, 1)), ("elsewhere/kept.json", "kept\n")]);
    let split = ["compile", "policy.yaml", "--split", "recorder", "-o", "out"];
    fs::create_dir_all(folder.path().join("out/acme")).unwrap();
    for (path, to) in [
        ("out/acme/nvr-001.json", "../../elsewhere/kept.json"),
        ("out/acme/nvr-001.json", "../../elsewhere/new.json"),
        ("out/SHA256SUMS", "../elsewhere/kept.json"),
        ("out/SHA256SUMS", "../elsewhere/new"),
        ("out/acme", "../elsewhere"),
    ] {
        let path = folder.path().join(path);
        if path.is_dir() {
            fs::remove_dir(&path).unwrap();
        }
        symlink(to, &path).unwrap();
        let before = everything(folder.path());
        let run = folder.run(&split);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(run.stderr.contains("regular file") || run.stderr.contains("`out/acme` is a link"), "{run:?}");
        assert_eq!(everything(folder.path()), before);
        fs::remove_file(path).unwrap();
    }
    // the folder itself may be one: that is what the user named
    fs::remove_dir(folder.path().join("out")).unwrap();
    symlink("elsewhere", folder.path().join("out")).unwrap();
    folder.result(&split);
    assert!(folder.read("elsewhere/SHA256SUMS").lines().count() == 3);
}

/// A pipe in a slice's place is neither waited for nor replaced.
#[test]
fn a_slice_that_is_a_pipe() {
    let folder = Folder::new(&[("policy.yaml", &policy(2, 1))]);
    let split = ["compile", "policy.yaml", "--split", "recorder", "-o", "out"];
    folder.result(&split);
    for path in ["out/acme/nvr-001.json", "out/SHA256SUMS"] {
        let path = folder.path().join(path);
        let content = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        make_pipe(&path);
        assert_told(&folder.run(&split), "`out/", "regular file", "");
        fs::remove_file(&path).unwrap();
        fs::write(&path, content).unwrap();
    }
    folder.result(&split);
}

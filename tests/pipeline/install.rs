//! Where the program comes from: a release with the right checksum, or this source.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use super::{Folder, has, script};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const PROGRAM: &str = "#!/bin/sh\necho released\n";

/// A folder with a release for this machine in it; the sum is of the archive, or of something else.
fn release(right: bool) -> Folder {
    let folder = Folder::new(&[]);
    let system = |argument: &str| {
        let output = Command::new("uname").arg(argument).output().unwrap().stdout;
        String::from_utf8(output).unwrap().trim().to_owned()
    };
    let target = match (system("-s").as_str(), system("-m").as_str()) {
        ("Linux", "x86_64") => "x86_64-unknown-linux-gnu",
        ("Linux", _) => "aarch64-unknown-linux-gnu",
        (_, "x86_64") => "x86_64-apple-darwin",
        _ => "aarch64-apple-darwin",
    };
    let name = format!("camgrant-{VERSION}-{target}");
    folder.write(&format!("v{VERSION}/{name}/camgrant"), PROGRAM);
    let at = folder.path().join(format!("v{VERSION}"));
    let pack =
        "tar -czf \"$0.tar.gz\" \"$0\" && { sha256sum \"$0.tar.gz\" || shasum -a 256 \"$0.tar.gz\"; } > SHA256SUMS";
    assert!(Command::new("sh").args(["-c", pack, &name]).current_dir(&at).status().unwrap().success());
    if !right {
        let sums = fs::read_to_string(at.join("SHA256SUMS")).unwrap();
        let (sum, rest) = sums.split_at(64);
        let forged: String = sum.chars().rev().collect();
        fs::write(at.join("SHA256SUMS"), format!("{forged}{rest}")).unwrap();
    }
    folder
}

/// Runs the script with a `cargo` that builds a program which says so; the status, and what the program says.
fn install(releases: Option<&Folder>, tag: &str) -> (i32, String) {
    let folder = Folder::new(&[(
        "tools/cargo",
        "#!/bin/sh\nset -eu\necho \"$@\" > cargo-was-asked\nwhile [ \"$1\" != --root ]; do shift; done\n\
         mkdir -p \"$2/bin\"\nprintf '#!/bin/sh\\necho built\\n' > \"$2/bin/camgrant\"\nchmod 755 \"$2/bin/camgrant\"\n",
    )]);
    let cargo = folder.path().join("tools/cargo");
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = script("install.sh", &folder);
    let path = format!("{}:{}", folder.path().join("tools").display(), std::env::var("PATH").unwrap());
    command.env("PATH", path).env("CAMGRANT_TAG", tag);
    if let Some(releases) = releases {
        command.env("CAMGRANT_RELEASES", format!("file://{}", releases.path().display()));
    }
    let run = command.output().unwrap();
    if !run.status.success() {
        assert!(!folder.path().join("camgrant-bin/camgrant").exists(), "{run:?}");
        return (run.status.code().unwrap(), String::from_utf8(run.stderr).unwrap());
    }
    if let Ok(asked) = fs::read_to_string(folder.path().join("cargo-was-asked")) {
        assert!(asked.starts_with("install --locked "), "{asked}");
    }
    let program = String::from_utf8(run.stdout).unwrap();
    let says = Command::new(program.trim()).output().unwrap().stdout;
    (0, String::from_utf8(says).unwrap())
}

#[test]
fn a_release_is_taken_where_it_is_of_this_version() {
    if !has(&["curl", "tar"]) {
        return;
    }
    let right = release(true);
    assert_eq!(install(Some(&right), &format!("v{VERSION}")), (0, "released\n".to_owned()));
    // a branch or a commit is another text than the one that was released
    assert_eq!(install(Some(&right), "main"), (0, "built\n".to_owned()));
    assert_eq!(install(None, &format!("v{VERSION}")), (0, "built\n".to_owned()));
    assert_eq!(install(Some(&Folder::new(&[])), &format!("v{VERSION}")), (0, "built\n".to_owned()));
}

#[test]
fn a_release_with_a_wrong_checksum_ends_everything() {
    if !has(&["curl", "tar"]) {
        return;
    }
    let (status, says) = install(Some(&release(false)), &format!("v{VERSION}"));
    assert!(status == 2 && says.contains("the checksum of camgrant-"), "{status} {says}");
}

//! Places as the formats for platforms tell them: a path inside the repository, lines and columns from 1.

use crate::source::{Places, Position, Span};

/// A place with its path inside the repository.
pub(super) struct Located {
    pub path: String,
    /// Where it begins and ends (the place behind its last character); none where its file has no text.
    pub range: Option<(Position, Position)>,
}

impl Located {
    /// Where a span stands, for a policy in this folder of the repository.
    pub(super) fn new(span: Span, folder: &str, places: &mut Places<'_>) -> Located {
        let lines = places.lines(span.file);
        let range = (|| lines.position(span.start as usize), || lines.position(span.end.max(span.start) as usize));
        let range = lines.file.readable.then(|| (range.0(), range.1()));
        Located { path: in_repository(folder, &lines.file.path), range }
    }

    /// The first line, or 1.
    pub(super) fn line(&self) -> usize {
        self.range.map_or(1, |(start, _)| start.line)
    }
}

/// The path of a file of the policy, inside the repository.
pub(crate) fn in_repository(folder: &str, path: &str) -> String {
    match (folder.trim_end_matches('/'), path) {
        ("", path) => path.to_owned(),
        (folder, ".") => folder.to_owned(),
        (folder, path) => format!("{folder}/{path}"),
    }
}

/// A path as a URI reference: relative, or of scheme `file` where it is absolute.
pub(super) fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte as char),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_repository() {
        assert_eq!(in_repository("", "a.yaml"), "a.yaml");
        assert_eq!(in_repository("policy/", "people/a.yaml"), "policy/people/a.yaml");
        assert_eq!(in_repository("policy", "."), "policy");
        assert_eq!(in_repository("", "."), ".");
    }

    #[test]
    fn no_path_breaks_out_of_a_uri() {
        assert_eq!(uri("a b/ü:1?.yaml"), "a%20b/%C3%BC%3A1%3F.yaml");
        assert_eq!(uri("/srv/policy/a.yaml"), "file:///srv/policy/a.yaml");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
    }
}

//! One run of bytes as the files of a policy.
//!
//! A line `#-- NAME` begins the file of that name; what stands before the first such line is `policy.yaml`. To YAML
//! the line is a comment, so that a file of a policy is an input as it is.

const MARK: &[u8] = b"#-- ";

/// The files: path and bytes. Where a name comes twice, both parts are there; a world keeps the last.
#[must_use]
pub fn files(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![("policy.yaml".to_owned(), Vec::new())];
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if let Some(name) = line.strip_prefix(MARK) {
            files.push((String::from_utf8_lossy(name.trim_ascii()).into_owned(), Vec::new()));
        } else if let Some((_, text)) = files.last_mut() {
            text.extend_from_slice(line);
        }
    }
    if files.len() > 1 {
        files.retain(|(path, text)| path != "policy.yaml" || !text.is_empty());
    }
    files
}

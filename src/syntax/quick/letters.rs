//! Which bytes a text may have at all, and what each may begin.

/// Declines a text with anything in it that YAML may read otherwise than as a letter: control characters and tabs,
/// carriage returns that end no line, the separators and marks of Unicode; and one that is too long for its places.
pub(super) fn are_plain(text: &str) -> Option<()> {
    if u32::try_from(text.len()).is_err() {
        return None;
    }
    let bytes = text.as_bytes();
    // without a branch on each byte, so that many are looked at at once
    let strange = |byte: u8| (byte < b' ' && byte != b'\n' && byte != b'\r') || byte == 0x7f;
    if bytes.iter().fold(false, |found, byte| found | strange(*byte)) {
        return None;
    }
    let ends_no_line = |at: usize| bytes.get(at + 1) != Some(&b'\n');
    if text.contains('\r') && text.match_indices('\r').any(|(at, _)| ends_no_line(at)) {
        return None;
    }
    if text.is_ascii() {
        return Some(());
    }
    let mark = '\u{feff}';
    let body = text.strip_prefix(mark).unwrap_or(text);
    let unusual =
        |c: char| matches!(c, '\u{80}'..='\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    (!body.contains(unusual)).then_some(())
}

/// What a byte is to plain text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Letter {
    /// Goes on.
    Text,
    /// A space, a line's end, a colon or a number sign: depends on what is beside it.
    Look,
    /// A bracket, brace or comma: text in a block, a sign in a flow.
    Flow,
}

/// What each byte is.
static LETTERS: [Letter; 256] = {
    let mut letters = [Letter::Text; 256];
    let look = b" \n\r:#";
    let mut index = 0;
    while index < look.len() {
        letters[look[index] as usize] = Letter::Look;
        index += 1;
    }
    let flow = b"[]{},";
    index = 0;
    while index < flow.len() {
        letters[flow[index] as usize] = Letter::Flow;
        index += 1;
    }
    letters
};

/// What a byte is to plain text.
pub(super) fn letter(byte: u8) -> Letter {
    LETTERS[byte as usize]
}

/// Whether plain text may begin with this byte whatever comes behind it.
pub(super) fn begins_text(byte: u8) -> bool {
    !matches!(
        byte,
        b'-' | b'?'
            | b':'
            | b','
            | b'['
            | b']'
            | b'{'
            | b'}'
            | b'#'
            | b'&'
            | b'*'
            | b'!'
            | b'|'
            | b'>'
            | b'\''
            | b'"'
            | b'%'
            | b'@'
            | b'`'
            | b' '
            | b'\n'
            | b'\r'
    )
}

//! JSON with an indent of two spaces, byte for byte as `serde_json` writes it, in fewer and longer pieces: a table has
//! millions of lines.

use std::io::{self, Write};

use serde_json::ser::Formatter;

/// A line's end and more spaces than a table is deep; what is deeper is written in several pieces.
const LINE: &[u8] = b"\n                                                                ";

/// Says where lines end while a document is written.
#[derive(Debug, Default)]
pub(super) struct Indented {
    depth: usize,
    /// Whether the list or map that is written last has anything in it.
    has_value: bool,
}

impl Indented {
    fn new_line<W: ?Sized + Write>(&self, out: &mut W, first: bool) -> io::Result<()> {
        if !first {
            out.write_all(b",")?;
        }
        let spaces = self.depth * 2;
        match LINE.get(..=spaces) {
            Some(line) => out.write_all(line),
            None => {
                out.write_all(b"\n")?;
                (0..spaces).try_for_each(|_| out.write_all(b" "))
            }
        }
    }

    fn begin<W: ?Sized + Write>(&mut self, out: &mut W, sign: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_value = false;
        out.write_all(sign)
    }

    fn end<W: ?Sized + Write>(&mut self, out: &mut W, sign: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.has_value {
            self.new_line(out, true)?;
        }
        out.write_all(sign)
    }

    fn end_value(&mut self) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
}

impl Formatter for Indented {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.new_line(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.end_value()
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.new_line(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.end_value()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use serde::Serialize;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn it_writes_what_serde_json_writes() {
        let mut deep = json!([]);
        for _ in 0..40 {
            deep = json!([{ "within": deep, "beside": [1, "two", { "three": null }], "empty": {} }]);
        }
        for value in [json!([]), json!({}), json!("text"), json!([[], {}, [[]]]), deep] {
            let mut written = Vec::new();
            let mut serializer = serde_json::Serializer::with_formatter(&mut written, Indented::default());
            Value::serialize(&value, &mut serializer).unwrap();
            assert_eq!(String::from_utf8(written).unwrap(), serde_json::to_string_pretty(&value).unwrap());
        }
    }
}

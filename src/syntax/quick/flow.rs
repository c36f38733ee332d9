//! Lists and mappings in brackets and braces, closed on the line on which they begin.

use super::{DECLINE, NodeKind, Reader};

impl Reader<'_> {
    /// The list or mapping at the cursor, which then stands behind it.
    pub(super) fn flow(&mut self) -> Option<()> {
        // as deep as the brackets, which `max_depth` bounds
        match self.byte() {
            b'[' => self.flow_list(),
            b'{' => self.flow_mapping(),
            _ => DECLINE,
        }
    }

    fn flow_list(&mut self) -> Option<()> {
        self.push_open(NodeKind::Sequence, self.at, 0)?;
        self.at += 1;
        loop {
            self.skip_spaces();
            if self.byte() == b']' {
                break;
            }
            self.flow_value()?;
            if !self.goes_on(b']')? {
                break;
            }
        }
        self.at += 1;
        self.close(Some(self.at))
    }

    fn flow_mapping(&mut self) -> Option<()> {
        self.push_open(NodeKind::Mapping { flow: true }, self.at, 0)?;
        self.at += 1;
        loop {
            self.skip_spaces();
            if self.byte() == b'}' {
                break;
            }
            let key = self.scalar(true)?;
            // the parser takes a longer key for none
            if self.byte() != b':'
                || self.byte_at(self.at + 1) != b' '
                || self.at - key.start > super::block::LONGEST_KEY
            {
                return DECLINE;
            }
            self.push(key.kind, key.start, key.end);
            self.at += 1;
            self.skip_spaces();
            self.flow_value()?;
            if !self.goes_on(b'}')? {
                break;
            }
        }
        self.at += 1;
        self.close(Some(self.at))
    }

    /// An item of a list, or the value of a key.
    fn flow_value(&mut self) -> Option<()> {
        if matches!(self.byte(), b'[' | b'{') {
            return self.flow();
        }
        let scalar = self.scalar(true)?;
        self.push(scalar.kind, scalar.start, scalar.end);
        Some(())
    }

    /// Whether a comma comes, or the end; declines anything else.
    fn goes_on(&mut self, end: u8) -> Option<bool> {
        self.skip_spaces();
        match self.byte() {
            b',' => {
                self.at += 1;
                Some(true)
            }
            byte if byte == end => Some(false),
            _ => None,
        }
    }
}

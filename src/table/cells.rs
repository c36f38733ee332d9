//! A sparse grid: a right's number at some crossings of rows and columns.

/// The cells, row by row, each row in the order of its columns.
#[derive(Debug)]
pub(super) struct Cells {
    /// Where each row starts in `cells`, and the end of the last.
    starts: Box<[usize]>,
    /// Column and value.
    cells: Box<[(u32, u32)]>,
}

impl Cells {
    /// From `[row, column, value]` with rows below `rows`. Where two stand at one crossing, an error: its row and column.
    pub(super) fn load(rows: usize, mut from: Vec<[u32; 3]>) -> Result<Self, (u32, u32)> {
        from.sort_unstable();
        let crossing = |&[row, column, _]: &[u32; 3]| (row, column);
        if let Some(twice) =
            from.windows(2).filter_map(|pair| pair.first().zip(pair.last())).find(|(a, b)| crossing(a) == crossing(b))
        {
            return Err(crossing(twice.0));
        }
        let starts = (0..=rows).map(|row| from.partition_point(|cell| (cell[0] as usize) < row)).collect();
        Ok(Self { starts, cells: from.into_iter().map(|[_, column, value]| (column, value)).collect() })
    }

    /// The row's columns and values; none where there is no such row.
    pub(super) fn row(&self, row: u32) -> &[(u32, u32)] {
        let ends = (self.starts.get(row as usize), self.starts.get(row as usize + 1));
        let (Some(&start), Some(&end)) = ends else {
            return &[];
        };
        self.cells.get(start..end).unwrap_or_default()
    }

    /// The value at the crossing.
    pub(super) fn find(&self, row: u32, column: u32) -> Option<u32> {
        let row = self.row(row);
        let place = row.binary_search_by_key(&column, |cell| cell.0).ok()?;
        row.get(place).map(|cell| cell.1)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_there() {
        let cells = Cells::load(4, vec![[2, 5, 50], [0, 1, 10], [2, 0, 20]]).unwrap();
        assert_eq!(cells.find(0, 1), Some(10));
        assert_eq!(cells.find(2, 5), Some(50));
        assert_eq!(cells.row(2), [(0, 20), (5, 50)]);
        assert_eq!(cells.row(1), []);
        assert_eq!(cells.row(3), []);
        assert_eq!(cells.row(u32::MAX), []);
        assert_eq!(cells.find(0, 0), None);
        assert!(Cells::load(0, Vec::new()).unwrap().row(0).is_empty());
    }

    #[test]
    fn refuses_two_at_one_crossing() {
        assert_eq!(Cells::load(2, vec![[1, 1, 0], [0, 1, 0], [1, 1, 0]]).unwrap_err(), (1, 1));
    }
}

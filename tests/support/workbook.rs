//! Reads a workbook back, by the standard (ECMA-376) and not by what wrote it: texts, numbers and formulas as they are kept.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

/// A cell as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A number; days are numbers too, 1 is the first of January 1900.
    Number(f64),
    /// A formula, which no cell of ours may be.
    Formula(String),
}

/// The sheets, each its rows.
pub struct Workbook {
    /// Names of the sheets, in their order.
    pub names: Vec<String>,
    /// Rows of cells; rows and cells that are left out are empty.
    pub sheets: Vec<Vec<Vec<Cell>>>,
}

fn part(archive: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> String {
    let mut text = String::new();
    archive.by_name(name).unwrap_or_else(|_| panic!("{name} is in the file")).read_to_string(&mut text).expect("UTF-8");
    text
}

/// The texts of all elements of a name, what is within them put together.
fn texts(xml: &str, element: &str) -> Vec<String> {
    let (mut reader, mut all, mut open) = (Reader::from_str(xml), vec![], None::<String>);
    loop {
        match reader.read_event().expect("XML") {
            Event::Start(tag) if tag.name().as_ref() == element.as_bytes() => open = Some(String::new()),
            Event::End(tag) if tag.name().as_ref() == element.as_bytes() => all.extend(open.take()),
            Event::Text(text) => {
                if let Some(open) = &mut open {
                    open.push_str(&text.decode().expect("text"));
                }
            }
            Event::GeneralRef(name) => {
                if let Some(open) = &mut open {
                    open.push_str(entity(&name.decode().expect("a name")));
                }
            }
            Event::Eof => return all,
            _ => {}
        }
    }
}

fn entity(name: &str) -> &'static str {
    match name {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "quot" => "\"",
        "apos" => "'",
        other => panic!("an entity {other}"),
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(rest.split('"').next().unwrap_or_default().to_owned())
}

/// The place of `C7`: column and row from 0.
fn place(reference: &str) -> (usize, usize) {
    let letters: String = reference.chars().take_while(char::is_ascii_alphabetic).collect();
    let column = letters.bytes().fold(0, |sum, letter| sum * 26 + usize::from(letter - b'A') + 1);
    let row: usize = reference[letters.len()..].parse().expect("a row");
    (column - 1, row - 1)
}

fn sheet(xml: &str, shared: &[String]) -> Vec<Vec<Cell>> {
    let mut rows: Vec<Vec<Cell>> = vec![];
    for piece in xml.split("<c ").skip(1) {
        let (tag, rest) = piece.split_once('>').expect("a cell");
        let tag = format!(" {tag}");
        let body = if tag.ends_with('/') { "" } else { rest.split("</c>").next().unwrap_or_default() };
        let within = |name: &str| {
            let (_, rest) = body.split_once(&format!("<{name}>"))?;
            rest.split(&format!("</{name}>")).next().map(str::to_owned)
        };
        let kind = attribute(&tag, "t");
        let cell = match (within("f"), within("v"), kind.as_deref()) {
            (Some(formula), ..) => Cell::Formula(formula),
            (None, Some(value), Some("s")) => Cell::Text(shared[value.parse::<usize>().expect("a place")].clone()),
            (None, Some(value), None | Some("n")) => Cell::Number(value.parse().expect("a number")),
            (None, None, _) => Cell::Empty,
            (None, Some(value), Some(other)) => panic!("a cell of kind {other}: {value}"),
        };
        let (column, row) = place(&attribute(&tag, "r").expect("a place"));
        rows.resize_with(rows.len().max(row + 1), Vec::new);
        let cells = &mut rows[row];
        cells.resize(cells.len().max(column + 1), Cell::Empty);
        cells[column] = cell;
    }
    rows
}

impl Workbook {
    /// Reads one.
    pub fn read(bytes: Vec<u8>) -> Self {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a zip archive");
        let book = part(&mut archive, "xl/workbook.xml");
        let names: Vec<String> =
            book.split("<sheet ").skip(1).map(|tag| attribute(&format!(" {tag}"), "name").expect("a name")).collect();
        let shared = texts(&part(&mut archive, "xl/sharedStrings.xml"), "si");
        let sheets =
            (1..=names.len()).map(|n| part(&mut archive, &format!("xl/worksheets/sheet{n}.xml"))).collect::<Vec<_>>();
        Self { sheets: sheets.iter().map(|xml| sheet(xml, &shared)).collect(), names }
    }

    /// The cell of a row below a heading of a sheet.
    pub fn cell(&self, sheet: usize, row: usize, heading: &str) -> Cell {
        let headings = &self.sheets[sheet][0];
        let column = headings.iter().position(|cell| *cell == Cell::Text(heading.to_owned()));
        let column = column.unwrap_or_else(|| panic!("no {heading} in {headings:?}"));
        self.sheets[sheet][row].get(column).cloned().unwrap_or(Cell::Empty)
    }
}

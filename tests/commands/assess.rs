//! `zhidan assess admission`: one bad file or row is named and spoils nothing else.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Ran, zhidan};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../api/src/demonstration/data");
const SOUND: &str = "9133010099DEM0013K";
const OTHER: &str = "9133010099DEM0021E";
const HEADING: &str = "company_id,invoice_no,issue_date,counterparty_id,amount,tax,total,void\n";

/// A folder that is removed with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("zhidan_test_{}", uuid::Uuid::now_v7().simple()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    /// One with a sound firm in it.
    fn with_a_sound_firm() -> Self {
        let folder = Self::new();
        folder.put("companies_1.csv", format!("company_id,company_name\n{SOUND},示例一号\n").as_bytes());
        folder.put("invoices_1_in.csv.gz", &sample(SOUND, "in"));
        folder.put("invoices_1_out.csv.gz", &sample(SOUND, "out"));
        folder
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.0.join(name), bytes).expect("a file");
    }

    async fn assess(&self, more: &[&str]) -> Ran {
        let dir = self.0.display().to_string();
        zhidan(vec![], &[&["assess", "admission", "--dir", &dir], more].concat()).await
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn sample(firm: &str, side: &str) -> Vec<u8> {
    std::fs::read(Path::new(DATA).join(format!("{firm}_invoices_{side}.csv.gz"))).expect("a sample")
}

/// The firms of an answer, by id.
fn firms(ran: &Ran) -> Vec<Value> {
    ran.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn of<'a>(firms: &'a [Value], id: &str) -> &'a Value {
    firms.iter().find(|firm| firm["company_id"] == id).unwrap_or_else(|| panic!("no {id} in {firms:?}"))
}

#[actix_web::test]
async fn what_is_bad_is_named_and_the_rest_goes_on() {
    let clean = Folder::with_a_sound_firm().assess(&["--as-of", "2020-02-01"]).await;
    assert_eq!((clean.code, clean.err.as_str()), (0, ""), "{clean:?}");
    let folder = Folder::with_a_sound_firm();
    let row = |id: &str, rest: &str| format!("{id},{rest}\n");
    let rows = [
        HEADING.to_owned(),
        row("F2", "0001,2019-05-06,A1,100.00,6.00,106.00,0"),
        row("F2", "0002,2019-13-45,A1,100.00,6.00,106.00,0"),
        row("F2", "0003,2019-05-07,A1,many,6.00,106.00,0"),
        row("F2", "0004,2019-05-08,A1,100.00,6.00,106.00,0,0,0"),
        row("", "0005,2019-05-09,A1,100.00,6.00,106.00,0"),
        row("F2", "0006,2019-05-10,A1,100.00,6.00,106.00,0"),
    ];
    folder.put("invoices_2_in.csv", rows.concat().as_bytes());
    folder.put("invoices_3_out.csv", b"company_id,invoice_no,issue_date\nF2,1,2019-05-06\n");
    let archive = sample(OTHER, "in");
    folder.put("invoices_4_in.csv.gz", &archive[..archive.len() / 2]);
    folder.put("invoices_5_out.csv.gz", b"this is no archive");
    folder.put("invoices_6_in.csv", b"");
    folder.put("invoices_7_in.csv", &[HEADING.as_bytes(), b"F3,\xff\xfe,2019-05-06,A1,1,1,2,0\n"].concat());
    folder.put("companies_2.csv", b"name\nno id here\n");
    folder.put("companies_3.csv", b"company_id,company_name\nF9,alone\n,nobody\n");
    folder.put("notes.txt", b"not read at all");
    let ran = folder.assess(&["--as-of", "2020-02-01"]).await;
    assert_eq!(ran.code, 3, "{ran:?}");
    for named in [
        "companies_2.csv:1: the heading lacks the column company_id",
        "companies_3.csv:3: company_id is empty",
        "invoices_2_in.csv:3: issue_date cannot be read",
        "invoices_2_in.csv:4: amount cannot be read",
        "invoices_2_in.csv:5: more fields than the heading",
        "invoices_2_in.csv:6: company_id is empty",
        "invoices_3_out.csv:1: the heading needs each of these columns once",
        "invoices_4_in.csv.gz:",
        "invoices_5_out.csv.gz:",
        "invoices_6_in.csv:1: is empty",
        "invoices_7_in.csv:2: the line is not UTF-8 (in Excel save as “CSV UTF-8”)",
    ] {
        assert!(ran.err.contains(named), "{named:?} is not in\n{}", ran.err);
    }
    assert!(!ran.err.contains("notes.txt") && !ran.err.contains("invoices_1_"), "{}", ran.err);
    assert_eq!(ran.err.lines().count(), 11, "each once:\n{}", ran.err);
    let all = firms(&ran);
    // The sound firm is scored as if nothing bad lay beside it.
    assert_eq!(of(&all, SOUND), of(&firms(&clean), SOUND));
    // Two rows of the second firm count; its sales could not be read, which is a gap and not a firm without sales.
    assert_eq!(of(&all, "F2")["left_out"]["bad"], 3, "{:#}", of(&all, "F2"));
    assert!(of(&all, "F2")["decision"] != "refuse", "{:#}", of(&all, "F2"));
    assert_eq!((&of(&all, "F9")["listed"], &of(&all, OTHER)["listed"]), (&Value::Bool(true), &Value::Bool(false)));
}

#[actix_web::test]
async fn a_folder_that_holds_nothing_to_read_fails_the_command() {
    let empty = Folder::new();
    let ran = empty.assess(&[]).await;
    assert!(ran.code == 1 && ran.err.contains("neither companies_*.csv nor invoices_"), "{ran:?}");
    let none = zhidan(vec![], &["assess", "admission", "--dir", "/no/such/folder"]).await;
    assert!(none.code == 1 && none.err.contains("cannot list the folder /no/such/folder"), "{none:?}");
    let wrong = empty.assess(&["--as-of", "tomorrow"]).await;
    assert!(wrong.code == 2 && wrong.err.contains("--as-of"), "{wrong:?}");
}

#[actix_web::test]
async fn nothing_unreadable_makes_a_firm_loses_one_or_refuses_one() {
    let folder = Folder::with_a_sound_firm();
    let row = |id: &str, rest: &str| format!("{id},{rest}\n");
    let sales: String =
        (1..20).map(|at| row("F2", &format!("{at:04},2019-05-{at:02},A1,100.00,6.00,106.00,0"))).collect();
    // The purchases of F2 dwarf its sales, which alone would refuse it.
    let dear: String =
        (1..20).map(|at| row("F2", &format!("{at:04},2019-05-{at:02},B1,9000000.00,0.00,9000000.00,0"))).collect();
    folder.put("invoices_2_out.csv", format!("{HEADING}{sales}").as_bytes());
    folder.put("invoices_2_in.csv", format!("{HEADING}{dear}").as_bytes());
    let whole = folder.assess(&["--as-of", "2020-02-01"]).await;
    assert_eq!((whole.code, &of(&firms(&whole), "F2")["decision"]), (0, &Value::from("refuse")), "{whole:?}");

    // The same with a line that swallows its neighbours, lines in GBK, a file that breaks off, and everything twice.
    let gbk = b"F4,0001,2019-05-06,\xca\xbe\xc0\xfd,100.00,6.00,106.00,0\n";
    let quote = row("\"F9", "0021,2019-05-06,A1,100.00,6.00,106.00,0");
    folder.put("invoices_3_in.csv", &[HEADING.as_bytes(), quote.as_bytes(), gbk].concat());
    folder.put("companies_2.csv", b"company_id,company_name\nF5,\xca\xbe\xc0\xfd\nF6,once\nF6,twice\n");
    folder.put("invoices_2_out.csv.gz", b"never opened");
    let archive = sample(OTHER, "out");
    folder.put("invoices_8_out.csv.gz", &archive[..archive.len() / 2]);
    let bad = row("F2", "0030,2019-05-06,B1,many,0.00,1.00,0").repeat(5);
    folder.put("invoices_9_in.csv", format!("{HEADING}{bad}").as_bytes());
    let ran = folder.assess(&["--as-of", "2020-02-01"]).await;
    assert_eq!(ran.code, 3, "{ran:?}");
    for named in [
        "invoices_3_in.csv:2: a quotation mark is not closed",
        "invoices_3_in.csv:3: the line is not UTF-8 (in Excel save as “CSV UTF-8”)",
        "companies_2.csv:2: the line is not UTF-8",
        "companies_2.csv:4: F6 is listed twice",
        "invoices_2_out.csv.gz:0: left out",
    ] {
        assert!(ran.err.contains(named), "{named:?} is not in\n{}", ran.err);
    }
    let all = firms(&ran);
    let mut ids: Vec<&str> = all.iter().filter_map(|firm| firm["company_id"].as_str()).collect();
    ids.sort_unstable();
    assert_eq!(ids, [SOUND, OTHER, "F2", "F4", "F5", "F6"], "no phantom, and nobody is lost");
    assert!(all.iter().all(|firm| firm["decision"] != "refuse"), "{all:#?}");
    assert_eq!((&of(&all, "F4")["left_out"]["bad"], &of(&all, "F5")["listed"]), (&Value::from(1), &Value::Bool(true)));
    // The sales of whoever has no rows of them are unknown, also where there is no row at all.
    let gap = |id: &str| {
        of(&all, id)["gaps"]
            .as_array()
            .is_some_and(|gaps| gaps.iter().any(|gap| gap["source"] == "invoices_out" && gap["kind"] == "failed"))
    };
    assert!(gap("F5") && gap("F4") && !gap("F2"), "{all:#?}");
    assert_eq!(of(&all, "F2")["left_out"]["duplicate"], 0, "nothing was read twice");
}

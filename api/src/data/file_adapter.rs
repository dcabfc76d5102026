//! The first adapter: files in a folder (`docs/data-sources.md`). It serves firms that get their data as exports, the
//! demonstration, and drills.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use domain::assessments::admission::SourceKind;
use uuid::Uuid;

use super::adapter::{Ask, DataSource, PullAnswer};
use super::source_code;

/// Largest JSON file, bytes.
const JSON_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// Largest invoice file once unpacked, bytes.
const INVOICE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// The drill: a number of attempts that fail first.
const DRILL: &str = "fail_times";

/// Reads `<folder>/<tenant>/<credit code>/<source>.{json,csv,csv.gz}`.
pub struct FileAdapter {
    root: PathBuf,
}

impl FileAdapter {
    /// An adapter over a folder.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }
}

#[async_trait]
impl DataSource for FileAdapter {
    fn name(&self) -> &'static str {
        "file"
    }

    async fn pull(&self, ask: &Ask) -> PullAnswer {
        let (root, ask) = (self.root.clone(), ask.clone());
        let read = tokio::task::spawn_blocking(move || read(&root, &ask)).await;
        read.unwrap_or_else(|_| failed(false, "读取中断"))
    }
}

fn failed(permanent: bool, why: impl Into<String>) -> PullAnswer {
    PullAnswer::Failed { permanent, why: why.into() }
}

fn read(root: &Path, ask: &Ask) -> PullAnswer {
    if !root.is_dir() {
        // a folder that is not mounted must not read as "nothing on record"
        return failed(false, "数据目录不存在，请联系系统管理员");
    }
    let Some(folder) = folder_of(root, ask) else { return PullAnswer::Absent };
    let drill = std::fs::read_to_string(folder.join(DRILL)).ok().and_then(|text| text.trim().parse::<i32>().ok());
    if drill.is_some_and(|times| ask.attempt <= times) {
        return failed(false, "演练：数据来源暂时不可用");
    }
    let code = source_code(ask.source);
    let (names, bytes_max) = match ask.source {
        SourceKind::InvoicesIn | SourceKind::InvoicesOut => {
            (vec![format!("{code}.csv"), format!("{code}.csv.gz")], INVOICE_BYTES_MAX)
        }
        _ => (vec![format!("{code}.json")], JSON_BYTES_MAX),
    };
    for name in names {
        match read_file(&folder.join(&name), bytes_max) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return failed(false, format!("文件无法读取（{}）", error.kind())),
            Ok(None) => return failed(true, format!("文件超过{}MB", bytes_max / 1024 / 1024)),
            Ok(Some(bytes)) => return PullAnswer::Complete(bytes),
        }
    }
    PullAnswer::Absent
}

/// The firm's folder. The credit code is checked and the tenant's name is from our own table, so neither can lead out
/// of the root; a name that reads as an id is not used, lest it be another tenant's.
fn folder_of(root: &Path, ask: &Ask) -> Option<PathBuf> {
    let by_name = Some(ask.tenant_slug.clone()).filter(|slug| Uuid::parse_str(slug).is_err());
    [Some(ask.tenant.to_string()), by_name]
        .into_iter()
        .flatten()
        .map(|tenant| root.join(tenant).join(ask.subject.as_str()))
        .find(|folder| folder.is_dir())
}

/// The file, unpacked where its name ends in `.gz`; `None` where it is larger than `bytes_max`.
fn read_file(path: &Path, bytes_max: u64) -> io::Result<Option<Vec<u8>>> {
    let file = File::open(path)?;
    let mut bytes = Vec::new();
    let packed = path.extension().is_some_and(|extension| extension == "gz");
    let read = if packed {
        flate2::read::MultiGzDecoder::new(file).take(bytes_max + 1).read_to_end(&mut bytes)?
    } else {
        file.take(bytes_max + 1).read_to_end(&mut bytes)?
    };
    Ok(Some(bytes).filter(|_| read as u64 <= bytes_max))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use domain::person::CreditCode;

    use super::*;

    const CODE: &str = "91350100M000100Y43";

    fn ask(tenant: Uuid, source: SourceKind, attempt: i32) -> Ask {
        let subject = CreditCode::parse(CODE).unwrap();
        Ask { tenant, tenant_slug: "demo".into(), subject, source, attempt }
    }

    fn word(answer: &PullAnswer) -> String {
        match answer {
            PullAnswer::Complete(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            PullAnswer::Absent => "absent".into(),
            PullAnswer::Failed { permanent, .. } => format!("failed {permanent}"),
        }
    }

    #[test]
    fn files_are_found_by_tenant_and_credit_code_alone() {
        let root = std::env::temp_dir().join(format!("zhidan-sources-{}", Uuid::now_v7()));
        let (tenant, other) = (Uuid::now_v7(), Uuid::now_v7());
        let asked = |tenant, source, attempt| word(&read(&root, &ask(tenant, source, attempt)));
        assert_eq!(asked(tenant, SourceKind::Payments, 1), "failed false", "no folder is not an answer");
        let folder = root.join(tenant.to_string()).join(CODE);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("payments.json"), "[]").unwrap();
        let packed = File::create(folder.join("invoices_in.csv.gz")).unwrap();
        let mut packed = flate2::write::GzEncoder::new(packed, flate2::Compression::fast());
        packed.write_all(b"rows").unwrap();
        packed.finish().unwrap();
        std::fs::write(folder.join("invoices_out.csv.gz"), "not packed").unwrap();
        for (tenant, source, expected) in [
            (tenant, SourceKind::Payments, "[]"),
            (tenant, SourceKind::InvoicesIn, "rows"),
            (tenant, SourceKind::InvoicesOut, "failed false"),
            (tenant, SourceKind::Violations, "absent"),
            (other, SourceKind::Payments, "absent"),
        ] {
            assert_eq!(asked(tenant, source, 1), expected, "{source:?}");
        }
        let named_like_an_id = Ask { tenant_slug: tenant.to_string(), ..ask(other, SourceKind::Payments, 1) };
        assert_eq!(word(&read(&root, &named_like_an_id)), "absent", "a name never opens another tenant's folder");
        std::fs::write(folder.join(DRILL), "2\n").unwrap();
        let drill: Vec<String> = (1..=3).map(|attempt| asked(tenant, SourceKind::Payments, attempt)).collect();
        assert_eq!(drill, ["failed false", "failed false", "[]"]);
        std::fs::remove_dir_all(root).unwrap();
    }
}

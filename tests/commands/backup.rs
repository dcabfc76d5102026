//! A backup is made beside a server at work and restored where nothing is (promise 28): the same rows, the same files, whole
//! audit chains, and everybody logs in as before. What is damaged, foreign or in the way is refused before anything is written.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{Firm, Place, Server, on_postgres, read_file, zhidan};

/// A folder of its own for one test.
fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("zhidan-backup-{}", uuid::Uuid::now_v7()))
}

async fn restored(place: &Place, from: &Path) -> crate::support::Ran {
    zhidan(place.owner_settings("127.0.0.1:0"), &["restore", "--from", &from.display().to_string()]).await
}

/// The first file of a kind in a folder, however deep.
fn file_in(folder: &Path, end: &str) -> PathBuf {
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            match entry.is_dir() {
                true => open.push(entry),
                false if entry.display().to_string().ends_with(end) => return entry,
                false => {}
            }
        }
    }
    panic!("no file that ends with {end:?}")
}

fn bend(file: &Path) -> Vec<u8> {
    let whole = std::fs::read(file).expect("the file");
    let mut bent = whole.clone();
    let middle = bent.len() / 2;
    bent[middle] ^= 1;
    std::fs::write(file, bent).expect("written");
    whole
}

#[actix_web::test]
async fn a_backup_is_made_beside_a_server_at_work_and_restores() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "kept").await;
    let other = Firm::create_bare(&server, "second").await;
    let applicant = firm.applicant(&server, "13900000001").await;
    let application = firm.submitted(&server, &applicant, 0).await;
    server.work().await;
    let officer = firm.staff("executive");
    let before = officer.get(&format!("/v1/applications/{application}"), 200).await;
    let documents = applicant.get(&format!("/v1/my/applications/{application}/documents"), 200).await;
    let document = documents.text("/items/0/id");
    let path = format!("/v1/my/applications/{application}/documents/{document}/download");
    let (_, bytes) = read_file(&applicant.get(&path, 200).await).await;
    let to = folder();
    let name = to.display().to_string();
    // somebody works meanwhile
    let admin = firm.staff("administrator");
    let works = actix_web::rt::spawn(async move {
        for number in 0..20 {
            admin.post("/v1/departments", &json!({ "name": format!("部门{number}") }), 201).await;
        }
    });
    let ran = zhidan(server.owner_settings(), &["backup", "--to", &name]).await;
    assert!(ran.code == 0 && ran.out.contains("is a backup"), "{ran:?}");
    works.await.expect("nobody was disturbed");
    let again = zhidan(server.owner_settings(), &["backup", "--to", &name]).await;
    assert!(again.code == 1 && again.err.contains("is not empty"), "{again:?}");
    server.stop().await;

    let place = Place::empty().await;
    let ran = restored(&place, &to).await;
    assert!(ran.code == 0 && ran.out.contains("restored;"), "{ran:?}");
    let twice = restored(&place, &to).await;
    let reason = if on_postgres() { "holds 2 tenants" } else { "is there already" };
    assert!(twice.code == 1 && twice.err.contains(reason), "{twice:?}");
    let verified = zhidan(place.settings("127.0.0.1:0"), &["audit", "verify"]).await;
    assert!(verified.code == 0 && verified.out.contains("kept: whole"), "{verified:?}");
    let server = Server::start_in(place).await;
    let session = firm.log_in(&server, "executive", 200).await;
    let officer = server.with_token(&session.text("/access_token"));
    let after = officer.get(&format!("/v1/applications/{application}"), 200).await;
    assert_eq!(after.body, before.body);
    other.log_in(&server, "administrator", 200).await;
    server.app.clock.advance(chrono::Duration::minutes(2));
    let applicant = firm.applicant(&server, "13900000001").await;
    let (status, kept) = read_file(&applicant.get(&path, 200).await).await;
    assert!(status == 200 && kept == bytes, "the file is another");
    server.stop().await;
    let _ = std::fs::remove_dir_all(to);
}

#[actix_web::test]
async fn what_is_damaged_foreign_or_broken_off_is_refused_and_nothing_is_written() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "whole").await;
    let applicant = firm.applicant(&server, "13900000001").await;
    firm.submitted(&server, &applicant, 0).await;
    let to = folder();
    let ran = zhidan(server.owner_settings(), &["backup", "--to", &to.display().to_string()]).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    server.stop().await;
    let place = Place::empty().await;
    let refused = async |reason: &str| {
        let ran = restored(&place, &to).await;
        assert!(ran.code == 1 && ran.err.contains(reason), "{reason}: {ran:?}");
    };
    let rows = file_in(&to, if on_postgres() { "applications.jsonl.gz" } else { "zhidan.db" });
    for file in [rows, file_in(&to.join("objects"), "/1")] {
        let whole = bend(&file);
        let ran = restored(&place, &to).await;
        assert!(ran.code == 1 && !ran.out.contains("restored"), "{ran:?}");
        std::fs::write(file, whole).expect("mended");
    }
    let manifest = to.join("manifest.json");
    let text = std::fs::read_to_string(&manifest).expect("the manifest");
    let said: Value = serde_json::from_str(&text).expect("JSON");
    for (member, value, reason) in [
        ("form", json!(9), "of form 9"),
        ("database", json!("other"), "a backup of other"),
        ("master_keys", json!(["0011223344556677"]), "needs the master key 0011223344556677"),
        ("migrations", json!(["m9999_later"]), "of a later version"),
    ] {
        let mut bent = said.clone();
        bent[member] = value;
        std::fs::write(&manifest, bent.to_string()).expect("written");
        refused(reason).await;
    }
    std::fs::remove_file(&manifest).expect("removed");
    refused("broken off").await;
    std::fs::write(&manifest, text).expect("mended");
    assert_eq!(restored(&place, &to).await.code, 0);
    place.remove().await;
    let _ = std::fs::remove_dir_all(to);
}

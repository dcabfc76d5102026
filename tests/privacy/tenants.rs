//! A tenant leaves with all that is its own, and nothing of it stays.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Farmer, firm_copy};
use crate::canaries::search::db_columns;
use crate::support::{Firm, Server, db_count, on_postgres, zhidan};

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[actix_web::test]
async fn a_copy_of_a_tenant_is_whole_and_says_what_is_in_it() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "handed").await;
    let farmer = Farmer::applies(&server, &firm).await;
    let stranger = Farmer::drafts(&server, &Firm::create(&server, "stranger").await).await;
    let copy = firm_copy(&server, &firm).await;
    let manifest: Value = serde_json::from_slice(&copy["manifest.json"]).expect("JSON");
    let tables = manifest["tables"].as_object().expect("tables");
    assert!(tables.len() > 60, "{}", tables.len());
    for (table, said) in tables {
        let lines = &copy[&format!("rows/{table}.jsonl")];
        let count = lines.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(
            (json!(count), json!(sha256(lines)), json!(0)),
            (said["rows"].clone(), said["sha256"].clone(), said["unopened"].clone()),
            "{table}"
        );
        if table != "jobs" && table != "readings" {
            assert_eq!(db_count(&server, &firm, table).await, i64::try_from(count).expect("a count"), "{table}");
        }
    }
    let files = manifest["files"].as_array().expect("files");
    assert_eq!(files.len(), 2);
    for file in files {
        let bytes = &copy[&format!("files/{}", file["key"].as_str().expect("a key"))];
        assert_eq!((file["sha256"].clone(), file["bytes"].clone()), (json!(sha256(bytes)), json!(bytes.len())));
    }
    let text: String = copy.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
    for (what, canary) in farmer.mint.all() {
        assert!(text.contains(&canary), "{what}");
    }
    for (what, canary) in stranger.mint.all() {
        assert!(!text.contains(&canary), "{what} of another tenant");
    }
    // a file that is there is not written over
    let taken = std::env::temp_dir().join(format!("zhidan-taken-{}", uuid::Uuid::now_v7().simple()));
    std::fs::write(&taken, "taken").expect("a file");
    let path = taken.display().to_string();
    assert_eq!(zhidan(server.settings(), &["tenant", "export", &firm.slug, "--to", &path]).await.code, 1);
    assert_eq!(std::fs::read_to_string(&taken).expect("it"), "taken");
    std::fs::remove_file(&taken).expect("it is removed");
    server.stop().await;
}

#[actix_web::test]
async fn nothing_of_a_removed_tenant_stays_and_others_lose_nothing() {
    let server = Server::start().await;
    let (firm, stays) = (Firm::create(&server, "removed").await, Firm::create(&server, "stays").await);
    Farmer::is_approved(&server, &firm, 4_000_000).await;
    let other = Farmer::applies(&server, &stays).await;
    let remove = async |confirm: &str| {
        zhidan(server.owner_settings(), &["tenant", "remove", &firm.slug, "--confirm", confirm]).await
    };
    let ran = remove(&firm.slug).await;
    assert!(ran.code == 1 && ran.err.contains("suspend the tenant first"), "{ran:?}");
    let id = domain::id::shown_as("tenant", firm.tenant);
    let tenant = format!("/v1/platform/tenants/{id}");
    firm.operator.send(firm.operator.request(reqwest::Method::POST, &format!("{tenant}/suspend")), 200).await;
    assert_eq!(remove("stays").await.code, 1);
    if on_postgres() {
        let ran = zhidan(server.settings(), &["tenant", "remove", &firm.slug, "--confirm", &firm.slug]).await;
        assert!(ran.code == 1 && ran.err.contains("OWNER_URL"), "{ran:?}");
    }
    assert!(db_count(&server, &firm, "audit_entries").await > 10);
    let ran = remove(&firm.slug).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    let again = remove(&firm.slug).await;
    assert!(again.code == 0 && again.out.contains("0 rows and 0 files"), "{again:?}");
    let prefix = format!("{}/", firm.tenant);
    let bucket = api::platform::outside::storage::Bucket::Documents;
    let files = server.app.storage.list_older_than(bucket, &prefix, std::time::Duration::ZERO, 10);
    assert!(files.await.expect("a listing").is_empty());
    // its name is nobody's, it cannot come back, and the other goes on
    let body = json!({
        "slug": firm.slug, "name": "示例担保",
        "administrator": { "login_name": "administrator", "name": "示例管理员", "email": "a@b.example.com" },
    });
    assert_eq!(stays.operator.post("/v1/platform/tenants", &body, 409).await.code(), "slug_taken");
    let resumed =
        firm.operator.send(firm.operator.request(reqwest::Method::POST, &format!("{tenant}/resume")), 200).await;
    assert_eq!(resumed.text("/status"), "suspended");
    stays.staff("investigator").get(&format!("/v1/applications/{}", other.id), 200).await;
    let verified = zhidan(server.settings(), &["audit", "verify"]).await;
    assert!(verified.code == 0 && verified.out.contains("removed, its chain with it"), "{verified:?}");
    api::platform::jobs::plan(&server.app, &api::jobs::SCHEDULE).await.expect("a plan");
    assert_eq!(db_count(&server, &firm, "jobs").await, 0);
    // last, since it looks past the policies
    let needle = if on_postgres() { firm.tenant.to_string() } else { firm.tenant.simple().to_string() };
    let columns = db_columns(&server).await;
    let places: Vec<_> =
        columns.iter().filter(|(_, all)| all.contains(&needle)).map(|(place, _)| place.as_str()).collect();
    for place in &places {
        // the tombstone, and that its tokens do not count
        assert!(matches!(*place, "tenants.id" | "revocations.tenant_id" | "revocations.subject"), "{places:?}");
    }
    server.stop().await;
}

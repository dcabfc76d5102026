//! What stops a command is said once, with what to do about it, and nothing is changed before it is known.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;

use crate::support::{Place, be_read_no_more, zhidan};

/// The settings of a place, some of them replaced.
fn with(place: &Place, listen: &str, other: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut settings = place.settings(listen);
    settings.retain(|(name, _)| !other.iter().any(|(replaced, _)| replaced == name));
    settings.extend(other.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    settings
}

#[actix_web::test]
async fn a_database_that_is_not_there_is_named_with_the_cause() {
    let place = Place::fresh().await;
    // Nothing listens on port 1.
    let nowhere = "postgres://somebody@127.0.0.1:1/nothing";
    let other = [("ZHIDAN_DATABASE__URL", nowhere), ("ZHIDAN_DATABASE__OWNER_URL", nowhere)];
    let ran = zhidan(with(&place, "127.0.0.1:0", &other), &["serve"]).await;
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("PostgreSQL at 127.0.0.1:1"), "{}", ran.err);
    assert_eq!(ran.err.matches("refused").count(), 1, "{}", ran.err);
    place.remove().await;
}

#[actix_web::test]
async fn a_port_that_is_taken_is_found_before_anything_is_changed() {
    let place = Place::fresh().await;
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("its address").to_string();
    let folder = std::env::temp_dir().join(format!("zhidan-taken-{}", uuid::Uuid::now_v7()));
    let file = format!("sqlite://{}", folder.join("zhidan.db").display());
    let folder_text = folder.display().to_string();
    let other = [
        ("ZHIDAN_DATA_DIR", folder_text.as_str()),
        ("ZHIDAN_DATABASE__URL", file.as_str()),
        ("ZHIDAN_DATABASE__OWNER_URL", ""),
    ];
    let ran = zhidan(with(&place, &address, &other), &["serve"]).await;
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains(&address) && ran.err.contains("ZHIDAN_HTTP__LISTEN"), "{}", ran.err);
    assert!(!folder.join("zhidan.db").exists(), "the schema was made");
    let _ = std::fs::remove_dir_all(folder);
    place.remove().await;
}

#[actix_web::test]
async fn a_taken_name_is_told_without_the_databases_words() {
    let place = Place::fresh().await;
    let none = zhidan(place.settings("127.0.0.1:0"), &["audit", "verify"]).await;
    assert_eq!((none.code, none.out.trim()), (0, "there are no tenants, and so no audit chains"), "{none:?}");
    let create = ["tenant", "create", "--slug", "twice", "--name", "示例担保", "--admin-name", "示例管理员"];
    let create = [&create[..], &["--admin-email", "administrator@twice.example.com"]].concat();
    let first = zhidan(place.settings("127.0.0.1:0"), &create).await;
    assert_eq!(first.code, 0, "{first:?}");
    let again = zhidan(place.settings("127.0.0.1:0"), &create).await;
    assert_eq!(again.code, 1, "{again:?}");
    assert!(again.err.contains("/slug") && !again.err.to_lowercase().contains("unique"), "{}", again.err);
    place.remove().await;
}

#[actix_web::test]
async fn a_reader_that_goes_ends_a_command_and_no_more() {
    let place = Place::fresh().await;
    let settings = place.settings("127.0.0.1:0");
    let story = move || {
        let mut child = be_read_no_more(&settings, &["openapi"]);
        let mut out = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        while line.trim() != "{" {
            line.clear();
            assert!(out.read_line(&mut line).expect("its output") > 0, "the document was not begun");
        }
        drop(out);
        let mut err = String::new();
        child.stderr.take().expect("its errors").read_to_string(&mut err).expect("its errors");
        assert_eq!(child.wait().expect("it ends").code(), Some(141), "{err}");
        assert!(!err.contains("panicked"), "{err}");
    };
    tokio::task::spawn_blocking(story).await.expect("the story");
    place.remove().await;
}

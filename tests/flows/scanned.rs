//! Every file is shown to the operator's virus scanner before anybody may read it; while that cannot be asked, files wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Answer, Caller, Firm, Server, put_file};

const CLEAN: u8 = 0;
const FOUND: u8 = 1;
const TOO_LARGE: u8 = 2;
const SILENT: u8 = 3;

/// A daemon that says of every file what it is told to, and checks that it was shown all of it.
async fn daemon(mood: Arc<AtomicU8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address").to_string();
    actix_web::rt::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            answer(stream, mood.load(Ordering::Relaxed)).await;
        }
    });
    address
}

async fn answer(mut stream: TcpStream, mood: u8) {
    let mut head = [0; 10];
    stream.read_exact(&mut head).await.expect("a command");
    assert_eq!(&head, b"zINSTREAM\0");
    if mood == SILENT {
        return;
    }
    let mut all = vec![];
    loop {
        let length = stream.read_u32().await.expect("a length");
        if length == 0 {
            break;
        }
        let mut piece = vec![0; length as usize];
        stream.read_exact(&mut piece).await.expect("a piece");
        all.extend(piece);
    }
    assert_eq!(all, api::demonstration::SAMPLE_PDF, "all of the file");
    let said: &[u8] = match mood {
        CLEAN => b"stream: OK\0",
        FOUND => b"stream: Test-Signature FOUND\0",
        _ => b"INSTREAM size limit exceeded. ERROR\0",
    };
    stream.write_all(said).await.expect("it listens");
}

/// Uploads a small PDF, without finishing it; gives the document's path.
async fn put(applicant: &Caller, id: &str, item: &str) -> String {
    let pdf = api::demonstration::SAMPLE_PDF;
    let body =
        json!({ "item_key": item, "file_name": "示例.pdf", "media_type": "application/pdf", "bytes": pdf.len() });
    let started = applicant.post(&format!("/v1/my/applications/{id}/documents"), &body, 201).await;
    put_file(&started, pdf).await;
    format!("/v1/my/applications/{id}/documents/{}", started.text("/document/id"))
}

async fn finish(applicant: &Caller, path: &str, status: u16) -> Answer {
    applicant.post(&format!("{path}/finish"), &json!({}), status).await
}

#[actix_web::test]
async fn a_scanner_has_the_last_word_and_without_its_word_nothing_is_readable() {
    let mood = Arc::new(AtomicU8::new(CLEAN));
    let address = daemon(Arc::clone(&mood)).await;
    let server = Server::start_with(&[("ZHIDAN_CLAMD__ADDRESS", &address)]).await;
    let firm = Firm::create(&server, "scanned").await;
    let applicant = firm.applicant(&server, "13900000001").await;
    let (id, _) = firm.draft(&server, &applicant, 0).await;
    let clean = put(&applicant, &id, "business_licence").await;
    assert_eq!(finish(&applicant, &clean, 200).await.text("/state"), "ready");
    mood.store(FOUND, Ordering::Relaxed);
    let harmful = put(&applicant, &id, "business_licence").await;
    let refused = finish(&applicant, &harmful, 200).await;
    assert_eq!((refused.text("/state"), refused.text("/refusal/code")), ("rejected".into(), "malware".into()));
    let waiting = put(&applicant, &id, "business_licence").await;
    for unable in [TOO_LARGE, SILENT] {
        mood.store(unable, Ordering::Relaxed);
        let unable = finish(&applicant, &waiting, 503).await;
        assert!(unable.text("/detail").contains("文件已保留"), "{:#}", unable.body);
        assert_eq!(applicant.get(&format!("{waiting}/download"), 409).await.code(), "file_not_ready");
    }
    mood.store(CLEAN, Ordering::Relaxed);
    assert_eq!(finish(&applicant, &waiting, 200).await.text("/state"), "ready");
    server.stop().await;
}

//! The least that an authenticated answer can cost: a bare server that verifies the token's one signature and answers.

use std::net::TcpListener;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// Starts it with as many workers as the product, giving the same body; says where it listens.
pub fn start(public_key: &[u8], body: Vec<u8>, workers: usize) -> (String, actix_web::dev::ServerHandle) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    let state = web::Data::new((public_key.to_vec(), body));
    let server =
        HttpServer::new(move || App::new().app_data(state.clone()).route("/v1/session", web::get().to(answer)))
            .workers(workers)
            .tcp_nodelay(true)
            .disable_signals()
            .listen(listener)
            .expect("it listens")
            .run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    (url, handle)
}

async fn answer(request: HttpRequest, state: web::Data<(Vec<u8>, Vec<u8>)>) -> HttpResponse {
    let (key, body) = state.get_ref();
    let token =
        request.headers().get("authorization").and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    let good = token.and_then(|token| token.rsplit_once('.')).is_some_and(|(signed, signature)| {
        BASE64_URL_SAFE_NO_PAD
            .decode(signature)
            .is_ok_and(|signature| UnparsedPublicKey::new(&ED25519, key).verify(signed.as_bytes(), &signature).is_ok())
    });
    if good {
        HttpResponse::Ok().content_type("application/json").body(body.clone())
    } else {
        HttpResponse::Unauthorized().finish()
    }
}

//! `zhidan demo`: the whole story through the HTTP API, on a server of its own or on a running one.

mod apply;
mod client;
mod decide;
mod limits;
mod machines;
mod stage;

use std::path::PathBuf;
use std::time::Instant;

use client::Actor;
use stage::Stage;

/// Where the story is played.
#[derive(Debug, clap::Args)]
pub struct DemoArguments {
    /// A running server; without it one is started on a free port with a temporary data folder
    #[arg(long)]
    url: Option<String>,
    /// The running server's data folder, for the demonstration's keys and sample data
    #[arg(long, default_value = "./data", requires = "url")]
    data_dir: PathBuf,
    /// The running server's log, where SMS codes appear
    #[arg(long, requires = "url")]
    log: Option<PathBuf>,
}

/// Plays the story.
///
/// # Errors
/// The first answer that is not what it should be.
pub fn demo(arguments: DemoArguments) -> anyhow::Result<()> {
    actix_web::rt::System::new().block_on(async move {
        let started = Instant::now();
        let stage = match arguments.url {
            None => Stage::own().await?,
            Some(url) => Stage::running(url, arguments.data_dir, arguments.log)?,
        };
        let outcome = play(&stage).await;
        stage.clear().await;
        outcome?;
        println!("\n全部步骤符合预期，用时{:.1}秒。", started.elapsed().as_secs_f64());
        Ok(())
    })
}

async fn play(stage: &Stage) -> anyhow::Result<()> {
    let anyone = Actor::new(&stage.url, "访客")?;
    println!("智担演示 · {}\n", stage.url);
    println!("一、平台与机构");
    decide::tenant(stage, &anyone).await?;
    let cast = decide::staff(stage, &anyone).await?;
    println!("二、政策与登录");
    apply::policies(&anyone).await?;
    let applicant = apply::log_in(stage, &anyone).await?;
    println!("三、申请、资料与授权");
    let application = apply::fill_in_and_submit(stage, &anyone, &applicant, 0).await?;
    println!("四、采集与评分");
    applicant
        .until("等待采集、评分与分派", &format!("/v1/my/applications/{application}"), |b| {
            b["state"] == "investigating"
        })
        .await?;
    println!("五、调查、退回、补正");
    decide::investigate(&cast, &applicant, &application).await?;
    println!("六、审查与审批");
    decide::approve(&cast, &applicant, &application).await?;
    println!("七、授信额度：拆分、用款、触及监管上限、再次用款");
    limits::play(&cast, &applicant, &application).await?;
    println!("八、设备：数据接入、运行状态与使用率、评分、监控、报警");
    machines::play(&cast, &Actor::new(&stage.url, "车间网关")?, crate::demonstration::SLUG).await?;
    println!("九、自动拒绝与人工复核");
    let refused = apply::fill_in_and_submit(stage, &anyone, &applicant, 2).await?;
    decide::contest(&cast, &applicant, &refused).await
}

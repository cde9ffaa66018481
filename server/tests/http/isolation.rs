//! Resources of another organization look as if they did not exist.

use domain::ids::{ExperimentId, ProjectId};
use domain::{Description, Name};
use http::{Request, StatusCode};
use tracker::NewExperiment;

use crate::test_server::{Caller, TestResponse, TestServer};

/// Creates a project and an experiment of the owner. Returns the ids of organization, project and experiment.
async fn create_resources(server: &TestServer, owner: &str) -> (String, ProjectId, ExperimentId) {
    let tracker = server.tracker();
    let actor = tracker.actor_by_session(owner).await.unwrap().unwrap();
    let organization = tracker.organizations(&actor).await.unwrap()[0].id;
    let name = Name::parse("signs").unwrap();
    let project = tracker.create_project(&actor, organization, &name, &Description::default()).await.unwrap();
    let new = NewExperiment { name, description: Description::default() };
    let experiment = tracker.create_experiment(&actor, project, &new).await.unwrap();
    (organization.to_string(), project, experiment)
}

async fn get_page(server: &TestServer, path: &str, session: &str) -> TestResponse {
    let mut request = Request::get(path).header("accept", "text/html");
    request.headers_mut().unwrap().extend(Caller::with_cookie("", session).headers);
    server.send(request, "").await
}

async fn post_form(server: &TestServer, path: &str, session: &str, form: String) -> TestResponse {
    let mut request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json")
        .header("origin", "http://localhost:3000");
    request.headers_mut().unwrap().extend(Caller::with_cookie("", session).headers);
    server.send(request, form).await
}

#[tokio::test]
async fn pages_of_another_organization_are_not_found() {
    let server = TestServer::new().await;
    let (owner, outsider) = (server.owner().await, server.outsider().await);
    let (organization, project, experiment) = create_resources(&server, &owner).await;
    let mut pages = vec![format!("/organization/{organization}"), format!("/project/{project}")];
    for tab in ["logs", "artifacts", "evaluation", "telemetry", "settings"] {
        pages.push(format!("/experiment/{experiment}/{tab}"));
    }
    for page in pages {
        assert_eq!(get_page(&server, &page, &owner).await.status, StatusCode::OK, "{page}");
        let rejected = get_page(&server, &page, &outsider).await;
        assert_eq!(rejected.status, StatusCode::NOT_FOUND, "{page}");
        assert!(!rejected.body.contains("signs"), "{page} contains a name");
    }
}

#[tokio::test]
async fn forms_cannot_change_another_organization() {
    let server = TestServer::new().await;
    let (owner, outsider, viewer) = (server.owner().await, server.outsider().await, server.viewer().await);
    let (organization, project, experiment) = create_resources(&server, &owner).await;
    let forms = [
        ("/fn/projects/create", format!("organization={organization}&name=mine&description=")),
        ("/fn/project/edit", format!("id={project}&name=mine&description=")),
        ("/fn/project/delete", format!("id={project}&confirm=signs")),
        ("/fn/experiments/create", format!("project={project}&name=mine&description=")),
        ("/fn/experiment/edit", format!("id={experiment}&name=mine&description=&version=1")),
        ("/fn/experiment/delete", format!("id={experiment}&confirm=signs")),
    ];
    for (path, form) in forms {
        let rejected = post_form(&server, path, &outsider, form.clone()).await;
        assert_eq!(rejected.status, StatusCode::NOT_FOUND, "{path}: {}", rejected.body);
        let rejected = post_form(&server, path, &viewer, form).await;
        assert_eq!(rejected.status, StatusCode::FORBIDDEN, "{path}: {}", rejected.body);
    }
    assert!(get_page(&server, &format!("/experiment/{experiment}/logs"), &owner).await.body.contains("signs"));
}

//! What belongs to another organization answers exactly as if it did not exist.

use domain::ids::{ExperimentId, ProjectId};
use domain::{Description, Name};
use http::{Request, StatusCode};
use tracker::NewExperiment;

use crate::house::{Answer, Caller, House};

/// A project and an experiment of the owner's, and their organization's page.
async fn belongings(house: &House, owner: &str) -> (String, ProjectId, ExperimentId) {
    let tracker = &house.server.tracker;
    let who = tracker.actor_by_session(owner).await.unwrap().unwrap();
    let organization = tracker.organizations(&who).await.unwrap()[0].id;
    let name = Name::parse("signs").unwrap();
    let project = tracker.create_project(&who, organization, &name, &Description::default()).await.unwrap();
    let new = NewExperiment { name, description: Description::default() };
    let experiment = tracker.create_experiment(&who, project, &new).await.unwrap();
    (organization.to_string(), project, experiment)
}

async fn get(house: &House, path: &str, session: &str) -> Answer {
    let mut request = Request::get(path).header("accept", "text/html");
    request.headers_mut().unwrap().extend(Caller::with_cookie("", session).headers);
    house.ask(request, "").await
}

async fn post(house: &House, path: &str, session: &str, form: String) -> Answer {
    let mut request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json")
        .header("origin", "http://localhost:3000");
    request.headers_mut().unwrap().extend(Caller::with_cookie("", session).headers);
    house.ask(request, form).await
}

#[tokio::test]
async fn pages_of_others_are_not_found() {
    let house = House::empty().await;
    let (owner, outsider) = (house.owner().await, house.outsider().await);
    let (organization, project, experiment) = belongings(&house, &owner).await;
    let mut pages = vec![format!("/organization/{organization}"), format!("/project/{project}")];
    for tab in ["logs", "artifacts", "evaluation", "telemetry", "settings"] {
        pages.push(format!("/experiment/{experiment}/{tab}"));
    }
    for page in pages {
        assert_eq!(get(&house, &page, &owner).await.status, StatusCode::OK, "{page}");
        let refused = get(&house, &page, &outsider).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{page}");
        assert!(!refused.body.contains("signs"), "{page} tells a name");
    }
}

#[tokio::test]
async fn forms_of_others_change_nothing() {
    let house = House::empty().await;
    let (owner, outsider, viewer) = (house.owner().await, house.outsider().await, house.viewer().await);
    let (organization, project, experiment) = belongings(&house, &owner).await;
    let forms = [
        ("/fn/projects/create", format!("organization={organization}&name=mine&description=")),
        ("/fn/project/edit", format!("id={project}&name=mine&description=")),
        ("/fn/project/delete", format!("id={project}&confirm=signs")),
        ("/fn/experiments/create", format!("project={project}&name=mine&description=")),
        ("/fn/experiment/edit", format!("id={experiment}&name=mine&description=&version=1")),
        ("/fn/experiment/delete", format!("id={experiment}&confirm=signs")),
    ];
    for (path, form) in forms {
        let refused = post(&house, path, &outsider, form.clone()).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{path}: {}", refused.body);
        let refused = post(&house, path, &viewer, form).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}: {}", refused.body);
    }
    assert!(get(&house, &format!("/experiment/{experiment}/logs"), &owner).await.body.contains("signs"));
}
